"""Socket Mode: the app's WebSockets, the envelopes sent through them, and their acknowledgements."""

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.faults import Dice, Faults
from sandbox.traffic import Traffic

TICKET_SECONDS = 30.0
MOST_CONNECTIONS = 10
# How long a leaving app may take to say goodbye.
CLOSING_SECONDS = 1.0


class UndeliveredError(Exception):
    """An envelope that no one acknowledged; `code` is Slack's word for the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SocketMode:
    """All connections of the app. Each envelope goes to one of them, in turn."""

    def __init__(
        self,
        *,
        app_id: str,
        traffic: Traffic,
        faults: Faults,
        dice: Dice,
        ack_seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._app_id = app_id
        self._traffic = traffic
        self._faults = faults
        self._dice = dice
        self._ack_seconds = ack_seconds
        self._clock = clock
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
        return socket

    async def deliver(
        self,
        envelope_type: str,
        payload: dict[str, Any],
        *,
        accepts_response: bool = False,
        retry: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Send one envelope and wait for its acknowledgement; gives the payload that came with it.

        Raises UndeliveredError: `dispatch_failed` without a connection, `operation_timeout` if none answers.
        """
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": envelope_type,
            "accepts_response_payload": accepts_response,
            "payload": payload,
            **(retry or {}),
        }
        acknowledged: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        started = time.perf_counter()
        response: dict[str, Any] = {}
        status = "acknowledged"
        try:
            await self._send_to_one(envelope)
            if self._dice.falls_within(self._faults.repeat_deliveries):
                await self._send_to_one(envelope)
            response = await asyncio.wait_for(acknowledged, self._ack_seconds)
        except TimeoutError as error:
            status = "operation_timeout"
            raise UndeliveredError(status) from error
        except UndeliveredError as error:
            status = error.code
            raise
        finally:
            del self._waiting[envelope_id]
            self._traffic.record(
                direction="out",
                kind="socket",
                method=_traffic_name(envelope_type, payload),
                status=status,
                request=envelope,
                response=response,
                seconds=time.perf_counter() - started,
            )
        return response

    async def disconnect(self, reason: str | None = None) -> None:
        """Ask the app to reconnect (`warning`, `refresh_requested`), or with no reason drop every line.

        After a warning the connections stay open; Slack closes them a little later.
        """
        if reason is not None:
            for socket in list(self._connections):
                await self._send(
                    socket, {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
                )
        if reason != "warning":
            await self.close()

    async def close(self) -> None:
        leaving, self._connections = self._connections, []
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
        raise UndeliveredError("dispatch_failed")

    async def _send(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> bool:
        try:
            await socket.send_str(json.dumps(message, ensure_ascii=False))
        except ConnectionError:
            return False
        return True

    def _receive(self, text: str) -> None:
        try:
            message = json.loads(text)
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
            "debug_info": {"host": host, "build_number": 1, "approximate_connection_time": 18060},
        }


def _traffic_name(envelope_type: str, payload: dict[str, Any]) -> str:
    if envelope_type == "slash_commands":
        return str(payload["command"])
    if envelope_type == "events_api":
        return str(payload["event"]["type"])
    return str(payload["type"])
