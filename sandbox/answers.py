"""What the app answers in an acknowledgement or through a response URL becomes a message."""

from typing import Any

from aiohttp import web

from sandbox import block_kit, posting
from sandbox.errors import SlackError
from sandbox.json_text import parse_json
from sandbox.messages import Message
from sandbox.slack import Slack
from sandbox.triggers import ResponseUrl


def answer(slack: Slack, url: ResponseUrl, response: dict[str, Any]) -> None:
    """Carry out one answer: a new message, or a change to the one acted on. Raises SlackError."""
    original = _original(slack, url)
    if response.get("delete_original") and original:
        posting.delete(slack, original)
        return
    text = response.get("text") or ""
    blocks = block_kit.checked_blocks(slack, response.get("blocks"))
    attachments = response.get("attachments") or []
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if response.get("replace_original") and original:
        posting.edit(slack, original, text=text, blocks=blocks, attachments=attachments)
        return
    _post(slack, url, response, text, blocks, attachments)


def _original(slack: Slack, url: ResponseUrl) -> Message | None:
    """The message the person acted on; an answer to a slash command has none to replace."""
    if url.message_ts is None:
        return None
    try:
        return slack.messages.find(url.channel, url.message_ts, seen_by=url.user)
    except SlackError:
        return None


def _post(
    slack: Slack,
    url: ResponseUrl,
    response: dict[str, Any],
    text: str,
    blocks: list[dict[str, Any]],
    attachments: list[dict[str, Any]],
) -> None:
    for_everyone = response.get("response_type") == "in_channel"
    message = Message(
        ts=slack.timestamps.next(),
        channel=url.channel,
        user=slack.workspace.app.bot_user_id,
        bot_id=slack.workspace.app.bot_id,
        text=text,
        blocks=blocks,
        attachments=attachments,
        metadata=response.get("metadata"),
        thread_ts=response.get("thread_ts") or url.thread_ts,
        only_for=None if for_everyone else url.user,
        response_to=url.command,
    )
    if for_everyone:
        posting.post(slack, slack.workspace.conversations[url.channel], message)
    else:
        posting.post_ephemeral(slack, message)


class ResponseUrlHandler:
    """POST to a response URL, as hooks.slack.com takes it."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return [web.post(f"/{kind}/{{rest:.+}}", self.receive) for kind in ("commands", "actions", "app")]

    async def receive(self, request: web.Request) -> web.Response:
        started = self._slack.clock()
        body: Any = await request.text()
        try:
            if not self._slack.installations.installed:
                raise SlackError("no_service")
            url = self._slack.response_urls.use(request.path)
            body = _parsed(body)
            answer(self._slack, url, body)
            reply = web.Response(text="ok")
        except SlackError as error:
            status = 404 if error.code in {"no_service", "invalid_url", "expired_url", "used_url"} else 400
            reply = web.json_response(error.body(), status=status)
        self._slack.traffic.record(
            direction="in",
            kind="response_url",
            method="/".join(request.path.split("/")[:2]),
            status=reply.status,
            request=body,
            response=reply.text,
            seconds=self._slack.clock() - started,
        )
        return reply


def _parsed(body: str) -> dict[str, Any]:
    try:
        parsed = parse_json(body)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(parsed, dict):
        raise SlackError("invalid_payload")
    return parsed
