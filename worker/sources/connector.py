"""What every connector can do; a new kind of source is a class with these two methods."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

from domain.errors import BadInput
from domain.metrics.coverage import CoveredDays
from domain.rows import BadRow, Row


class SourceFailed(BadInput):
    """A source could not be read; one sentence says what, where and what to do."""


@dataclass(frozen=True)
class Window:
    """Which part of a source to read."""

    until: date
    """Today in the company's time zone."""
    zone: ZoneInfo
    """The company's: a moment belongs to the day that it is there."""
    cursor: str | None = None
    """Where the last run ended; None: from the beginning."""
    most_rows: int | None = None
    """A few rows will do: to see whether the source works at all."""


@dataclass(frozen=True)
class Fetched:
    """What a source yields: rows of text (record_id, employee, measure, occurred_on, value, customer_id)."""

    rows: Iterable[Row | BadRow]
    """Read while they are asked for; may raise SourceFailed."""
    covered: tuple[CoveredDays, ...] | None = None
    """The days it reports; None: it does not say, and the rule of its configuration holds."""
    cursor: Callable[[], str | None] = lambda: None
    """Where the next run goes on; asked for after the last row."""


class Connector(Protocol):
    fingerprint_is_whole: ClassVar[bool]
    """Whether the same fingerprint means the same rows. If not, it stands for the configuration alone: as
    long as it stays the same, the next run goes on at the cursor of the last."""

    def fingerprint(self) -> str:
        """Of the configuration, and of what is to be read as far as it is known. Raises SourceFailed."""
        ...

    def fetch(self, window: Window) -> Fetched:
        """Raises SourceFailed."""
        ...
