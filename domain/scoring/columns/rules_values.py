"""From records to each person's value of each measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.plans.rules import Plan
from domain.scoring.columns.rules_integers import LARGEST, Flags, Integers


@dataclass(frozen=True, slots=True)
class Records:
    """`row` is the person's, `measure` its place in the plan, `value` in ten-thousandths."""

    row: Integers
    id: Integers
    measure: Integers
    day: Integers
    value: Integers

    def only(self, which: Flags) -> Records:
        if which.all():
            return self
        return Records(
            self.row[which], self.id[which], self.measure[which], self.day[which], self.value[which]
        )


@dataclass(frozen=True, slots=True)
class Values:
    """A column per measure, a row per person; no record is 0."""

    table: Integers
    unsure: Flags
    """Of each person: whether a value does not fit."""

    def of(self, plan: Plan, measure: str) -> Integers:
        return self.table[:, plan.measures_needed.index(measure)]


def measure_values(records: Records, stocks: Flags, people: int) -> Values:
    """Sums of flows, and of stocks the sum of the latest day that has any; `stocks` says which are."""
    size = people * len(stocks)
    cell = records.row * len(stocks) + records.measure
    latest = np.zeros(size, dtype=np.int64)
    np.maximum.at(latest, cell, records.day)
    counts = ~stocks[records.measure] | (records.day == latest[cell])
    cell, value = cell[counts], records.value[counts]
    table = np.zeros(size, dtype=np.int64)
    np.add.at(table, cell, value)
    sizes = np.bincount(cell, weights=np.abs(value.astype(np.float64)), minlength=size)
    unsure: Flags = np.any((sizes > LARGEST * 0.99).reshape(people, len(stocks)), axis=1)
    return Values(table.reshape(people, len(stocks)), unsure)
