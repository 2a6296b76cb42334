"""What somebody achieved, month by month, and what that says of a target. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.periods import Period
from domain.scoring.rules_exact import exact_sum, product, quotient

LEAST_WORK = Fraction(1)
"""Less than a full month's work in all says little of what a month brings."""


@dataclass(frozen=True)
class MonthDone:
    """One past month of one person."""

    month: Period
    actual: Decimal
    eligible_days: int
    days: int
    ramp: Decimal

    @property
    def share(self) -> Fraction:
        """How much of a full month's work it was: a month's target × this is what counted in it."""
        return quotient(product(self.ramp, self.eligible_days), Decimal(self.days))


def full_month(months: Sequence[MonthDone]) -> Fraction | None:
    """What a full month brings, on average: what was achieved ÷ the full months' worth of work.

    So neither a leave nor the ramp lowers what is proposed. None for somebody with no work to go by; not
    below 0.
    """
    worked = sum((month.share for month in months), Fraction(0))
    if not worked:
        return None
    achieved = quotient(exact_sum(month.actual for month in months), Decimal(1))
    return max(achieved / worked, Fraction(0))


@dataclass(frozen=True)
class MonthTogether:
    """One past month of several people: what they achieved, and how many full months' work that took."""

    month: Period
    actual: Decimal
    share: Fraction


def together(histories: Iterable[Sequence[MonthDone]]) -> tuple[MonthTogether, ...]:
    """Month by month, oldest first."""
    found: dict[Period, list[MonthDone]] = defaultdict(list)
    for history in histories:
        for done in history:
            found[done.month].append(done)
    return tuple(
        MonthTogether(
            month,
            exact_sum(one.actual for one in found[month]),
            sum((one.share for one in found[month]), Fraction(0)),
        )
        for month in sorted(found, key=lambda month: month.start)
    )


@dataclass(frozen=True)
class Attainability:
    """How many of the past months would have reached a month's target."""

    reached: int
    of: int


def attainability(
    amount: Decimal | Fraction, months: Sequence[MonthDone] | Sequence[MonthTogether]
) -> Attainability:
    """Counted over the months in which somebody worked, against the share that was due.

    `amount`: of one person's full month.
    """
    worked = [month for month in months if month.share]
    due = Fraction(amount)
    reached = sum(Fraction(month.actual) >= due * month.share for month in worked)
    return Attainability(reached, len(worked))


def to_step(amount: Fraction, step: Decimal) -> Decimal:
    """The multiple of `step` that is nearest; a half goes up."""
    steps = amount / Fraction(step) + Fraction(1, 2)
    return step * (steps.numerator // steps.denominator)
