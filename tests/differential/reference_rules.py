"""What the reference scorer reads, counts and rounds with: files, days, curves and exact numbers."""

import csv
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

Row = dict[str, str]
DAY = timedelta(days=1)


def rows(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal) if path.exists() else {}


@cache
def day_of(text: str) -> date:
    return date.fromisoformat(text)


def is_employed(person: Row, day: date) -> bool:
    return day_of(person["hired_on"]) <= day and (not person["left_on"] or day <= day_of(person["left_on"]))


@cache
def days_of(period: str) -> tuple[date, ...]:
    """Every day of 2026-03, 2026-W11 or 2026-Q1."""
    year, part = int(period[:4]), period[5:]
    if part.startswith("W"):
        monday = date.fromisocalendar(year, int(part[1:]), 1)
        return tuple(monday + number * DAY for number in range(7))
    if part.startswith("Q"):
        last_month = 3 * int(part[1:])
        months = [last_month - 2, last_month - 1, last_month]
    else:
        months = [int(part)]
    day, days = date(year, months[0], 1), []
    while day.year == year and day.month in months:
        days.append(day)
        day += DAY
    return tuple(days)


@cache
def months_of(period: str) -> tuple[str, ...]:
    """The months that a period has days of, in order; a month's only one is itself."""
    return tuple(dict.fromkeys(f"{day:%Y-%m}" for day in days_of(period)))


def months_since_hire(person: Row, month: str) -> int:
    """The month of hire is 0, and so are those before it."""
    hired_on = day_of(person["hired_on"])
    return max(0, 12 * (int(month[:4]) - hired_on.year) + int(month[5:]) - hired_on.month)


def measures_needed(plan: dict[str, Any]) -> list[str]:
    """All that an indicator, a deduction or a gate names, each once, in the plan's order."""
    found: list[str] = []
    for part in [*plan["indicators"], *plan.get("deductions", []), *plan.get("gates", [])]:
        found += part.get("ratio", [])
        found += [part[key] for key in ("measure", "repurchase") if key in part]
    return list(dict.fromkeys(found))


def months_before(period: str, count: int) -> list[str]:
    """So many months before the one that the period begins in, in order."""
    day, found = days_of(period)[0], [months_of(period)[0]]
    while len(found) <= count:
        day -= DAY
        if f"{day:%Y-%m}" != found[0]:
            found.insert(0, f"{day:%Y-%m}")
    return found[:-1]


def days_looked_back_to(plan: dict[str, Any], measure: str, period: str) -> list[date]:
    """The days before a period on which the plan asks for a measure."""
    days: set[date] = set()
    first = days_of(period)[0]
    for indicator in plan["indicators"]:
        if indicator.get("repurchase") == measure:
            days |= {first - ago * DAY for ago in range(1, int(indicator["within_days"]) + 1)}
        if indicator.get("measure") == measure and "against" in indicator:
            for month in months_before(period, int(indicator.get("months", 3))):
                days |= set(days_of(month))
            days |= {day for day in days_of(months_of(period)[0]) if day < first}
    return sorted(days)


def weight_of(indicator: dict[str, Any], starting_tier: str) -> Decimal:
    return Decimal(indicator.get("weight_by_tier", {}).get(starting_tier, indicator["weight"]))


def amount_on(stated: list[tuple[date, Fraction]], day: date) -> Fraction:
    """The amount in force: of those whose day has come, the latest."""
    in_force = Fraction(0)
    for since, amount in stated:
        if since <= day:
            in_force = amount
    return in_force


def on_curve(curve: list[list[Any]], x: Fraction) -> Fraction:
    anchors = [(Fraction(at), Fraction(points)) for at, points in curve]
    if x <= anchors[0][0]:
        return anchors[0][1]
    for (x0, y0), (x1, y1) in pairwise(anchors):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return anchors[-1][1]


def compares(rule: dict[str, Any], value: Fraction) -> bool:
    """`above` >, `at_least` ≥, `below` <."""
    if "above" in rule:
        return value > Fraction(rule["above"])
    if "at_least" in rule:
        return value >= Fraction(rule["at_least"])
    return value < Fraction(rule["below"])


def path_of(unit: str) -> list[str]:
    """The units from the root to a leaf: Acme, Acme/West, Acme/West/Team 1."""
    names = unit.split("/")
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]


def half_up(number: Fraction, places: int) -> Fraction:
    """Rounded to `places` after the point, a half away from zero."""
    steps, rest = divmod(abs(number) * 10**places, 1)
    if rest >= Fraction(1, 2):
        steps += 1
    rounded = Fraction(steps, 10**places)
    return -rounded if number < 0 else rounded


def shown(number: Fraction | None, places: int) -> str:
    """A plain decimal with `places` after the point; a zero has no sign."""
    if number is None:
        return ""
    rounded = half_up(number, places)
    digits = str(abs(int(rounded * 10**places))).rjust(places + 1, "0")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
