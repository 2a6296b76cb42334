"""One running workspace: everything the handlers share, built once and handed to each of them."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.delivery.events import EventSender
from sandbox.delivery.signed_http import SignedHttp
from sandbox.delivery.socket_mode import SocketMode
from sandbox.delivery.to_app import ToApp
from sandbox.delivery.transport import Transport
from sandbox.faults import Dice, Faults
from sandbox.files import Files
from sandbox.manifest import Manifest
from sandbox.messages import Messages, Timestamps
from sandbox.oauth.installations import Installations
from sandbox.page_events import PageEvents
from sandbox.rate_limits import RateLimits
from sandbox.scheduled import ScheduledMessages
from sandbox.traffic import Traffic
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class Timing:
    """Slack's own waits, in seconds; tests shorten them."""

    acknowledgement: float = 3.0
    trigger: float = 3.0
    event_retries: Sequence[float] = (0, 60, 300)
    file_processing: float = 0.2
    refresh_warning: float = 10.0


class Slack:
    """The state of a workspace while it runs. It lives on one event loop and needs no locks."""

    def __init__(
        self,
        workspace: Workspace,
        manifest: Manifest,
        *,
        clock: Callable[[], float] = time.time,
        timing: Timing | None = None,
        seed: int | None = None,
        clock_offset_s: int = 0,
    ) -> None:
        timing = timing or Timing()
        self.workspace = workspace
        self.manifest = manifest
        self.clock = clock
        self.clock_offset_s = clock_offset_s
        """For the page to show times by. Messages keep real ids: apps look for them by their own clock."""
        self.base_url = ""
        self.faults = Faults()
        self.dice = Dice(seed)
        self.page = PageEvents()
        self.traffic = Traffic(lambda entry: self.page.to_everyone({"type": "traffic", "entry": entry}))
        self.timestamps = Timestamps(clock)
        self.messages = Messages()
        self.scheduled = ScheduledMessages()
        self.views = Views(workspace, clock)
        self.files = Files(workspace.team.id, clock, lambda: self.base_url, timing.file_processing)
        self.triggers = Triggers(clock, timing.trigger)
        self.response_urls = ResponseUrls(clock)
        self.rate_limits = RateLimits(clock)
        self.installations = Installations(
            workspace.app, manifest.scopes, clock, installed=workspace.app.installed
        )
        self.socket_mode = SocketMode(
            workspace.app.id,
            timing.acknowledgement,
            clock,
            self._announce_connections,
            self.spawn,
            lambda: self.faults.refresh_after_s,
            timing.refresh_warning,
        )
        self.to_app = ToApp(self._transport(timing), self.traffic, self.faults, self.dice, self.spawn)
        self.events = EventSender(
            workspace,
            manifest,
            self.installations,
            self.to_app,
            lambda: [delay * self.faults.event_retry_scale for delay in timing.event_retries],
            clock,
            self.spawn,
        )
        self._tasks: set[asyncio.Task[None]] = set()

    def _transport(self, timing: Timing) -> Transport:
        if self.manifest.socket_mode:
            return self.socket_mode
        secret = self.workspace.app.signing_secret
        return SignedHttp(
            self.manifest.request_urls, secret, timing.acknowledgement, self._announce_connections
        )

    def _announce_connections(self, count: int) -> None:
        self.page.to_everyone({"type": "connections", "connections": count})

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside the current request; it is cancelled when the sandbox stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def start(self) -> None:
        """On the event loop, as soon as the workspace can be reached."""
        if isinstance(self.to_app.transport, SignedHttp):
            self.spawn(self.to_app.transport.keep_knocking())

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket_mode.close()
        await self.to_app.transport.close()
        await self.page.close()
