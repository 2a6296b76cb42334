"""What the sandbox pushes to open pages, over one WebSocket for each."""

import asyncio
import contextlib
import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web


class PageEvents:
    """Open pages by the person who looks at them."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str]]] = {}
        self._sockets: set[web.WebSocketResponse] = set()

    def to(self, users: Iterable[str], event: dict[str, Any]) -> None:
        text = json.dumps(event, ensure_ascii=False)
        for user in users:
            for queue in self._queues.get(user, ()):
                queue.put_nowait(text)

    def to_everyone(self, event: dict[str, Any]) -> None:
        self.to(list(self._queues), event)

    async def serve(self, request: web.Request, user: str) -> web.WebSocketResponse:
        """Hold one page's socket open until the page goes away."""
        socket = web.WebSocketResponse(heartbeat=30, timeout=1.0)
        await socket.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._queues.setdefault(user, set()).add(queue)
        self._sockets.add(socket)
        writer = asyncio.create_task(_write(socket, queue))
        try:
            async for _ in socket:
                pass  # the page only listens; reading notices when it leaves
        finally:
            self._queues[user].discard(queue)
            self._sockets.discard(socket)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    async def close(self) -> None:
        await asyncio.gather(*(socket.close() for socket in self._sockets))


async def _write(socket: web.WebSocketResponse, queue: asyncio.Queue[str]) -> None:
    while True:
        text = await queue.get()
        try:
            await socket.send_str(text)
        except ConnectionError:
            return
