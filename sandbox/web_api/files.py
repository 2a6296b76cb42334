"""files.*: the two steps of an upload, and what is known of a file."""

from typing import Any

from sandbox import block_kit, posting
from sandbox.errors import SlackError
from sandbox.files import File
from sandbox.messages import Message
from sandbox.rate_limits import Tier
from sandbox.web_api.registry import Call, method

LONGEST_ALT_TEXT = 1000


@method("files.getUploadURLExternal", Tier.FOUR, scope="files:write")
def files_get_upload_url_external(call: Call) -> dict[str, Any]:
    length = call.args.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"])
    alt_txt = call.args.text("alt_txt") or call.args.text("alt_text") or ""
    if len(alt_txt) > LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file, ticket = call.slack.files.reserve(
        name=call.args.required("filename"), length=length, alt_txt=alt_txt, user=call.bot
    )
    return {"upload_url": f"{call.slack.base_url}/upload/v1/{ticket}", "file_id": file.id}


@method("files.completeUploadExternal", Tier.FOUR, scope="files:write")
def files_complete_upload_external(call: Call) -> dict[str, Any]:
    listed = call.args.parsed("files")
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    channels = _channels(call)
    files = [call.slack.files.complete(str(one.get("id")), one.get("title") or "") for one in listed]
    for channel in channels:
        _share(call, channel, files)
    return {"files": [call.slack.files.to_slack(file) for file in files]}


def _channels(call: Call) -> list[str]:
    one = call.args.text("channel_id")
    several = call.args.text("channels")
    wanted = [one] if one else [name.strip() for name in (several or "").split(",") if name.strip()]
    for channel in wanted:
        found = call.slack.workspace.conversation(channel, seen_by=call.bot)
        if call.bot not in found.members:
            raise SlackError("not_in_channel")
    return wanted


def _share(call: Call, channel: str, files: list[File]) -> None:
    message = Message(
        ts=call.slack.timestamps.next(),
        channel=channel,
        user=call.bot,
        bot_id=call.slack.workspace.app.bot_id,
        text=call.args.text("initial_comment") or "",
        blocks=block_kit.checked_blocks(call.slack, call.args.parsed("blocks")),
        thread_ts=call.args.text("thread_ts"),
        files=[file.id for file in files],
    )
    for file in files:
        file.shared_in.append(channel)
    posting.post(call.slack, call.slack.workspace.conversations[channel], message)


@method("files.delete", Tier.THREE, scope="files:write")
def files_delete(call: Call) -> dict[str, Any]:
    file = call.slack.files.find(call.args.required("file"))
    if file.user != call.bot:
        raise SlackError("cant_delete_file")
    call.slack.files.delete(file)
    for message in call.slack.messages.with_file(file.id):
        message.files.remove(file.id)
        posting.show_again(call.slack, message)
    return {}


@method("files.info", Tier.FOUR, scope="files:read")
def files_info(call: Call) -> dict[str, Any]:
    file = call.slack.files.find(call.args.required("file"))
    return {"file": call.slack.files.to_slack(file), "comments": [], "response_metadata": {"next_cursor": ""}}
