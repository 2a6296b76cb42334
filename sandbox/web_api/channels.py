"""conversations.*, as far as they change channels: made, joined, left, named, archived."""

from typing import Any

from sandbox import channels
from sandbox.errors import SlackError
from sandbox.page_conversations import announce_to
from sandbox.rate_limits import Tier
from sandbox.web_api.conversations import conversation_object
from sandbox.web_api.registry import Call, method
from sandbox.workspace import Conversation

MOST_INVITED = 1000
# Scopes that let a bot change a channel, by its kind: the broad one, and one for the purpose alone.
MANAGE = {"channel": "channels:manage", "private": "groups:write"}
INVITE = {"channel": "channels:write.invites", "private": "groups:write.invites"}
TOPIC = {"channel": "channels:write.topic", "private": "groups:write.topic"}


@method("conversations.create", Tier.TWO)
def conversations_create(call: Call) -> dict[str, Any]:
    private = call.args.flag("is_private")
    call.require_scope(MANAGE["private" if private else "channel"])
    name = call.args.text("name") or ""
    made = channels.create(call.slack, call.bot, name, private=private, members=[call.bot])
    return {"channel": conversation_object(call, made)}


@method("conversations.join", Tier.THREE, scope="channels:join")
def conversations_join(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    if conversation.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if conversation.archived:
        raise SlackError("is_archived")
    already = call.bot in conversation.members
    if not already:
        channels.join(call.slack, conversation, call.bot)
    answer: dict[str, Any] = {"channel": conversation_object(call, conversation)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


@method("conversations.invite", Tier.THREE)
def conversations_invite(call: Call) -> dict[str, Any]:
    conversation = _channel(call, INVITE)
    if conversation.archived:
        raise SlackError("is_archived")
    users = [one.strip() for one in call.args.required("users").split(",") if one.strip()]
    if len(users) > MOST_INVITED:
        raise SlackError("too_many_users")
    problems = {one: problem for one in users if (problem := _cannot_be_invited(call, conversation, one))}
    if problems and not call.args.flag("force"):
        told = [{"user": one, "ok": False, "error": problem} for one, problem in problems.items()]
        raise SlackError(next(iter(problems.values())), errors=told)
    for one in users:
        if one not in problems:
            channels.join(call.slack, conversation, one, inviter=call.bot)
    return {"channel": conversation_object(call, conversation)}


def _cannot_be_invited(call: Call, conversation: Conversation, user_id: str) -> str | None:
    user = call.slack.workspace.users.get(user_id)
    if user is None or user.deleted:
        return "user_not_found"
    if user_id == call.bot:
        return "cant_invite_self"
    if user_id in conversation.members:
        return "already_in_channel"
    return None if channels.may_join(call.slack, conversation, user) else "cant_invite"


@method("conversations.kick", Tier.THREE)
def conversations_kick(call: Call) -> dict[str, Any]:
    conversation = _channel(call)
    user = call.slack.workspace.user(call.args.required("user")).id
    if user == call.bot:
        raise SlackError("cant_kick_self")
    if conversation.is_general:
        raise SlackError("cant_kick_from_general")
    channels.leave(call.slack, conversation, user, removed_by=call.bot)
    return {}


@method("conversations.leave", Tier.THREE)
def conversations_leave(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    _require(call, conversation, {"channel": "channels:join"})
    if conversation.is_general:
        raise SlackError("cant_leave_general")
    if call.bot not in conversation.members:
        return {"not_in_channel": True}
    if conversation.kind == "private" and len(conversation.members) == 1:
        raise SlackError("last_member")
    channels.leave(call.slack, conversation, call.bot)
    return {}


@method("conversations.rename", Tier.TWO)
def conversations_rename(call: Call) -> dict[str, Any]:
    conversation = _channel(call)
    if conversation.creator != call.bot:
        raise SlackError("not_authorized")
    channels.rename(call.slack, conversation, call.args.text("name") or "", call.bot)
    return {"channel": conversation_object(call, conversation)}


@method("conversations.setTopic", Tier.TWO)
def conversations_set_topic(call: Call) -> dict[str, Any]:
    conversation = _channel(call, TOPIC)
    channels.set_topic(call.slack, conversation, call.args.text("topic") or "", call.bot)
    return {"channel": conversation_object(call, conversation)}


@method("conversations.setPurpose", Tier.TWO)
def conversations_set_purpose(call: Call) -> dict[str, Any]:
    conversation = _channel(call, TOPIC)
    channels.set_purpose(call.slack, conversation, call.args.text("purpose") or "", call.bot)
    return {"channel": conversation_object(call, conversation)}


@method("conversations.archive", Tier.TWO)
def conversations_archive(call: Call) -> dict[str, Any]:
    conversation = _channel(call)
    if conversation.is_general:
        raise SlackError("cant_archive_general")
    channels.archive(call.slack, conversation, call.bot)
    return {}


@method("conversations.unarchive", Tier.TWO)
def conversations_unarchive(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    _require(call, conversation)
    channels.unarchive(call.slack, conversation, call.bot)
    return {}


@method("conversations.close", Tier.TWO)
def conversations_close(call: Call) -> dict[str, Any]:
    """A direct message is shut in the bot's own list, which nobody looks at."""
    conversation = call.conversation()
    if conversation.kind not in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")
    call.require_scope(f"{conversation.kind}:write")
    return {}


@method("conversations.mark", Tier.THREE)
def conversations_mark(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    _require(call, conversation, {"im": "im:write", "mpim": "mpim:write"})
    if call.bot not in conversation.members:
        raise SlackError("not_in_channel")
    conversation.read_up_to[call.bot] = call.args.required("ts")
    announce_to(call.slack, conversation, call.bot)
    return {}


def _channel(call: Call, or_by: dict[str, str] | None = None) -> Conversation:
    """A channel that the bot is in and may change, by the scope for all of that or the one named."""
    conversation = call.conversation()
    _require(call, conversation, or_by)
    if call.bot not in conversation.members:
        raise SlackError("not_in_channel")
    return conversation


def _require(call: Call, conversation: Conversation, or_by: dict[str, str] | None = None) -> None:
    scopes = [by_kind[conversation.kind] for by_kind in (MANAGE, or_by or {}) if conversation.kind in by_kind]
    if not scopes:
        raise SlackError("method_not_supported_for_channel_type")
    call.require_scope(*scopes)
