"""When an improvement plan's months, its check-ins and its end are, pauses included. Pure.

Months are whole calendar months, so that what is judged are locked cards. A month that stood still for more
than half of its days is not judged, and the plan goes on for one more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.periods import Period, PeriodKind
from domain.working_days import WorkingDays

LENGTH = 3
"""Months, where nobody says otherwise."""
LONGEST = 12
BETWEEN_CHECK_INS = 14
WATCHED = 3
"""Months after a pass in which a miss starts no alert."""
LATEST_START = 10
"""Of a month, for that month to be judged still: its first days were nobody's plan."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """Both days included; without an end it lasts."""

    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Timeline:
    """From the day on which the person has the plan."""

    began_on: date
    months: int
    pauses: tuple[Pause, ...] = ()

    def stands_still(self, day: date) -> bool:
        return any(pause.holds(day) for pause in self.pauses)

    @property
    def is_paused_for_good(self) -> bool:
        """Whether a pause has no end: no last day can be named."""
        return any(pause.end is None for pause in self.pauses)


def first_month(began_on: date) -> Period:
    """The month of the beginning where that lies in its first ten days, else the next."""
    month = Period.containing(PeriodKind.MONTH, began_on)
    return month if began_on.day <= LATEST_START else month.next()


def judged_months(timeline: Timeline) -> tuple[Period, ...]:
    """The months whose locked cards are pooled. Raises ValueError where a pause has no end."""
    if timeline.is_paused_for_good:
        raise ValueError("A plan that stands still has no last month: end its pause first.")
    found: list[Period] = []
    month = first_month(timeline.began_on)
    while len(found) < timeline.months:
        if _moved_for_half_of(timeline, month):
            found.append(month)
        month = month.next()
    return tuple(found)


def last_day(timeline: Timeline) -> date:
    """The last day of the last month that is judged. Raises ValueError where a pause has no end."""
    return judged_months(timeline)[-1].last_day


def check_ins(timeline: Timeline, calendar: WorkingDays) -> tuple[date, ...]:
    """Every fourteenth day that the plan moved on, or the next working day; none after the last day.

    Of a plan that stands still: those up to its pause.
    """
    return tuple(_check_ins(timeline, calendar))


def _check_ins(timeline: Timeline, calendar: WorkingDays) -> Iterator[date]:
    end = None if timeline.is_paused_for_good else last_day(timeline)
    stop = end or max(pause.start for pause in timeline.pauses if pause.end is None)
    moved, day = 0, timeline.began_on
    while day < stop:
        day += _ONE_DAY
        if timeline.stands_still(day):
            continue
        moved += 1
        if moved % BETWEEN_CHECK_INS == 0:
            due = day if calendar.is_working_day(day) else calendar.add(day, 1)
            if due <= stop:
                yield due


def _moved_for_half_of(timeline: Timeline, month: Period) -> bool:
    days = [month.start + timedelta(days=n) for n in range(month.days)]
    return 2 * sum(timeline.stands_still(day) for day in days) <= len(days)


def watched_months(decided: Sequence[Period]) -> tuple[Period, ...]:
    """The months after a pass that start no alert: three after the last one judged."""
    found, month = [], decided[-1]
    for _ in range(WATCHED):
        month = month.next()
        found.append(month)
    return tuple(found)
