"""Socket Mode: the app's WebSockets, the envelopes sent through them, and their acknowledgements."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.delivery.transport import Delivery, Parcel, TransportName, UndeliveredError
from sandbox.json_text import parse_json

TICKET_SECONDS = 30.0
MOST_CONNECTIONS = 10
# How long a leaving app may take to say goodbye.
CLOSING_SECONDS = 1.0
# What Slack says a connection may last.
HOURS = 18060
ENVELOPES = {
    "command": "slash_commands",
    "interaction": "interactive",
    "options": "interactive",
    "event": "events_api",
}


class SocketMode:
    """All connections of the app. Each envelope goes to one of them, in turn."""

    name: TransportName = "socket"

    def __init__(
        self,
        app_id: str,
        ack_seconds: float,
        clock: Callable[[], float],
        announce: Callable[[int], None],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        lifetime: Callable[[], float],
        warning_seconds: float,
    ) -> None:
        """`announce` is told of the number of connections whenever it changes.

        A connection lives for `lifetime` seconds (0: for as long as it likes); the app is warned some seconds
        before, so that it can open the next one.
        """
        self._app_id = app_id
        self._ack_seconds = ack_seconds
        self._clock = clock
        self._announce = announce
        self._spawn = spawn
        self._lifetime = lifetime
        self._warning_seconds = warning_seconds
        self._tickets: dict[str, float] = {}
        self._connections: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @property
    def connection_count(self) -> int:
        return len(self._connections)

    def issue_path(self) -> str:
        """The path of a new WebSocket URL, good for one connection within half a minute."""
        ticket = secrets.token_hex(24)
        self._tickets[ticket] = self._clock() + TICKET_SECONDS
        return f"/link/?ticket={ticket}&app_id={self._app_id}"

    async def connect(self, request: web.Request) -> web.StreamResponse:
        expires_at = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self._clock() > expires_at:
            return web.Response(status=403, text="This Socket Mode URL is used or expired.")
        if len(self._connections) >= MOST_CONNECTIONS:
            return web.Response(status=429, text=f"An app has at most {MOST_CONNECTIONS} connections.")
        socket = web.WebSocketResponse(heartbeat=30, timeout=CLOSING_SECONDS)
        await socket.prepare(request)
        self._connections.append(socket)
        self._announce(self.connection_count)
        if lifetime := self._lifetime():
            self._spawn(self._refresh(socket, max(0.0, lifetime - self._warning_seconds)))
        try:
            await self._send(socket, self._hello(request.host))
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._receive(message.data)
        except ConnectionError:
            pass  # the app is gone; whoever waits for an acknowledgement times out
        finally:
            if socket in self._connections:
                self._connections.remove(socket)
                self._announce(self.connection_count)
        return socket

    def pack(self, delivery: Delivery) -> Parcel:
        envelope = {
            "envelope_id": str(uuid.uuid4()),
            "type": ENVELOPES[delivery.kind],
            "accepts_response_payload": delivery.answered,
            "payload": delivery.payload,
        }
        if delivery.kind == "event":
            retry = delivery.retry
            envelope |= {
                "retry_attempt": retry.attempt if retry else 0,
                "retry_reason": retry.reason if retry else "",
            }
        return Parcel(delivery, envelope, envelope)

    async def send(self, parcel: Parcel) -> dict[str, Any]:
        """Send an envelope; fails with `dispatch_failed` where there is no connection."""
        envelope_id = parcel.wire["envelope_id"]
        acknowledged: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        try:
            await self._send_to_one(parcel.wire)
            return await asyncio.wait_for(acknowledged, self._ack_seconds)
        except TimeoutError as error:
            raise UndeliveredError("operation_timeout", "timeout") from error
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str | None = None) -> None:
        """Ask the app to reconnect (`warning`, `refresh_requested`), or with no reason drop every line.

        After a warning the connections stay open for some seconds more.
        """
        for socket in list(self._connections):
            if reason == "warning":
                self._spawn(self._refresh(socket, 0.0))
            elif reason is not None:
                await self._tell_to_leave(socket, reason)
        if reason != "warning":
            await self.close()

    async def _refresh(self, socket: web.WebSocketResponse, after: float) -> None:
        """Warn the app of the end of a connection, then end it."""
        await asyncio.sleep(after)
        await self._tell_to_leave(socket, "warning")
        await asyncio.sleep(self._warning_seconds)
        if socket in self._connections:
            await self._tell_to_leave(socket, "refresh_requested")
            await socket.close()

    async def _tell_to_leave(self, socket: web.WebSocketResponse, reason: str) -> None:
        await self._send(socket, {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    async def close(self) -> None:
        leaving, self._connections = self._connections, []
        self._announce(0)
        await asyncio.gather(*(socket.close() for socket in leaving))

    async def _send_to_one(self, envelope: dict[str, Any]) -> None:
        for socket in list(self._connections):
            if socket not in self._connections:
                continue  # it left while another one was asked
            # In turn: whoever is asked goes to the end of the row.
            self._connections.remove(socket)
            self._connections.append(socket)
            if await self._send(socket, envelope):
                return
        raise UndeliveredError("dispatch_failed", "connection_failed")

    async def _send(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> bool:
        try:
            await socket.send_str(json.dumps(message, ensure_ascii=False))
        except ConnectionError:
            return False
        return True

    def _receive(self, text: str) -> None:
        try:
            message = parse_json(text)
            envelope_id, payload = message["envelope_id"], message.get("payload")
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # builtin clients also send pings as text
        waiting = self._waiting.get(envelope_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _hello(self, host: str) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": host,
                "build_number": 1,
                "approximate_connection_time": int(self._lifetime()) or HOURS,
            },
        }
