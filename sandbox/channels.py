"""What happens to channels and their members: kept, noted there, shown in the pages, told to the app."""

import re
from collections.abc import Iterable
from typing import Any

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.messages import Message
from sandbox.page_conversations import announce_conversation, announce_gone
from sandbox.slack import Slack
from sandbox.workspace import Conversation, User

LONGEST_NAME = 80
LONGEST_TOPIC = 250


def create(
    slack: Slack, creator: str, name: str, *, private: bool, members: Iterable[str] = (), topic: str = ""
) -> Conversation:
    """Make a channel. Raises SlackError for a name that is no name, or somebody else's."""
    made = slack.workspace.add_conversation(
        "private" if private else "channel",
        members,
        name=_checked_name(slack, name),
        topic=topic,
        creator=creator,
    )
    announce_conversation(slack, made)
    if not private:
        about = {"id": made.id, "name": made.name, "created": made.created, "creator": creator}
        slack.events.send({"type": "channel_created", "channel": about, "event_ts": slack.timestamps.next()})
    return made


def join(slack: Slack, conversation: Conversation, user: str, *, inviter: str | None = None) -> None:
    """Take somebody in. Raises SlackError for a stranger whose workspace does not share the channel."""
    if conversation.archived:
        raise SlackError("is_archived")
    if not may_join(slack, conversation, slack.workspace.user(user)):
        raise SlackError("cant_invite")
    if user in conversation.members:
        raise SlackError("already_in_channel")
    conversation.members.add(user)
    announce_conversation(slack, conversation)
    by = {"inviter": inviter} if inviter not in (None, user) else {}
    _note(slack, conversation, user, "join", f"<@{user}> has joined the {_word(conversation)}", **by)
    event = {"type": "member_joined_channel", "user": user, **_where(slack, conversation), **by}
    slack.events.in_channel(conversation, event)


def may_join(slack: Slack, conversation: Conversation, user: User) -> bool:
    """People of other workspaces only where the channel is shared with theirs."""
    return not slack.workspace.is_stranger(user) or user.team_id in conversation.shared_with


def leave(slack: Slack, conversation: Conversation, user: str, *, removed_by: str | None = None) -> None:
    """Somebody goes, or is taken out."""
    if user not in conversation.members:
        raise SlackError("not_in_channel")
    was_heard = slack.workspace.app.bot_user_id in conversation.members
    conversation.members.remove(user)
    announce_conversation(slack, conversation)
    announce_gone(slack, conversation, user)
    _note(slack, conversation, user, "leave", f"<@{user}> has left the {_word(conversation)}")
    if user == slack.workspace.app.bot_user_id:
        slack.events.send(
            {
                "type": _event_name(conversation, "left"),
                "channel": conversation.id,
                "actor_id": removed_by or user,
                "event_ts": slack.timestamps.next(),
            }
        )
    elif was_heard:
        event = {"type": "member_left_channel", "user": user, **_where(slack, conversation)}
        slack.events.in_channel(conversation, event)


def rename(slack: Slack, conversation: Conversation, name: str, user: str) -> None:
    old, conversation.name = conversation.name, _checked_name(slack, name, of=conversation)
    announce_conversation(slack, conversation)
    text = f"<@{user}> has renamed the {_word(conversation)} from “{old}” to “{name}”"
    _note(slack, conversation, user, "name", text, old_name=old, name=name)
    about = {"id": conversation.id, "name": name, "name_normalized": name, "created": conversation.created}
    _tell(slack, conversation, "rename", channel=about)


def set_topic(slack: Slack, conversation: Conversation, topic: str, user: str) -> None:
    conversation.topic = _checked_length(topic)
    announce_conversation(slack, conversation)
    text = f"<@{user}> set the channel topic: {topic}"
    _note(slack, conversation, user, "topic", text, topic=topic)


def set_purpose(slack: Slack, conversation: Conversation, purpose: str, user: str) -> None:
    conversation.purpose = _checked_length(purpose)
    announce_conversation(slack, conversation)
    text = f"<@{user}> set the channel purpose: {purpose}"
    _note(slack, conversation, user, "purpose", text, purpose=purpose)


def archive(slack: Slack, conversation: Conversation, user: str) -> None:
    if conversation.archived:
        raise SlackError("already_archived")
    _note(slack, conversation, user, "archive", f"<@{user}> archived the channel")
    conversation.archived = True
    announce_conversation(slack, conversation)
    _tell(slack, conversation, "archive", channel=conversation.id, user=user)


def unarchive(slack: Slack, conversation: Conversation, user: str) -> None:
    if not conversation.archived:
        raise SlackError("not_archived")
    conversation.archived = False
    announce_conversation(slack, conversation)
    _note(slack, conversation, user, "unarchive", f"<@{user}> un-archived the channel")
    _tell(slack, conversation, "unarchive", channel=conversation.id, user=user)


def _checked_name(slack: Slack, name: str, of: Conversation | None = None) -> str:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if not re.search(r"\w", name.replace("_", "")):
        raise SlackError("invalid_name_punctuation")
    if slack.workspace.channel_named(name) not in (None, of):
        raise SlackError("name_taken")
    return name


def _checked_length(text: str) -> str:
    if len(text) > LONGEST_TOPIC:
        raise SlackError("too_long")
    return text


def _note(slack: Slack, conversation: Conversation, user: str, what: str, text: str, **more: Any) -> None:
    """What happened, as a line in the channel itself."""
    message = Message(
        ts=slack.timestamps.next(),
        channel=conversation.id,
        user=user,
        text=text,
        subtype=_event_name(conversation, what),
        details=more,
    )
    posting.post(slack, conversation, message)


def _tell(slack: Slack, conversation: Conversation, what: str, **about: Any) -> None:
    """The event of a channel; of a private one only to an app that is in it."""
    event = {"type": _event_name(conversation, what), **about, "event_ts": slack.timestamps.next()}
    if conversation.kind == "channel":
        slack.events.send(event)
    else:
        slack.events.in_channel(conversation, event)


def _event_name(conversation: Conversation, what: str) -> str:
    return f"{'channel' if conversation.kind == 'channel' else 'group'}_{what}"


def _where(slack: Slack, conversation: Conversation) -> dict[str, Any]:
    return {
        "channel": conversation.id,
        "channel_type": "C" if conversation.kind == "channel" else "G",
        "team": slack.workspace.team.id,
        "event_ts": slack.timestamps.next(),
    }


def _word(conversation: Conversation) -> str:
    return "channel" if conversation.kind == "channel" else "group"
