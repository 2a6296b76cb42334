"""A company that hands its files in day by day: played as it happened, each day on its own clock.

Such a folder has a `year.toml`, which says what is done when, and for each day a folder to import.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.clock import FixedClock
from domain.errors import BadInput
from domain.incentives.rules_terms import TermKind
from domain.periods import Period

YEAR_FILE = "year.toml"
MEETING = time(10)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Restating:
    period: Period
    people: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Agreed:
    """A personal term of pay, as HR writes it down."""

    employee_id: str
    kind: TermKind
    value: Decimal
    since: date
    because: str


@dataclass(frozen=True)
class Arriving:
    """The files of a day, and what HR does once they are in."""

    on: date
    folder: Path
    restating: tuple[Restating, ...]
    terms: tuple[Agreed, ...]


@dataclass(frozen=True)
class Locking:
    """The day on which a month is locked, and why in spite of what is still open."""

    on: date
    month: Period
    because: str


@dataclass(frozen=True)
class Year:
    hr: str
    """The employee id of whoever locks and restates."""
    zone: ZoneInfo
    days: tuple[Arriving | Locking, ...]
    """In the order in which they come."""

    @property
    def last_month(self) -> Period:
        return [day.month for day in self.days if isinstance(day, Locking)][-1]

    def clock_on(self, day: date) -> FixedClock:
        """10:00 on a day, where the company is."""
        return FixedClock(datetime.combine(day, MEETING, self.zone).astimezone(UTC))


def is_year(folder: Path) -> bool:
    return (folder / YEAR_FILE).is_file()


def read_year(folder: Path) -> Year:
    """Raises BadInput where `year.toml` does not say what it should."""
    try:
        text = tomllib.loads((folder / YEAR_FILE).read_text(encoding="utf-8"))
        days = [day for hand_in in text["hand_ins"] for day in _days(folder, hand_in)]
        in_order = sorted(days, key=lambda day: (day.on, isinstance(day, Locking)))
        year = Year(text["hr"], ZoneInfo(text["time_zone"]), tuple(in_order))
    except (ValueError, ArithmeticError, LookupError, TypeError) as problem:
        raise BadInput(
            "{file} cannot be read ({problem}): compare it with that of examples/consumer-loans.",
            file=folder / YEAR_FILE,
            problem=repr(problem),
        ) from None
    if not any(isinstance(day, Locking) for day in year.days):
        raise BadInput("{file} locks no month: give a hand-in `completes` and `lock_on`.", file=YEAR_FILE)
    return year


def _days(folder: Path, hand_in: dict[str, Any]) -> Iterator[Arriving | Locking]:
    restating = tuple(
        Restating(Period.parse(one["period"]), tuple(one["people"]), one["because"])
        for one in hand_in.get("restatements", [])
    )
    terms = tuple(
        Agreed(one["employee"], TermKind(one["kind"]), Decimal(one["value"]), one["from"], one["because"])
        for one in hand_in.get("terms", [])
    )
    yield Arriving(hand_in["on"], folder / str(hand_in["on"]), restating, terms)
    if "completes" in hand_in:
        yield Locking(hand_in["lock_on"], Period.parse(hand_in["completes"]), hand_in["because"])
