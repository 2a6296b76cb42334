"""Streaks of missed months. See "Streaks and alerts"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.periods import Period, PeriodKind
from domain.scoring.rules_cards import Miss

ALERT_LENGTHS = (3, 6)
MOST_EXEMPT_MONTHS = 3
"""Exempt months in a row that a streak survives."""


@dataclass(frozen=True, slots=True)
class MonthOutcome:
    """One locked month of a person."""

    month: Period
    outcome: Miss
    job_family: str

    def __post_init__(self) -> None:
        if self.month.kind is not PeriodKind.MONTH:
            raise ValueError(f"Streaks count months; {self.month} is a {self.month.kind}.")


class StreakEnd(StrEnum):
    HIT = "hit"
    EXEMPT_TOO_LONG = "exempt_too_long"
    JOB_FAMILY_CHANGED = "job_family_changed"
    MONTH_NOT_LOCKED = "month_not_locked"


@dataclass(frozen=True, slots=True)
class Streak:
    """Missed months in a row; the exempt months between them are not in it."""

    missed: tuple[Period, ...]
    ended_by: StreakEnd | None = None
    """None: the next missed month extends it."""

    @property
    def start(self) -> Period:
        return self.missed[0]

    @property
    def length(self) -> int:
        return len(self.missed)

    @property
    def reached(self) -> dict[int, Period]:
        """The lengths that alert, each with the missed month that completed it."""
        return {length: self.missed[length - 1] for length in ALERT_LENGTHS if length <= self.length}


def streaks(months: Sequence[MonthOutcome]) -> tuple[Streak, ...]:
    """A person's streaks, oldest first, from the locked months in order; only the last can still be open.

    Raises ValueError where the months are not in order, or repeated.
    """
    found: list[Streak] = []
    missed: list[Period] = []
    exempt_in_a_row = 0
    previous: MonthOutcome | None = None

    def end(reason: StreakEnd | None) -> None:
        if missed:
            found.append(Streak(tuple(missed), reason))
            missed.clear()

    for month in months:
        if previous and (break_between := _break_between(previous, month)):
            end(break_between)
        exempt_in_a_row = exempt_in_a_row + 1 if month.outcome is Miss.EXEMPT else 0
        if month.outcome is Miss.MISS:
            missed.append(month.month)
        elif month.outcome is Miss.HIT:
            end(StreakEnd.HIT)
        elif exempt_in_a_row > MOST_EXEMPT_MONTHS:
            end(StreakEnd.EXEMPT_TOO_LONG)
        previous = month
    end(None)
    return tuple(found)


def open_streak(months: Sequence[MonthOutcome]) -> Streak | None:
    """The missed months that the next miss would extend; None where there are none."""
    found = streaks(months)
    return found[-1] if found and found[-1].ended_by is None else None


def _break_between(earlier: MonthOutcome, later: MonthOutcome) -> StreakEnd | None:
    if later.month <= earlier.month:
        raise ValueError(f"Months must rise: {later.month} comes after {earlier.month}.")
    if later.month != earlier.month.next():
        return StreakEnd.MONTH_NOT_LOCKED
    return StreakEnd.JOB_FAMILY_CHANGED if later.job_family != earlier.job_family else None
