"""Days and the keys of the periods they lie in."""

from collections.abc import Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)


def next_month(first: date) -> date:
    return (first + 31 * DAY).replace(day=1)


def months_between(first: date, end: date) -> Iterator[date]:
    while first < end:
        yield first
        first = next_month(first)


def monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def key_of(month: date) -> str:
    return f"{month:%Y-%m}"


def week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"
