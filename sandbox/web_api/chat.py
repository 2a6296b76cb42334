"""chat.*: everything that writes messages."""

import json
from typing import Any

from sandbox import block_kit, posting, rendering
from sandbox.errors import RateLimitError, SlackError
from sandbox.messages import Message
from sandbox.rate_limits import Tier
from sandbox.web_api.registry import Call, method
from sandbox.workspace import Conversation

LONGEST_TEXT = 40_000
LONGEST_EDITED_TEXT = 4_000
# Of all blocks together, as JSON; not documented, measured: https://github.com/slackapi/bolt-js/issues/2509
LONGEST_BLOCKS = 13_200
MOST_ATTACHMENTS = 100


@method("chat.postMessage", Tier.SPECIAL, scope="chat:write")
def chat_post_message(call: Call) -> dict[str, Any]:
    conversation = writable_conversation(call)
    message = composed_message(call, conversation)
    if call.slack.faults.rate_limits and (
        seconds := call.slack.rate_limits.seconds_until_post(conversation.id)
    ):
        raise RateLimitError(seconds)
    posting.post(call.slack, conversation, message)
    return {
        "channel": conversation.id,
        "ts": message.ts,
        "message": rendering.new_message(call.slack, message),
    }


@method("chat.postEphemeral", Tier.FOUR, scope="chat:write")
def chat_post_ephemeral(call: Call) -> dict[str, Any]:
    conversation = writable_conversation(call)
    reader = call.slack.workspace.user(call.args.required("user"))
    if reader.id not in conversation.members:
        raise SlackError("user_not_in_channel")
    message = composed_message(call, conversation)
    message.only_for = reader.id
    posting.post_ephemeral(call.slack, message)
    return {"message_ts": message.ts}


@method("chat.update", Tier.THREE, scope="chat:write")
def chat_update(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    message = _own(call, conversation, "cant_update_message")
    text = call.args.text("text")
    blocks = _blocks(call)
    attachments = _attachments(call)
    metadata = _metadata(call)
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if text is not None and len(text) > LONGEST_EDITED_TEXT:
        raise SlackError("msg_too_long")
    # What a call does not mention stays; an empty list takes it away.
    given = call.args.values
    posting.edit(
        call.slack,
        message,
        text=message.text if text is None else text,
        blocks=blocks if "blocks" in given else message.blocks,
        attachments=attachments if "attachments" in given else message.attachments,
        metadata=metadata if "metadata" in given else message.metadata,
        edited_ts=call.slack.timestamps.next(),
    )
    shown = rendering.new_message(call.slack, message)
    edited = {"user": message.user, "ts": message.edited_ts}
    return {
        "channel": conversation.id,
        "ts": message.ts,
        "text": message.text,
        "message": shown | {"edited": edited},
    }


@method("chat.delete", Tier.THREE, scope="chat:write")
def chat_delete(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    message = _own(call, conversation, "cant_delete_message")
    posting.delete(call.slack, message)
    return {"channel": conversation.id, "ts": message.ts}


@method("chat.getPermalink", Tier.SPECIAL)
def chat_get_permalink(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    message = call.slack.messages.find(conversation.id, call.args.required("message_ts"))
    path = f"/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    return {"channel": conversation.id, "permalink": call.slack.base_url + path}


def writable_conversation(call: Call) -> Conversation:
    """Where a message is to go: a conversation the bot may write in, or a person (their direct message)."""
    workspace, manifest = call.slack.workspace, call.slack.manifest
    target = call.args.required("channel")
    person = workspace.users.get(target)
    if person and not person.deleted and target != call.bot and not workspace.is_stranger(person):
        conversation = workspace.app_channel(target)
    else:
        named = workspace.channel_named(target.removeprefix("#"))
        found_id = named.id if named else target
        conversation = workspace.conversation(found_id, seen_by=call.bot)
    if conversation.archived:
        raise SlackError("is_archived")
    if conversation.kind == "im" and not manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    if call.bot not in conversation.members and "chat:write.public" not in call.slack.installations.scopes:
        raise SlackError("not_in_channel")
    return conversation


def composed_message(call: Call, conversation: Conversation) -> Message:
    """The message that the arguments describe; it is not posted yet."""
    args, workspace = call.args, call.slack.workspace
    text = args.text("text") or args.text("markdown_text") or ""
    blocks = _blocks(call)
    attachments = _attachments(call)
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if len(text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    if any(args.text(name) for name in ("username", "icon_emoji", "icon_url")):
        call.require_scope("chat:write.customize")
    return Message(
        ts=call.slack.timestamps.next(),
        channel=conversation.id,
        user=call.bot,
        bot_id=workspace.app.bot_id,
        text=text,
        blocks=blocks,
        attachments=attachments,
        metadata=_metadata(call),
        thread_ts=_thread(call, conversation),
        broadcast=args.flag("reply_broadcast"),
        username=args.text("username"),
    )


def _thread(call: Call, conversation: Conversation) -> str | None:
    ts = call.args.text("thread_ts")
    if not ts:
        return None
    try:
        parent = call.slack.messages.find(conversation.id, ts)
    except SlackError as error:
        raise SlackError("thread_not_found") from error
    return parent.thread_ts or parent.ts


def _blocks(call: Call) -> list[dict[str, Any]]:
    given = call.args.parsed("blocks")
    blocks = block_kit.checked_blocks(call.slack, given)
    if blocks and len(json.dumps(given, ensure_ascii=False, separators=(",", ":"))) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return blocks


def _attachments(call: Call) -> list[dict[str, Any]]:
    attachments = call.args.parsed("attachments") or []
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for one in attachments:
        if "blocks" in one:
            one["blocks"] = block_kit.checked_blocks(call.slack, one["blocks"])
    return attachments


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.args.parsed("metadata")
    if metadata is None:
        return None
    match metadata:
        case {"event_type": str(event_type), "event_payload": dict(payload), **rest}:
            if not event_type or set(rest) - {"entities"}:
                raise SlackError("invalid_metadata_schema")
            return {"event_type": event_type, "event_payload": payload}
    raise SlackError("invalid_metadata_format")


def _own(call: Call, conversation: Conversation, refusal: str) -> Message:
    """A message that the app itself wrote; only that may be changed."""
    message = call.slack.messages.find(conversation.id, call.args.required("ts"))
    if message.bot_id != call.slack.workspace.app.bot_id:
        raise SlackError(refusal)
    return message
