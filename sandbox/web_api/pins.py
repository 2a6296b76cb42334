"""pins.*"""

from typing import Any

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.messages import Message
from sandbox.rate_limits import Tier
from sandbox.rendering import past_message
from sandbox.web_api.registry import Call, method
from sandbox.workspace import Conversation


@method("pins.add", Tier.TWO, scope="pins:write")
def pins_add(call: Call) -> dict[str, Any]:
    conversation, message = _pinnable(call)
    if message.pinned_by:
        raise SlackError("already_pinned")
    message.pinned_by = call.bot
    _tell(call, conversation, message, "pin_added")
    return {}


@method("pins.remove", Tier.TWO, scope="pins:write")
def pins_remove(call: Call) -> dict[str, Any]:
    conversation, message = _pinnable(call)
    if not message.pinned_by:
        raise SlackError("no_pin")
    message.pinned_by = None
    _tell(call, conversation, message, "pin_removed")
    return {}


@method("pins.list", Tier.TWO, scope="pins:read")
def pins_list(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    return {
        "items": [
            _item(call, conversation, one)
            for one in call.slack.messages.history(conversation.id)
            if one.pinned_by
        ]
    }


def _pinnable(call: Call) -> tuple[Conversation, Message]:
    conversation = call.conversation()
    if call.bot not in conversation.members:
        raise SlackError("not_in_channel")
    if not call.args.text("timestamp"):
        raise SlackError("no_item_specified")
    return conversation, call.slack.messages.find(conversation.id, call.args.required("timestamp"))


def _item(call: Call, conversation: Conversation, message: Message) -> dict[str, Any]:
    shown = past_message(call.slack, message, with_metadata=False)
    return {"type": "message", "channel": conversation.id, "created_by": message.pinned_by, "message": shown}


def _tell(call: Call, conversation: Conversation, message: Message, event: str) -> None:
    posting.show_again(call.slack, message)
    ts = call.slack.timestamps.next()
    item = _item(call, conversation, message)
    about = {"type": event, "user": call.bot, "channel_id": conversation.id, "item": item, "event_ts": ts}
    call.slack.events.in_channel(conversation, about)
