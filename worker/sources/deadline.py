"""How long a run may take, all in all."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from domain.errors import N_
from worker.sources.connector import SourceFailed


@dataclass
class Deadline:
    """Runs from the moment it is made."""

    after: timedelta
    _ends: float = field(init=False)

    def __post_init__(self) -> None:
        self._ends = time.monotonic() + self.after.total_seconds()

    @property
    def left_s(self) -> float:
        return self._ends - time.monotonic()

    @property
    def left_ms(self) -> int:
        """At least 1: no limit at all is what 0 means to a database."""
        return max(1, int(self.left_s * 1000))

    def check(self) -> None:
        """Raises SourceFailed where the time is up."""
        if self.left_s <= 0:
            raise self.missed()

    def missed(self) -> SourceFailed:
        return SourceFailed(
            N_('Reading took longer than {seconds} s: ask for less, or raise "timeout" in sources.toml.'),
            seconds=int(self.after.total_seconds()),
        )
