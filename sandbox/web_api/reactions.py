"""reactions.*"""

from typing import Any

from sandbox import reactions
from sandbox.errors import SlackError
from sandbox.messages import Message
from sandbox.rate_limits import Tier
from sandbox.rendering import past_message
from sandbox.web_api.registry import Call, method


@method("reactions.add", Tier.THREE, scope="reactions:write")
def reactions_add(call: Call) -> dict[str, Any]:
    reactions.add(call.slack, _message(call), call.bot, call.args.required("name").strip(":"))
    return {}


@method("reactions.remove", Tier.TWO, scope="reactions:write")
def reactions_remove(call: Call) -> dict[str, Any]:
    reactions.remove(call.slack, _message(call), call.bot, call.args.required("name").strip(":"))
    return {}


@method("reactions.get", Tier.THREE, scope="reactions:read")
def reactions_get(call: Call) -> dict[str, Any]:
    message = _message(call)
    shown = past_message(call.slack, message, with_metadata=False)
    return {"type": "message", "channel": message.channel, "message": shown}


def _message(call: Call) -> Message:
    if not call.args.text("channel") or not call.args.text("timestamp"):
        raise SlackError("no_item_specified")
    conversation = call.conversation()
    if call.bot not in conversation.members:
        raise SlackError("not_in_channel")
    return call.slack.messages.find(conversation.id, call.args.required("timestamp"))
