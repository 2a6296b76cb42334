"""The HTTP server, and the sandbox for use from Python: `with Sandbox(...).run_in_thread() as sandbox`."""

import asyncio
import errno
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from sandbox.answers import ResponseUrlHandler
from sandbox.avatars import Avatars
from sandbox.errors import SetupError
from sandbox.file_server import LARGEST_FILE, FileServer
from sandbox.manifest_file import read_manifest
from sandbox.oauth.authorize import Authorize
from sandbox.page_api import PageApi
from sandbox.page_channels import PageChannels
from sandbox.page_files import PageFiles
from sandbox.page_messages import PageMessages
from sandbox.page_people import PagePeople
from sandbox.slack import Slack, Timing
from sandbox.web_api import WebApi
from sandbox.workspace_file import DEFAULT_WORKSPACE, read_workspace

PAGE = Path(__file__).with_name("page") / "dist"


def build_application(slack: Slack) -> web.Application:
    """All routes: Slack's own, then those of the page."""
    application = web.Application(client_max_size=LARGEST_FILE)
    application.add_routes(WebApi(slack).routes())
    application.add_routes([web.get("/link/", slack.socket_mode.connect)])
    application.add_routes(ResponseUrlHandler(slack).routes())
    application.add_routes(FileServer(slack).routes())
    application.add_routes(Avatars(slack).routes())
    application.add_routes(Authorize(slack).routes())
    application.add_routes(PageApi(slack).routes())
    application.add_routes(PageChannels(slack).routes())
    application.add_routes(PageMessages(slack).routes())
    application.add_routes(PagePeople(slack).routes())
    application.add_routes(PageFiles(slack).routes())
    application.add_routes([web.get("/{path:.*}", _page)])
    return application


async def _page(request: web.Request) -> web.StreamResponse:
    """The built page; `/` is its index."""
    wanted = (PAGE / (request.match_info["path"] or "index.html")).resolve()
    if not PAGE.exists():
        return web.Response(status=404, text="The page is not built. Run: make page")
    if not wanted.is_relative_to(PAGE.resolve()) or not wanted.is_file():
        return web.Response(status=404, text="There is nothing here.")
    return web.FileResponse(wanted, headers={"Cache-Control": "no-cache"})


def _why_not_listening(host: str, port: int, error: OSError | OverflowError) -> str:
    cannot = f"The sandbox cannot listen on {host}:{port}"
    if isinstance(error, OverflowError):
        return f"{cannot}: choose a port from 0 to 65535 with --port."
    if error.errno in (errno.EADDRINUSE, errno.EACCES):
        why = os.strerror(error.errno)
        return f"{cannot}: {why}. Is it running already? Choose another port with --port."
    return f"{cannot}: {error.strerror or error}. Choose an address of this machine with --host."


class Sandbox:
    """A local Slack workspace.

    `workspace` and `manifest` are paths to JSON files, or their parsed content; see `read_workspace` and
    `read_manifest`. Port 0 takes a free one. With an `http_url` the app is called there, whatever the
    manifest says; `installed` says whether it is there from the start, whatever the workspace file says.
    `clock` gives seconds since the epoch; the page shows all times `clock_offset_s` later, and nothing else
    is moved by that. With a `seed` faults come in the same order again.
    Raises SetupError when a file is wrong or the port is taken.
    """

    def __init__(
        self,
        workspace: Path | str | Mapping[str, Any] | None,
        manifest: Path | str | Mapping[str, Any],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
        timing: Timing | None = None,
        seed: int | None = None,
        http_url: str | None = None,
        installed: bool | None = None,
        clock_offset_s: int = 0,
    ) -> None:
        read = read_manifest(manifest, http_url=http_url)
        known = read_workspace(workspace or DEFAULT_WORKSPACE, read, installed=installed)
        self.slack = Slack(known, read, clock=clock, timing=timing, seed=seed, clock_offset_s=clock_offset_s)
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the page is, without a slash at the end."""
        return self.slack.base_url

    @property
    def api_url(self) -> str:
        """The base URL for slack_sdk's WebClient."""
        return f"{self.slack.base_url}/api/"

    async def start(self) -> None:
        """Listen on the running event loop."""
        self._runner = web.AppRunner(build_application(self.slack), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            raise SetupError(_why_not_listening(self.host, self.port, error)) from error
        self.port = self._runner.addresses[0][1]
        self.slack.base_url = f"http://{self.host}:{self.port}"
        self.slack.start()

    async def stop(self) -> None:
        await self.slack.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def run_in_thread(self) -> "Sandbox":
        """Start in a thread of its own; leave it by `close`, or by the end of a `with`."""
        started: Future[None] = Future()

        def run() -> None:
            try:
                asyncio.run(self._serve(started))
            except Exception as error:
                if started.done():
                    raise
                started.set_exception(error)

        self._thread = threading.Thread(target=run, name="sandbox", daemon=True)
        self._thread.start()
        started.result()
        return self

    async def _serve(self, started: "Future[None]") -> None:
        """From start to `close`, on an event loop that lives and ends in one thread."""
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        await self.start()
        started.set_result(None)
        await self._closing.wait()
        await self.stop()

    def close(self) -> None:
        """Stop what `run_in_thread` started, and wait for its end; a second time does nothing."""
        if self._thread is None or self._loop is None or self._closing is None:
            return
        thread, self._thread = self._thread, None
        self._loop.call_soon_threadsafe(self._closing.set)
        thread.join()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
