"""What the cards of very many people take from before their period: own months, customers who return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.plans.rules import Indicator
from domain.scoring.columns.rules_days import EligibleDays, Leaves, eligible_days
from domain.scoring.columns.rules_integers import LARGEST, Flags, Integers, half_up, too_large
from domain.scoring.columns.rules_targets import Targets
from domain.scoring.rules_inputs import Window

NAMELESS = -1
"""Among customers: none is named."""
_TO_CENTS = 100
"""From ten-thousandths."""
_ONE = 10_000
"""A customer, as values are kept."""


@dataclass(frozen=True, slots=True)
class PastRecords:
    """Of measures looked back with, from their first day to the period's last one.

    `row` is the person's, `measure` its place in the plan, `value` in ten-thousandths, `customer` a code that
    tells the customers of this part apart, or NAMELESS; `number` stands for the customer in digests.
    """

    row: Integers
    id: Integers
    measure: Integers
    day: Integers
    value: Integers
    customer: Integers
    number: Integers

    @classmethod
    def none(cls) -> PastRecords:
        return cls(*[np.zeros(0, dtype=np.int64)] * 7)

    def only(self, which: Flags) -> PastRecords:
        return PastRecords(
            self.row[which],
            self.id[which],
            self.measure[which],
            self.day[which],
            self.value[which],
            self.customer[which],
            self.number[which],
        )


@dataclass(frozen=True, slots=True)
class Starts:
    """The tiers that people started with: the person's `row`, the id of what is kept of it, its level."""

    row: Integers
    id: Integers
    level: Integers

    @classmethod
    def none(cls) -> Starts:
        return cls(*[np.zeros(0, dtype=np.int64)] * 3)


def own_targets(
    indicator: Indicator,
    measures: Sequence[str],
    window: Window,
    past: PastRecords,
    hired: Integers,
    left: Integers,
    leaves: Leaves,
    now: EligibleDays,
) -> Targets:
    """As `rules_targets.own_target`; `now` are the eligible days of the window."""
    first = indicator.looks_back_from(window.period).toordinal()
    end = window.period.start.replace(day=1).toordinal()
    inside = past.only(
        (past.measure == measures.index(indicator.measures[0])) & (past.day >= first) & (past.day < end)
    )
    achieved = np.zeros(len(hired), dtype=np.int64)
    np.add.at(achieved, inside.row, inside.value)
    sizes = np.bincount(inside.row, weights=np.abs(inside.value.astype(np.float64)), minlength=len(hired))
    before = eligible_days(hired, left, leaves, first, end - first).of_first(end - first)
    days = now.of_first(now.days)
    there = (achieved > 0) & (2 * before >= end - first)
    unsure = (sizes > LARGEST * 0.99) | too_large(achieved, days)
    fit = there & ~unsure
    cents = half_up(np.where(fit, achieved * days, 0), _TO_CENTS * np.maximum(before, 1))
    return Targets(cents, there | unsure, unsure)


def customers(
    indicator: Indicator, measures: Sequence[str], window: Window, past: PastRecords, people: int
) -> tuple[Integers, Integers]:
    """As `rules_inputs.repurchase_values`: those who returned and all, in ten-thousandths."""
    if indicator.repurchase is None or window.last is None:
        return np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
    first = indicator.looks_back_from(window.period).toordinal()
    last, start = window.last.toordinal(), window.period.start.toordinal()
    bought = past.only(
        (past.measure == measures.index(indicator.repurchase.measure))
        & (past.value > 0)
        & (past.customer != NAMELESS)
        & (past.day >= first)
        & (past.day <= last)
    )
    row, customer, day = np.unique(np.stack([bought.row, bought.customer, bought.day]), axis=1)
    goes_on = np.zeros(len(row), dtype=bool)
    goes_on[1:] = (row[1:] == row[:-1]) & (customer[1:] == customer[:-1])
    gap = np.diff(day, prepend=0)
    is_now = day >= start
    returned = is_now & goes_on & (gap <= indicator.repurchase.within_days)
    return _of_each(row[returned], customer[returned], people), _of_each(
        row[is_now], customer[is_now], people
    )


def _of_each(row: Integers, customer: Integers, people: int) -> Integers:
    """How many customers each person has, each once."""
    pairs = np.unique(np.stack([row, customer]), axis=1)
    counts: Integers = np.bincount(pairs[0], minlength=people).astype(np.int64) * _ONE
    return counts
