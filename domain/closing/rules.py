"""When a period is to be closed: its data is due, it is looked through, then it is locked. Pure.

All in working days after its last day, by the company's calendar, make-up days included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.periods import Period
from domain.working_days import WorkingDays

POLICY = "close"
"""A table in [policies] of company.toml."""
MOST_DAYS = 60


@dataclass(frozen=True)
class CloseDays:
    """The working day after the period's end by which each is done; none before the one before it."""

    data_due: int = 3
    review: int = 6
    lock: int = 8

    @classmethod
    def of(cls, policies: Mapping[str, Any]) -> CloseDays:
        return cls(**policies.get(POLICY, {}))


class PeriodState(StrEnum):
    RUNNING = "running"
    AWAITING_DATA = "awaiting_data"
    IN_REVIEW = "in_review"
    DUE = "due"
    """Looked through, and to be locked."""
    OVERDUE = "overdue"
    LOCKED = "locked"


class Stage(StrEnum):
    """What HR is reminded of, in this order, each once."""

    DATA_DUE = "data_due"
    REVIEW_ENDS = "review_ends"
    LOCK_DUE = "lock_due"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class CloseCalendar:
    """Each day is the last one for what it names."""

    data_due: date
    review: date
    lock: date

    @classmethod
    def of(cls, period: Period, days: CloseDays, calendar: WorkingDays) -> CloseCalendar:
        return cls(*(calendar.add(period.last_day, n) for n in (days.data_due, days.review, days.lock)))


def state_of(period: Period, calendar: CloseCalendar, today: date, *, locked: bool) -> PeriodState:
    if locked:
        return PeriodState.LOCKED
    if today < period.end:
        return PeriodState.RUNNING
    if today <= calendar.data_due:
        return PeriodState.AWAITING_DATA
    if today <= calendar.review:
        return PeriodState.IN_REVIEW
    return PeriodState.DUE if today <= calendar.lock else PeriodState.OVERDUE


def stage_reached(calendar: CloseCalendar, today: date) -> Stage | None:
    """The last of the days for a reminder that has come: HR hears of that one alone."""
    if today > calendar.lock:
        return Stage.OVERDUE
    reached = [
        stage
        for stage, day in (
            (Stage.DATA_DUE, calendar.data_due),
            (Stage.REVIEW_ENDS, calendar.review),
            (Stage.LOCK_DUE, calendar.lock),
        )
        if day <= today
    ]
    return reached[-1] if reached else None
