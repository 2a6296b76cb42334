"""Eligible days of many people: employed and not on leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from domain.periods import Period
from domain.scoring.columns.rules_integers import Flags, Integers

FOREVER = 10_000_000
"""The last day of somebody who has not left; later than any ordinal of a date."""


_UNIX_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Leaves:
    """First and last days away, both included; `row` is the person's."""

    row: Integers
    first: Integers
    last: Integers

    def only(self, which: Flags) -> Leaves:
        return Leaves(self.row[which], self.first[which], self.last[which])


@dataclass(frozen=True, slots=True)
class EligibleDays:
    """Of each person, how many of a period's first k days were eligible, for k from 0 to all of them."""

    first: int
    up_to: Integers
    """A row per person, a column per k."""

    @property
    def days(self) -> int:
        return int(self.up_to.shape[1]) - 1

    def of_first(self, days: int) -> Integers:
        return self.up_to[:, days]

    def between(self, row: Integers, first: Integers | int, last: Integers | int) -> Integers:
        """Eligible days from `first` to `last`, both included, for the people in these rows."""
        start = np.clip(np.asarray(first) - self.first, 0, self.days)
        end = np.clip(np.asarray(last) - self.first + 1, 0, self.days)
        between: Integers = self.up_to[row, np.maximum(start, end)] - self.up_to[row, start]
        return between


def eligible_days(hired: Integers, left: Integers, leaves: Leaves, first: int, days: int) -> EligibleDays:
    """Over `days` days from the day `first` on; employed from `hired` to `left`, both included."""
    day = first + np.arange(days)
    employed = (hired[:, None] <= day) & (day <= left[:, None])
    changes = np.zeros((len(hired), days + 1), dtype=np.int64)
    np.add.at(changes, (leaves.row, np.clip(leaves.first - first, 0, days)), 1)
    np.add.at(changes, (leaves.row, np.clip(leaves.last - first + 1, 0, days)), -1)
    away = np.cumsum(changes[:, :days], axis=1) > 0
    up_to = np.zeros((len(hired), days + 1), dtype=np.int64)
    np.cumsum(employed & ~away, axis=1, out=up_to[:, 1:])
    return EligibleDays(first, up_to)


def cut_to(eligible: EligibleDays, days: int) -> EligibleDays:
    """The same for the first `days` days alone."""
    return EligibleDays(eligible.first, eligible.up_to[:, : days + 1])


def months_since_hire(hired: Integers, period: Period) -> Integers:
    """Calendar months from the month of hire to the period's first one; never below 0."""
    months = (hired - _UNIX_EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = (period.start.year - 1970) * 12 + period.start.month - 1
    return np.maximum(first - months, 0)
