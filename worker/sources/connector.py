"""What every connector can do; a new kind of source is a class with these two methods."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.errors import BadInput
from domain.metrics.coverage import CoveredDays
from domain.rows import Row


class SourceFailed(BadInput):
    """A source could not be read; one sentence says what, where and what to do."""


@dataclass(frozen=True)
class Fetched:
    """What a source yields: rows of text (record_id, employee, measure, occurred_on, value, customer_id)."""

    rows: Iterable[Row]
    covered: tuple[CoveredDays, ...] | None
    """The days it reports; None: it does not say, and the rule of its configuration holds."""


class Connector(Protocol):
    def fingerprint(self) -> str:
        """Of all that the result depends on: the same fingerprint, the same result. Raises SourceFailed."""
        ...

    def fetch(self) -> Fetched:
        """Raises SourceFailed."""
        ...
