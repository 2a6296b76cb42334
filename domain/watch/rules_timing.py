"""When a message about somebody's work may arrive: in working hours, and never on a holiday."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.working_days import WorkingDays

DAY_BEGINS = time(9)
DAY_ENDS = time(18)


def next_working_time(now: datetime, time_zone: str, calendar: WorkingDays) -> datetime:
    """`now` where it lies in working hours on a working day of `time_zone`, else their next beginning."""
    local = now.astimezone(ZoneInfo(time_zone))
    if calendar.is_working_day(local.date()) and DAY_BEGINS <= local.time() < DAY_ENDS:
        return now
    day = local.date()
    if local.time() >= DAY_BEGINS:
        day += timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, DAY_BEGINS, ZoneInfo(time_zone)).astimezone(UTC)
