"""Bytes of files: up by the upload URLs, down for the app (with its token) and for the page."""

from aiohttp import web

from sandbox.errors import SlackError
from sandbox.files import File
from sandbox.slack import Slack

LARGEST_FILE = 100 * 1024 * 1024


class FileServer:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/upload/v1/{ticket}", self.upload),
            web.put("/upload/v1/{ticket}", self.upload),
            web.get("/files/{file_id}", self.show),
            web.get("/files-pri/{file_id}/{name}", self.download),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        started = self._slack.clock()
        content = await _uploaded(request)
        try:
            self._slack.files.receive(request.match_info["ticket"], content)
            reply = web.Response(text=f"OK - {len(content)}")
        except ValueError as error:
            reply = web.Response(status=400, text=str(error))
        self._slack.traffic.record(
            direction="in",
            kind="http",
            method="upload",
            status=reply.status,
            request=f"({len(content)} bytes)",
            response=reply.text,
            seconds=self._slack.clock() - started,
        )
        return reply

    async def show(self, request: web.Request) -> web.Response:
        """For the page, which has no token."""
        return self._send(request)

    async def download(self, request: web.Request) -> web.Response:
        """For the app, by the file's `url_private`."""
        current = self._slack.installations.current
        if current is None or request.headers.get("Authorization") != f"Bearer {current.bot_token}":
            return web.Response(status=403, text="This file asks for the bot's token.")
        return self._send(request)

    def _send(self, request: web.Request) -> web.Response:
        try:
            file: File = self._slack.files.find(request.match_info["file_id"])
        except SlackError:
            return web.Response(status=404, text="There is no such file.")
        return web.Response(
            body=file.content,
            content_type=file.mimetype,
            # A page that shows whatever a bot uploaded must not run it.
            headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"},
        )


async def _uploaded(request: web.Request) -> bytes:
    """The bytes as the whole body, or as the one file of a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
