"""Periods: ISO weeks, calendar months and quarters, half-open `[start, end)`.

A period is a pair of dates without a time zone: whoever asks "which month is it?" first turns the
instant into a date of the company's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering

FIRST_YEAR, LAST_YEAR = 1900, 9998
_ONE_DAY = timedelta(days=1)
_MONTHS_LONG = {"month": 1, "quarter": 3}
_KEY = re.compile(r"(?P<year>[0-9]{4})-(?:W(?P<week>[0-9]{2})|Q(?P<quarter>[1-4])|(?P<month>[0-9]{2}))")


class PeriodKind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A week, month or quarter. Sorts by its first day, then by its length."""

    kind: PeriodKind
    start: date

    def __post_init__(self) -> None:
        if _first_day(self.kind, self.start) != self.start:
            raise ValueError(f"{self.start} is not the first day of a {self.kind}.")

    @classmethod
    def parse(cls, key: str) -> Period:
        """The period of a key such as `2026-03`, `2026-W11` or `2026-Q1`.

        Raises ValueError with a sentence fit for the person who wrote the key.
        """
        match = _KEY.fullmatch(key)
        if not match:
            raise ValueError(
                f'"{key}" is not a period. Write a month as 2026-03, a week as 2026-W11, a quarter as 2026-Q1.'
            )
        year = int(match["year"])
        if match["week"]:
            return cls.week(year, int(match["week"]))
        if match["quarter"]:
            return cls.quarter(year, int(match["quarter"]))
        return cls.month(year, int(match["month"]))

    @classmethod
    def week(cls, year: int, number: int) -> Period:
        """ISO week `number` of the ISO year. Raises ValueError where that year has no such week."""
        _check_year(year)
        try:
            return cls(PeriodKind.WEEK, date.fromisocalendar(year, number, 1))
        except ValueError:
            raise ValueError(f"{year} has no week {number}.") from None

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        _check_year(year)
        if not 1 <= number <= 12:
            raise ValueError(f"There is no month {number}: months are 1 to 12.")
        return cls(PeriodKind.MONTH, date(year, number, 1))

    @classmethod
    def quarter(cls, year: int, number: int) -> Period:
        _check_year(year)
        if not 1 <= number <= 4:
            raise ValueError(f"There is no quarter {number}: quarters are 1 to 4.")
        return cls(PeriodKind.QUARTER, date(year, 3 * number - 2, 1))

    @classmethod
    def containing(cls, kind: PeriodKind | str, day: date) -> Period:
        kind = PeriodKind(kind)
        return cls(kind, _first_day(kind, day))

    @property
    def key(self) -> str:
        if self.kind is PeriodKind.WEEK:
            year, number, _ = self.start.isocalendar()
            return f"{year:04}-W{number:02}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.start.year:04}-Q{(self.start.month + 2) // 3}"
        return f"{self.start.year:04}-{self.start.month:02}"

    @property
    def end(self) -> date:
        """The day after the last one."""
        if self.kind is PeriodKind.WEEK:
            return self.start + timedelta(days=7)
        return _months_later(self.start, _MONTHS_LONG[self.kind])

    @property
    def last_day(self) -> date:
        return self.end - _ONE_DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def months(self) -> tuple[Period, ...]:
        """The calendar months that share at least one day with the period, in order."""
        return tuple(_months_from(self.start, self.last_day))

    def previous(self) -> Period:
        return Period.containing(self.kind, self.start - _ONE_DAY)

    def next(self) -> Period:
        return Period(self.kind, self.end)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __lt__(self, other: Period) -> bool:
        return (self.start, self.days) < (other.start, other.days)

    def __str__(self) -> str:
        return self.key


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The year {year:04} is out of range: periods run from {FIRST_YEAR} to {LAST_YEAR}.")


def _first_day(kind: PeriodKind, day: date) -> date:
    if kind is PeriodKind.WEEK:
        return day - timedelta(days=day.weekday())
    if kind is PeriodKind.QUARTER:
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(day=1)


def _months_later(first_of_month: date, months: int) -> date:
    years, month = divmod(first_of_month.month - 1 + months, 12)
    return date(first_of_month.year + years, month + 1, 1)


def _months_from(first: date, last: date) -> Iterator[Period]:
    day = first.replace(day=1)
    while day <= last:
        yield Period(PeriodKind.MONTH, day)
        day = _months_later(day, 1)
