"""A message is posted, changed or deleted: kept, shown in the open pages, and told to the app."""

from collections.abc import Iterable
from typing import Any

from sandbox import rendering
from sandbox.messages import Message
from sandbox.slack import Slack
from sandbox.workspace import Conversation


def onlookers(slack: Slack, conversation: Conversation) -> Iterable[str]:
    """Who may see a conversation in the page."""
    return [one for one in slack.workspace.users if slack.workspace.sees(one, conversation)]


def post(slack: Slack, conversation: Conversation, message: Message) -> Message:
    slack.messages.add(message)
    _show(slack, conversation, "message", message)
    slack.events.message(conversation, rendering.message_event(slack, message, conversation))
    return message


def post_ephemeral(slack: Slack, message: Message) -> Message:
    """Show a message to the one person it is for; nobody else hears of it, the app neither."""
    slack.messages.add(message)
    _show(slack, slack.workspace.conversations[message.channel], "ephemeral", message)
    return message


def edit(slack: Slack, message: Message, **changes: Any) -> None:
    """Change what a message says."""
    conversation = slack.workspace.conversations[message.channel]
    before = rendering.past_message(slack, message, with_metadata=False)
    for name, value in changes.items():
        setattr(message, name, value)
    _show(slack, conversation, "message_changed", message)
    if message.only_for is None:
        changed = {
            "subtype": "message_changed",
            "message": rendering.past_message(slack, message, with_metadata=False),
            "previous_message": before,
        }
        slack.events.message(conversation, rendering.hidden_event(slack, conversation, changed))


def show_again(slack: Slack, message: Message) -> None:
    """Something about a message is different, though not what it says."""
    _show(slack, slack.workspace.conversations[message.channel], "message_changed", message)


def delete(slack: Slack, message: Message) -> None:
    slack.messages.remove(message)
    conversation = slack.workspace.conversations[message.channel]
    _show(slack, conversation, "message_deleted", message)
    if message.only_for is None:
        deleted = {
            "subtype": "message_deleted",
            "deleted_ts": message.ts,
            "previous_message": rendering.past_message(slack, message, with_metadata=False),
        }
        slack.events.message(conversation, rendering.hidden_event(slack, conversation, deleted))


def _show(slack: Slack, conversation: Conversation, kind: str, message: Message) -> None:
    readers = [message.only_for] if message.only_for else onlookers(slack, conversation)
    event: dict[str, Any] = {
        "type": kind,
        "channel": conversation.id,
        "message": rendering.page_message(slack, message),
    }
    slack.page.to(readers, event)
