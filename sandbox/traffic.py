"""The inspector: what went over the wire between the app and the sandbox, tokens masked."""

import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

Direction = Literal["in", "out"]
Kind = Literal["web_api", "socket", "http", "response_url"]

KEPT = 2000
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
SECRETS = {"token", "client_secret"}
TOKEN = re.compile(r"\b(xox[a-z]|xapp)-[A-Za-z0-9-]+")


def masked(value: Any) -> Any:
    """The same value with every Slack token cut to its kind."""
    if isinstance(value, str):
        return TOKEN.sub(r"\1-…", value)
    if isinstance(value, dict):
        return {key: "…" if key in SECRETS else masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return value


class Traffic:
    """The last entries, oldest first, numbered from 1."""

    def __init__(self, announce: Callable[[dict[str, Any]], None]) -> None:
        self._announce = announce
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0

    def record(
        self,
        *,
        direction: Direction,
        kind: Kind,
        method: str,
        status: int | str,
        request: Any,
        response: Any,
        seconds: float,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        """`direction` is the app's view turned round: "in" comes from the app, "out" goes to it.

        Of the answer's headers those that say something to the app, such as Retry-After.
        """
        self._count += 1
        entry = {
            "n": self._count,
            "at": time.time(),
            "direction": direction,
            "kind": kind,
            "method": method,
            "status": status,
            "request": masked(request),
            "response": masked(response),
            "headers": dict(headers),
            "ms": round(seconds * 1000, 1),
        }
        self._entries.append(entry)
        self._announce(entry)

    def after(self, number: int) -> list[dict[str, Any]]:
        return [entry for entry in self._entries if entry["n"] > number]
