"""Lengths of service and days that lie years or months away. Pure; a typed face of dateutil."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Service:
    """Full years, full months of the rest, days of the rest; the last day counts."""

    years: int
    months: int
    days: int


def served(start: date, last_day: date) -> Service:
    length = relativedelta(last_day + ONE_DAY, start)
    return Service(length.years, length.months, length.days)


def years_later(day: date, years: int) -> date:
    """29 February becomes the 28th where there is none."""
    later: date = day + relativedelta(years=years)
    return later


def months_later(day: date, months: int) -> date:
    later: date = day + relativedelta(months=months)
    return later


def month_key(day: date) -> str:
    """Such as 2026-03."""
    return day.strftime("%Y-%m")
