"""What is delivered to the app, and what a transport has to do."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

TransportName = Literal["socket", "http"]
Kind = Literal["command", "interaction", "options", "event"]


@dataclass(frozen=True)
class Retry:
    """That an event is sent again: for the how manieth time, and why the last one failed."""

    attempt: int
    reason: str


@dataclass(frozen=True)
class Delivery:
    """One payload for the app."""

    kind: Kind
    payload: dict[str, Any]
    retry: Retry | None = None

    @property
    def answered(self) -> bool:
        """Whether the acknowledgement may bring an answer along."""
        return self.kind in ("command", "options") or self.payload["type"] == "view_submission"

    @property
    def name(self) -> str:
        """What it is about, for the inspector."""
        if self.kind == "command":
            return str(self.payload["command"])
        if self.kind == "event":
            return str(self.payload["event"]["type"])
        return str(self.payload["type"])


@dataclass(frozen=True)
class Parcel:
    """A delivery as it goes over the wire; sending it twice sends the same bytes twice."""

    delivery: Delivery
    wire: Any
    """The transport's own form."""
    shown: dict[str, Any]
    """For the inspector."""


WHY = {
    "dispatch_failed": "the app cannot be reached",
    "operation_timeout": "the app did not acknowledge in time",
    "http_service_error": "the app answered with another status than 200",
}


class UndeliveredError(Exception):
    """Nobody acknowledged.

    `code` is Slack's word for a person: `dispatch_failed`, `operation_timeout`, `http_service_error`.
    `reason` is its word for an app that gets the event again; `final` says that the app wants it no more.
    """

    def __init__(self, code: str, reason: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.final = final

    @property
    def told(self) -> str:
        """For a person: Slack's word, and what it means here."""
        why = WHY.get(self.code)
        return f'"{self.code}": {why}' if why else f'"{self.code}"'


class Transport(Protocol):
    """One of the two ways to the app."""

    name: TransportName

    @property
    def connection_count(self) -> int:
        """How many lines to the app stand; 0 while it cannot be reached."""

    def pack(self, delivery: Delivery) -> Parcel: ...

    async def send(self, parcel: Parcel) -> dict[str, Any]:
        """Send, wait for the acknowledgement, give the answer in it. Raises UndeliveredError."""

    async def close(self) -> None: ...
