"""The targets of many people for a period: amounts × ramp × eligible days / days, rounded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from domain.periods import Period
from domain.scoring.columns.rules_days import EligibleDays, months_since_hire
from domain.scoring.columns.rules_integers import LARGEST, Flags, Integers, half_up
from domain.scoring.columns.rules_plan import ScaledPlan

OWN = 0
"""The period itself, among the periods whose targets count; its months follow."""
_TO_CENTS = 100
"""From ten-thousandths."""


@dataclass(frozen=True, slots=True)
class TargetRows:
    """`row` is the person's, `indicator` its place among those with targets, `of` the period's (see OWN).

    `from_day`: 0 without one; `amount` in ten-thousandths.
    """

    row: Integers
    id: Integers
    indicator: Integers
    of: Integers
    from_day: Integers
    amount: Integers

    def in_order(self) -> TargetRows:
        """As they came into force."""
        order = np.lexsort((self.from_day, self.of, self.indicator, self.row))
        return self.only(order)

    def only(self, which: Integers | Flags) -> TargetRows:
        return TargetRows(
            self.row[which],
            self.id[which],
            self.indicator[which],
            self.of[which],
            self.from_day[which],
            self.amount[which],
        )


@dataclass(frozen=True, slots=True)
class Targets:
    """Of one indicator, in cents; anything where there is none."""

    cents: Integers
    there: Flags
    unsure: Flags


def person_targets(
    plan: ScaledPlan,
    periods: Sequence[Period],
    rows: TargetRows,
    indicators: int,
    hired: Integers,
    eligible: EligibleDays,
) -> list[Targets]:
    """By indicator; `periods` is the period itself and, of a week or a quarter, its months."""
    rows = rows.in_order()
    people = len(hired)
    days = _days_in_force(rows, periods, eligible)
    ramps = np.column_stack([_ramp(plan, hired, period) for period in periods])
    found = []
    for indicator in range(indicators):
        here = rows.indicator == indicator
        amounts = _Amounts(rows.only(here), days[here], ramps, plan.full, people)
        found.append(_target(periods, amounts, eligible))
    return found


@dataclass(frozen=True, slots=True)
class _Amounts:
    """The rows of one indicator, with the eligible days each was in force on."""

    rows: TargetRows
    days: Integers
    ramps: Integers
    full: int
    """A full target, among the ramps."""
    people: int

    def to_cents(self, total: Integers, days: int) -> Integers:
        return half_up(total, _TO_CENTS * self.full * days)

    def there(self, of: int) -> Flags:
        flags = np.zeros(self.people, dtype=bool)
        flags[self.rows.row[self.rows.of == of]] = True
        return flags

    def total(self, of: int, times: int) -> tuple[Integers, Flags]:
        """Σ amount × days × ramp × `times`; and where it may be too large."""
        here = self.rows.of == of
        row = self.rows.row[here]
        factors = (self.rows.amount[here], self.days[here], self.ramps[row, of])
        sizes = np.abs(factors[0].astype(np.float64)) * factors[1] * factors[2] * times
        total = np.zeros(self.people, dtype=np.int64)
        np.add.at(total, row, factors[0] * factors[1] * factors[2] * times)
        size = np.bincount(row, weights=sizes, minlength=self.people)
        return total, size > LARGEST * 0.99


def _target(periods: Sequence[Period], amounts: _Amounts, eligible: EligibleDays) -> Targets:
    own, *months = periods
    total, unsure = amounts.total(OWN, 1)
    cents, there = amounts.to_cents(total, own.days), amounts.there(OWN)
    if not months:
        return Targets(cents, there, unsure)
    by_months = _target_by_months(months, amounts, eligible)
    return Targets(
        np.where(there, cents, by_months.cents),
        there | by_months.there,
        np.where(there, unsure, by_months.unsure),
    )


def _target_by_months(months: Sequence[Period], amounts: _Amounts, eligible: EligibleDays) -> Targets:
    """Each month with an eligible day must have a target."""
    everybody = np.arange(amounts.people)
    common_days = lcm(*(month.days for month in months))
    total = np.zeros(amounts.people, dtype=np.int64)
    unsure, has_any, lacks_one = (np.zeros(amounts.people, dtype=bool) for _ in range(3))
    for of, month in enumerate(months, start=OWN + 1):
        of_month, too_large = amounts.total(of, common_days // month.days)
        there = amounts.there(of)
        first, last = month.start.toordinal(), month.last_day.toordinal()
        total += of_month
        unsure |= too_large
        has_any |= there
        lacks_one |= ~there & (eligible.between(everybody, first, last) > 0)
    unsure |= np.abs(total) > LARGEST
    return Targets(amounts.to_cents(total, common_days), has_any & ~lacks_one, unsure)


def _days_in_force(rows: TargetRows, periods: Sequence[Period], eligible: EligibleDays) -> Integers:
    """Of each row, in order, the eligible days from its own day to the one before the next row's."""
    starts = np.array([period.start.toordinal() for period in periods])
    lasts = np.array([period.last_day.toordinal() for period in periods])
    start = np.maximum(rows.from_day, starts[rows.of])
    end = lasts[rows.of]
    goes_on = (
        (rows.row[1:] == rows.row[:-1])
        & (rows.indicator[1:] == rows.indicator[:-1])
        & (rows.of[1:] == rows.of[:-1])
    )
    end[:-1] = np.where(goes_on, np.minimum(start[1:] - 1, end[:-1]), end[:-1])
    return eligible.between(rows.row, start, end)


def _ramp(plan: ScaledPlan, hired: Integers, period: Period) -> Integers:
    return plan.ramp[np.minimum(months_since_hire(hired, period), len(plan.ramp) - 1)]
