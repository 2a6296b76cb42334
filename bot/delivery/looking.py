"""Is the message there already? Asked where a worker died, or Slack's reply was lost, after the request."""

from typing import Any

from slack_sdk import WebClient

from bot.delivery.paging import pages

EVENT_TYPE = "pacesetter_post"
CLOCKS_DIFFER_BY_S = 120
"""The database's clock and Slack's: the search begins as much earlier."""


def metadata(key: str) -> dict[str, Any]:
    """What a message carries so that it can be found again: the opaque key and nothing else."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def find_message(
    client: WebClient, channel: str, key: str, since_ms: int, thread_ts: str | None = None
) -> str | None:
    """The ts of the message with this key, posted after `since_ms` (milliseconds since 1970), or None.

    Raises SlackProblem.
    """
    method = "conversations.replies" if thread_ts else "conversations.history"
    thread = {"ts": thread_ts} if thread_ts else {}
    oldest = f"{since_ms / 1000 - CLOCKS_DIFFER_BY_S:.6f}"
    for page in pages(client, method, channel=channel, oldest=oldest, include_all_metadata=True, **thread):
        for message in page["messages"]:
            if _key_of(message) == key:
                return str(message["ts"])
    return None


def _key_of(message: dict[str, Any]) -> str | None:
    carried = message.get("metadata") or {}
    if carried.get("event_type") != EVENT_TYPE:
        return None
    key: str | None = carried.get("event_payload", {}).get("key")
    return key
