"""Conversations as the page lists them for one person."""

from typing import Any

from sandbox.slack import Slack
from sandbox.workspace import Conversation


def page_conversation(slack: Slack, conversation: Conversation, user_id: str) -> dict[str, Any]:
    """One entry of /page/conversations; the direct message with the bot has the kind `app`."""
    app = slack.workspace.app
    is_direct = conversation.kind == "im"
    other = conversation.other_side(user_id)
    name = conversation.name
    if is_direct:
        name = app.name if other == app.bot_user_id else slack.workspace.users[other].real_name
    entry: dict[str, Any] = {
        "id": conversation.id,
        "kind": "app" if is_direct and app.bot_user_id in conversation.members else conversation.kind,
        "name": name,
        "topic": conversation.topic,
        "shared": conversation.shared,
        "archived": conversation.archived,
        "members": sorted(conversation.members),
        "unread": slack.messages.unread(conversation.id, user_id, conversation.read_up_to.get(user_id, "")),
        "last_ts": slack.messages.last_ts(conversation.id, user_id),
    }
    return entry | ({"user": other} if is_direct else {})


def page_conversations(slack: Slack, user_id: str) -> list[dict[str, Any]]:
    return [
        page_conversation(slack, one, user_id)
        for one in slack.workspace.conversations.values()
        if slack.workspace.sees(user_id, one)
    ]


def announce_conversation(slack: Slack, conversation: Conversation) -> None:
    """Tell the open pages of everyone who may see it that a conversation is new or has changed."""
    for user_id in slack.workspace.users:
        if slack.workspace.sees(user_id, conversation):
            announce_to(slack, conversation, user_id)


def announce_to(slack: Slack, conversation: Conversation, user_id: str) -> None:
    entry = page_conversation(slack, conversation, user_id)
    slack.page.to([user_id], {"type": "conversation", "conversation": entry})


def announce_gone(slack: Slack, conversation: Conversation, user_id: str) -> None:
    """Tell a person's open pages that a conversation is there no more, if that is so."""
    if not slack.workspace.sees(user_id, conversation):
        slack.page.to([user_id], {"type": "conversation_gone", "channel": conversation.id})
