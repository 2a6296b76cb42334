"""How fast a conversation may be written to and searched: kept for all processes together."""

from contextlib import AbstractContextManager
from typing import Protocol


class Pace(Protocol):
    def wait_ms(self, channel: str) -> int:
        """0: post now, and the next second is taken. Else come back after as many milliseconds."""
        ...

    def hold(self, channel: str, ms: int) -> None:
        """Nobody posts there for `ms`: Slack asked for a pause."""
        ...

    def held_ms(self, name: str) -> int:
        """For how long yet nobody may, without taking the next second."""
        ...

    def uploading(self, digest: str) -> AbstractContextManager[bool]:
        """True within for the one who may draw and upload the picture, false for everybody else."""
        ...

    def looking(self, channel: str) -> AbstractContextManager[bool]:
        """True within for the one who may search the conversation, false for everybody else."""
        ...
