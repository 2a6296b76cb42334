"""The HTTP server, and the sandbox for use from Python: `with Sandbox(...).run_in_thread() as sandbox`."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from sandbox.answers import ResponseUrlHandler
from sandbox.errors import SetupError
from sandbox.file_server import LARGEST_FILE, FileServer
from sandbox.manifest import read_manifest
from sandbox.page_api import PageApi
from sandbox.slack import Slack, Timing
from sandbox.web_api import WebApi
from sandbox.workspace import DEFAULT_WORKSPACE, read_workspace

PAGE = Path(__file__).with_name("page") / "dist"


def build_application(slack: Slack) -> web.Application:
    """All routes: Slack's own, then those of the page."""
    application = web.Application(client_max_size=LARGEST_FILE)
    application.add_routes(WebApi(slack).routes())
    application.add_routes([web.get("/link/", slack.socket_mode.connect)])
    application.add_routes(ResponseUrlHandler(slack).routes())
    application.add_routes(FileServer(slack).routes())
    application.add_routes(PageApi(slack).routes())
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


class Sandbox:
    """A local Slack workspace.

    `workspace` and `manifest` are paths to JSON files, or their parsed content; see `read_workspace` and
    `read_manifest`. Port 0 takes a free one. `clock` gives seconds since the epoch; with a `seed` faults
    come in the same order again.
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
    ) -> None:
        read = read_manifest(manifest)
        self.slack = Slack(
            read_workspace(workspace or DEFAULT_WORKSPACE, read), read, clock=clock, timing=timing, seed=seed
        )
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
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
        except OSError as error:
            await self._runner.cleanup()
            raise SetupError(
                f"The sandbox cannot listen on {self.host}:{self.port}: {os.strerror(error.errno or 0)}. "
                "Is it running already? Choose another port with --port."
            ) from error
        self.port = self._runner.addresses[0][1]
        self.slack.base_url = f"http://{self.host}:{self.port}"

    async def stop(self) -> None:
        await self.slack.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def run_in_thread(self) -> "Sandbox":
        """Start in a thread of its own; leave it by `close`, or by the end of a `with`."""
        self._loop = asyncio.new_event_loop()
        started: list[BaseException] = []
        ready = threading.Event()

        def run(loop: asyncio.AbstractEventLoop) -> None:
            asyncio.set_event_loop(loop)
            try:
                loop.run_until_complete(self.start())
            except SetupError as error:
                started.append(error)
                return
            finally:
                ready.set()
            loop.run_forever()
            loop.run_until_complete(self.stop())

        self._thread = threading.Thread(target=run, args=[self._loop], name="sandbox", daemon=True)
        self._thread.start()
        ready.wait()
        if started:
            self._thread.join()
            self._loop.close()
            raise started[0]
        return self

    def close(self) -> None:
        if self._loop is None or self._thread is None or self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
