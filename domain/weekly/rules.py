"""When a week's messages are due: on its first working day, in the morning where the reader is. Pure."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from domain.periods import Period, PeriodKind
from domain.working_days import WorkingDays

CARDS_AT, DIGESTS_AT = time(8), time(9)
"""On the reader's clock. Managers read theirs after their people."""


def week_of(day: date) -> Period:
    return Period.containing(PeriodKind.WEEK, day)


def first_working_day(week: Period, calendar: WorkingDays) -> date | None:
    """Monday, most of the year; None for a week of holidays."""
    day = calendar.nth_working_day(week.start, 1)
    return day if day in week else None


def is_due(week: Period, today: date, calendar: WorkingDays) -> bool:
    """From its first working day to its last day: who starts late catches up, but not on weeks gone by."""
    first = first_working_day(week, calendar)
    return first is not None and first <= today < week.end


def morning(week: Period, at: time, zone: ZoneInfo, calendar: WorkingDays) -> datetime:
    """That time on the week's first working day. Raises ValueError for a week without one."""
    first = first_working_day(week, calendar)
    if first is None:
        raise ValueError(f"{week} has no working day.")
    return datetime.combine(first, at, zone).astimezone(UTC)
