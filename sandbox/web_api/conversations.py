"""conversations.*"""

from typing import Any

from sandbox import rendering
from sandbox.errors import SlackError
from sandbox.messages import Message
from sandbox.page_conversations import announce_conversation
from sandbox.rate_limits import Tier
from sandbox.web_api.cursors import page_of
from sandbox.web_api.registry import SCOPE_PREFIX, Call, method
from sandbox.workspace import Conversation, Kind

KINDS: dict[str, Kind] = {
    "public_channel": "channel",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def conversation_object(call: Call, conversation: Conversation) -> dict[str, Any]:
    team = call.slack.workspace.team.id
    shown: dict[str, Any] = {
        "id": conversation.id,
        "created": conversation.created,
        "is_archived": conversation.archived,
        "is_im": conversation.kind == "im",
        "is_org_shared": False,
        "context_team_id": team,
        "updated": conversation.created * 1000,
    }
    if conversation.kind == "im":
        return shown | {"user": conversation.other_side(call.bot), "is_user_deleted": False, "priority": 0}
    topic = {"value": conversation.topic, "creator": conversation.creator, "last_set": conversation.created}
    return shown | {
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": conversation.kind == "channel",
        "is_group": conversation.kind == "private",
        "is_mpim": conversation.kind == "mpim",
        "is_private": conversation.kind != "channel",
        "is_general": conversation.is_general,
        "is_shared": conversation.shared,
        "is_ext_shared": conversation.shared,
        "is_pending_ext_shared": False,
        "is_member": call.bot in conversation.members,
        "creator": conversation.creator,
        "unlinked": 0,
        "topic": topic,
        "purpose": {"value": conversation.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
        "shared_team_ids": [team, *conversation.shared_with],
        "pending_shared": [],
        "pending_connected_team_ids": [],
    }


@method("conversations.list", Tier.TWO)
def conversations_list(call: Call) -> dict[str, Any]:
    return _listed(call, call.bot)


@method("users.conversations", Tier.TWO)
def users_conversations(call: Call) -> dict[str, Any]:
    """The conversations that somebody is in, as far as the bot sees them."""
    user = call.slack.workspace.user(call.args.text("user") or call.bot)
    return _listed(call, call.bot, with_member=user.id)


def _listed(call: Call, seen_by: str, with_member: str | None = None) -> dict[str, Any]:
    wanted = (call.args.text("types") or "public_channel").split(",")
    kinds = []
    for name in (one.strip() for one in wanted):
        if name not in KINDS:
            raise SlackError("invalid_types")
        kinds.append(KINDS[name])
        call.require_scope(f"{SCOPE_PREFIX[KINDS[name]]}:read")
    found = [
        one
        for one in call.slack.workspace.conversations.values()
        if one.kind in kinds
        and call.slack.workspace.sees(seen_by, one)
        and (with_member is None or with_member in one.members)
        and not (one.archived and call.args.flag("exclude_archived"))
    ]
    shown, metadata = page_of(call, found, default=100, most=1000)
    channels = []
    for conversation in shown:
        described = conversation_object(call, conversation)
        if conversation.kind != "im":
            described["num_members"] = len(conversation.members)
        channels.append(described)
    return {"channels": channels, "response_metadata": metadata}


@method("conversations.info", Tier.THREE)
def conversations_info(call: Call) -> dict[str, Any]:
    conversation = call.conversation(scope="read")
    described = conversation_object(call, conversation)
    if call.args.flag("include_num_members"):
        described["num_members"] = len(conversation.members)
    if call.args.flag("include_locale"):
        described["locale"] = "en-US"
    return {"channel": described}


@method("conversations.members", Tier.FOUR)
def conversations_members(call: Call) -> dict[str, Any]:
    conversation = call.conversation(scope="read")
    shown, metadata = page_of(call, sorted(conversation.members), default=100, most=1000)
    return {"members": shown, "response_metadata": metadata}


@method("conversations.open", Tier.THREE)
def conversations_open(call: Call) -> dict[str, Any]:
    if call.args.text("channel"):
        conversation = call.conversation(scope="write")
        known = True
    else:
        conversation, known = _opened_with(call, call.args.required("users").split(","))
    if call.args.flag("return_im"):
        return {"channel": conversation_object(call, conversation), "no_op": known, "already_open": known}
    return {"channel": {"id": conversation.id}}


def _opened_with(call: Call, users: list[str]) -> tuple[Conversation, bool]:
    workspace = call.slack.workspace
    people = {workspace.user(one.strip()).id for one in users} - {call.bot}
    call.require_scope("im:write" if len(people) <= 1 else "mpim:write")
    if not people:
        raise SlackError("cannot_dm_bot")
    if any(workspace.users[one].deleted for one in people):
        raise SlackError("user_disabled")
    if any(workspace.is_stranger(workspace.users[one]) for one in people):
        raise SlackError("user_not_visible")
    before = len(workspace.conversations)
    conversation = workspace.direct_message(people | {call.bot})
    made = len(workspace.conversations) > before
    if made:
        announce_conversation(call.slack, conversation)
    return conversation, not made


@method("conversations.history", Tier.THREE)
def conversations_history(call: Call) -> dict[str, Any]:
    conversation = _readable(call)
    newest_first = list(reversed(_within(call, call.slack.messages.history(conversation.id))))
    shown, metadata = page_of(call, newest_first, default=100, most=999)
    more = bool(metadata["next_cursor"])
    answer = {"messages": _past(call, shown), "has_more": more, "pin_count": _pins(call, conversation)}
    return answer | ({"response_metadata": metadata} if more else {})


@method("conversations.replies", Tier.THREE)
def conversations_replies(call: Call) -> dict[str, Any]:
    conversation = _readable(call)
    ts = call.args.required("ts")
    thread = call.slack.messages.thread(conversation.id, ts)
    if not thread:
        raise SlackError("thread_not_found")
    parent, *replies = thread
    shown, metadata = page_of(call, [parent, *_within(call, replies)], default=1000, most=1000)
    more = bool(metadata["next_cursor"])
    answer = {"messages": _past(call, shown), "has_more": more}
    return answer | ({"response_metadata": metadata} if more else {})


def _pins(call: Call, conversation: Conversation) -> int:
    return sum(1 for one in call.slack.messages.history(conversation.id) if one.pinned_by)


def _readable(call: Call) -> Conversation:
    conversation = call.conversation(scope="history")
    if call.bot not in conversation.members:
        raise SlackError("not_in_channel")
    return conversation


def _within(call: Call, messages: list[Message]) -> list[Message]:
    """Those between `oldest` and `latest`; the limits themselves only if `inclusive`."""
    oldest, latest = _time(call, "oldest", 0.0), _time(call, "latest", float("inf"))
    if call.args.flag("inclusive"):
        return [one for one in messages if oldest <= float(one.ts) <= latest]
    return [one for one in messages if oldest < float(one.ts) < latest]


def _time(call: Call, name: str, default: float) -> float:
    value = call.args.text(name)
    if not value:
        return default
    try:
        return float(value)
    except ValueError as error:
        raise SlackError(f"invalid_ts_{name}") from error


def _past(call: Call, messages: list[Message]) -> list[dict[str, Any]]:
    with_metadata = call.args.flag("include_all_metadata")
    return [rendering.past_message(call.slack, one, with_metadata=with_metadata) for one in messages]
