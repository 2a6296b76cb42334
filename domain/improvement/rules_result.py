"""What an improvement plan came to: a reading pooled over its months, beside the goal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.periods import Period
from domain.plans.rules import Bound
from domain.scoring.rules_exact import exact_sum


@dataclass(frozen=True)
class MonthOfPlan:
    """The goal's line on a locked card: what was achieved, and what it is divided by (target or denominator).

    Both are None where the line is not assessed; the month then says nothing, for or against.
    """

    month: Period
    actual: Decimal | None
    base: Decimal | None


@dataclass(frozen=True)
class Result:
    actual: Decimal
    base: Decimal
    reading: Fraction | None
    """Σ actual ÷ Σ base; None where nothing could be assessed."""
    reached: bool | None
    """Computed; a named human decides."""
    months: tuple[MonthOfPlan, ...]

    @property
    def assessed(self) -> tuple[MonthOfPlan, ...]:
        return tuple(one for one in self.months if one.base is not None)


def result(goal: Bound, months: Sequence[MonthOfPlan]) -> Result:
    """Pooled: a weak first month can be made good by a strong third one."""
    assessed = [one for one in months if one.actual is not None and one.base is not None]
    actual = exact_sum(one.actual for one in assessed if one.actual is not None)
    base = exact_sum(one.base for one in assessed if one.base is not None)
    reading = Fraction(actual) / Fraction(base) if base else None
    reached = None if reading is None else goal.holds(reading)
    return Result(actual, base, reading, reached, tuple(months))
