"""What a card is computed from: the person's dates, targets and values, and which days are known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from domain.metrics.rules import Coverage
from domain.periods import Period
from domain.plans.rules import Indicator, Plan
from domain.scoring.rules_exact import exact_sum

DaySpan = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class Employment:
    """Employed from `hired_on` to `left_on`, both included."""

    hired_on: date
    left_on: date | None = None

    def months_since_hire(self, day: date) -> int:
        """Calendar months since the month of hire, which is 0; never below 0."""
        return max((day.year - self.hired_on.year) * 12 + day.month - self.hired_on.month, 0)


@dataclass(frozen=True, slots=True)
class TargetAmount:
    """A target's amount for a period; with `from_day`, in force from that day of it on."""

    period: Period
    amount: Decimal
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class PersonInput:
    """One person. `targets` by indicator name; `values` by quantity, over the window's days (absent: zero).

    `before`: by indicator read against own months, what was achieved in them. `nameless`: by indicator, the
    purchases in the window that name no customer.
    """

    employee_id: str
    employment: Employment
    leaves: tuple[DaySpan, ...] = ()
    targets: Mapping[str, tuple[TargetAmount, ...]] = field(default_factory=dict)
    values: Mapping[str, Decimal] = field(default_factory=dict)
    before: Mapping[str, Decimal] = field(default_factory=dict)
    nameless: Mapping[str, int] = field(default_factory=dict)


def measure_value(
    records: Iterable[tuple[date, Decimal]], is_stock: bool, first: date, last: date
) -> Decimal:
    """A person's value of one measure over the days `first` to `last`, both included.

    `records` are (occurred_on, value) in any order. A flow is their sum; a stock the sum of the records of
    the latest day that has any. No record: 0.
    """
    inside = [(day, value) for day, value in records if first <= day <= last]
    if is_stock and inside:
        latest = max(day for day, _ in inside)
        inside = [(day, value) for day, value in inside if day == latest]
    return exact_sum(value for _, value in inside)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A record above 0 of a measure whose repurchases count."""

    day: date
    customer: str


def repurchase_values(
    indicator: Indicator, purchases: Iterable[Purchase], first: date, last: date
) -> dict[str, Decimal]:
    """The customers who bought from `first` to `last`, and those of them who returned, by quantity.

    One returns who bought on such a day and on an earlier one, at most `within_days` before it.
    """
    if indicator.repurchase is None:
        return {}
    days: dict[str, set[date]] = {}
    for purchase in purchases:
        days.setdefault(purchase.customer, set()).add(purchase.day)
    returning = customers = 0
    for bought in days.values():
        gaps = [
            (day - before).days
            for before, day in pairwise([date.min, *sorted(bought)])
            if first <= day <= last
        ]
        customers += bool(gaps)
        returning += any(gap <= indicator.repurchase.within_days for gap in gaps)
    counted = zip(indicator.quantities, (returning, customers), strict=True)
    return {quantity: Decimal(number) for quantity, number in counted}


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a period that a plan's cards are scored over; the same for everybody.

    After the period: all of its days, `missing` naming the measures that lack coverage on any of them, or
    before it as far as the plan looks back. While it runs: up to `last`, the last day that every needed
    measure covers without a gap, `missing` naming those that lack coverage before the period; no `last`
    where the first day is not covered yet, by the measures in `missing`.
    """

    period: Period
    is_running: bool
    last: date | None
    missing: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        return (self.last - self.period.start).days + 1 if self.last else 0


def scoring_window(plan: Plan, period: Period, coverage: Coverage, today: date) -> Window:
    """The window on the company's day `today`. Raises ValueError for a period that has not begun."""
    if today < period.start:
        raise ValueError(f"{period} has not begun on {today}.")
    before = _unknown_before(plan, period, coverage)
    if today >= period.end:
        missing = coverage.uncovered(plan.measures_needed, period.start, period.last_day)
        return Window(period, False, period.last_day, _in_order(plan, (*missing, *before)))
    reached = {measure: coverage.covered_to(measure, period.start) for measure in plan.measures_needed}
    if missing := tuple(measure for measure, day in reached.items() if day is None):
        return Window(period, True, None, missing)
    last = min(today, *(day for day in reached.values() if day is not None))
    return Window(period, True, last, before)


def _unknown_before(plan: Plan, period: Period, coverage: Coverage) -> tuple[str, ...]:
    """The measures that lack coverage on a day before the period that the plan looks back to."""
    if not plan.looks_back:
        return ()
    eve = period.start - timedelta(days=1)
    return tuple(
        measure
        for measure in plan.measures_needed
        if (first := plan.known_from(measure, period)) < period.start
        and coverage.uncovered([measure], first, eve)
    )


def _in_order(plan: Plan, measures: Collection[str]) -> tuple[str, ...]:
    """Each once, in the plan's order."""
    return tuple(measure for measure in plan.measures_needed if measure in measures)
