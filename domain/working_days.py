"""Working days of a company's calendar, make-up days included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import chinese_calendar
import holidays

from domain.errors import N_, BadInput

WEEKENDS_ONLY = "none"
TELLING_WORKING_DAY = 5
"""From this one of a period on, its results tell enough for places and projections."""
_ONE_DAY = timedelta(days=1)


class UnknownCalendar(BadInput):
    """A calendar code that names no country."""

    def __init__(self, code: str) -> None:
        super().__init__(
            N_(
                'There is no calendar "{code}". Write a country code such as "cn", "de" or "us", a part of a '
                'country such as "de-by", or "none" for weekends only.'
            ),
            code=code,
        )


class WorkingDays:
    """The working days of a calendar.

    `cn` (the State Council's own days, with its make-up Saturdays and Sundays), another ISO country code,
    one with a subdivision (`de-by`), or `none` for Monday to Friday. Raises UnknownCalendar.
    """

    def __init__(self, calendar: str) -> None:
        self.calendar = calendar
        self._works_on = cache(_rule_of(calendar))

    def is_working_day(self, day: date) -> bool:
        return self._works_on(day)

    def nth_working_day(self, period_start: date, n: int) -> date:
        """The n-th working day on or after a day; the first is 1."""
        if n < 1:
            raise ValueError(f"Working days are counted from 1, not {n}.")
        return self.add(period_start - _ONE_DAY, n)

    def is_early(self, period_start: date, day: date) -> bool:
        """Whether the period has not reached its fifth working day by this day."""
        return day < self.nth_working_day(period_start, TELLING_WORKING_DAY)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after a day, or before it where n is negative; the day itself where n is 0."""
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self._works_on(day)
        return day


@cache
def working_days_of(calendar: str) -> WorkingDays:
    """The calendar, made once: it works out the holidays of each year once."""
    return WorkingDays(calendar)


def _rule_of(calendar: str) -> Callable[[date], bool]:
    code = calendar.strip().lower()
    if code == WEEKENDS_ONLY:
        return _is_monday_to_friday
    country, _, subdivision = code.partition("-")
    try:
        days = holidays.country_holidays(country.upper(), subdiv=subdivision.upper() or None)
    except NotImplementedError:  # how holidays says that it knows no such country
        raise UnknownCalendar(calendar) from None
    return _chinese_rule(days.is_working_day) if code == "cn" else days.is_working_day


def _is_monday_to_friday(day: date) -> bool:
    return day.weekday() < 5


def _chinese_rule(beyond_the_data: Callable[[date], bool]) -> Callable[[date], bool]:
    """Make-up days are announced a year at a time; other years follow the public holidays alone."""

    def works_on(day: date) -> bool:
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:  # how chinese_calendar says that it has no data for the year
            return beyond_the_data(day)

    return works_on
