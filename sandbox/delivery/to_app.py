"""The one way to the app: faults, the transport, the inspector."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from sandbox.delivery.transport import Delivery, Kind, Parcel, Retry, Transport, UndeliveredError
from sandbox.faults import Dice, Faults
from sandbox.traffic import Traffic


class ToApp:
    def __init__(
        self,
        transport: Transport,
        traffic: Traffic,
        faults: Faults,
        dice: Dice,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self.transport = transport
        self._traffic = traffic
        self._faults = faults
        self._dice = dice
        self._spawn = spawn

    async def deliver(
        self, kind: Kind, payload: dict[str, Any], retry: Retry | None = None
    ) -> dict[str, Any]:
        """Send one payload and wait for its acknowledgement; gives the answer that came with it.

        Raises UndeliveredError.
        """
        if self._faults.slow_deliveries_ms:
            await asyncio.sleep(self._faults.slow_deliveries_ms / 1000)
        parcel = self.transport.pack(Delivery(kind, payload, retry))
        response = await self._send(parcel)
        if self._dice.falls_within(self._faults.repeat_deliveries):
            self._spawn(self._repeat(parcel))
        return response

    async def _send(self, parcel: Parcel) -> dict[str, Any]:
        started = time.perf_counter()
        response: dict[str, Any] = {}
        status = "acknowledged"
        try:
            response = await self.transport.send(parcel)
            if self._dice.falls_within(self._faults.lose_acknowledgements):
                status = "acknowledgement lost"
                raise UndeliveredError("operation_timeout", "http_timeout")
        except UndeliveredError as error:
            status = status if status != "acknowledged" else error.code
            raise
        finally:
            self._traffic.record(
                direction="out",
                kind=self.transport.name,
                method=parcel.delivery.name,
                status=status,
                request=parcel.shown,
                response=response,
                seconds=time.perf_counter() - started,
            )
        return response

    async def _repeat(self, parcel: Parcel) -> None:
        """The same bytes once more; what the app answers is for nobody."""
        try:
            await self._send(parcel)
        except UndeliveredError:
            return  # the first one arrived
