"""One running workspace: everything the handlers share, built once and handed to each of them."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.events import EventSender
from sandbox.faults import Dice, Faults
from sandbox.files import Files
from sandbox.manifest import Manifest
from sandbox.messages import Messages, Timestamps
from sandbox.page_events import PageEvents
from sandbox.rate_limits import PostingLimit
from sandbox.socket_mode import SocketMode
from sandbox.traffic import Traffic
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class Timing:
    """Slack's own waits, in seconds; tests shorten them."""

    acknowledgement: float = 3.0
    event_retries: Sequence[float] = (0, 60, 300)
    file_processing: float = 0.2


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
    ) -> None:
        timing = timing or Timing()
        self.workspace = workspace
        self.manifest = manifest
        self.clock = clock
        self.base_url = ""
        self.faults = Faults()
        self.dice = Dice(seed)
        self.page = PageEvents()
        self.traffic = Traffic(lambda entry: self.page.to_everyone({"type": "traffic", "entry": entry}))
        self.timestamps = Timestamps(clock)
        self.messages = Messages()
        self.views = Views(workspace, clock)
        self.files = Files(clock, lambda: self.base_url, timing.file_processing)
        self.triggers = Triggers(clock)
        self.response_urls = ResponseUrls(clock)
        self.posting_limit = PostingLimit(clock)
        self.socket_mode = SocketMode(
            app_id=workspace.app.id,
            traffic=self.traffic,
            faults=self.faults,
            dice=self.dice,
            ack_seconds=timing.acknowledgement,
            clock=clock,
        )
        self.events = EventSender(
            workspace, manifest, self.socket_mode, timing.event_retries, clock, self.spawn
        )
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the current request; it is cancelled when the sandbox stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket_mode.close()
        await self.page.close()
