"""emoji.*"""

from typing import Any

from sandbox.rate_limits import Tier
from sandbox.web_api.registry import Call, method


@method("emoji.list", Tier.TWO, scope="emoji:read")
def emoji_list(call: Call) -> dict[str, Any]:
    """The workspace's own emoji, of which there are none."""
    return {"emoji": {}, "cache_ts": f"{call.slack.clock():.6f}"}
