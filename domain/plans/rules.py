"""A scoring plan and what it says by itself. `rules_file` reads one; every number is an exact Decimal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.periods import Period, PeriodKind

if TYPE_CHECKING:
    from domain.plans.rules_incentives import Incentives

LARGEST_SHARE = 2
RETURNING, CUSTOMERS = "returning", "customers"
"""The two numbers that a repurchase is read from."""


def months_before(period: Period, count: int) -> tuple[Period, ...]:
    """The calendar months before the one that the period begins in, in order."""
    month = Period.containing(PeriodKind.MONTH, period.start)
    found: list[Period] = []
    for _ in range(count):
        month = Period.containing(PeriodKind.MONTH, month.start - timedelta(days=1))
        found.insert(0, month)
    return tuple(found)


def is_shareable(reading: Decimal) -> bool:
    """Whether a reading, or an anchor of a curve, may be a share: not a number such as days to close."""
    return abs(reading) <= LARGEST_SHARE


class Comparison(StrEnum):
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"


@dataclass(frozen=True)
class Bound:
    """`above` >, `at_least` ≥ or `below` < a number."""

    comparison: Comparison
    value: Decimal

    @cached_property
    def _exact(self) -> Fraction:
        return Fraction(self.value)

    def holds(self, number: Fraction) -> bool:
        bound = self._exact
        if self.comparison is Comparison.ABOVE:
            return number > bound
        if self.comparison is Comparison.AT_LEAST:
            return number >= bound
        return number < bound


@dataclass(frozen=True)
class Anchor:
    reading: Decimal
    points: Decimal


@dataclass(frozen=True)
class Curve:
    """Straight lines through anchors with rising readings, flat beyond the first and the last."""

    anchors: tuple[Anchor, ...]

    @cached_property
    def _readings(self) -> list[Fraction]:
        return [Fraction(anchor.reading) for anchor in self.anchors]

    @cached_property
    def _lines(self) -> list[tuple[Fraction, Fraction]]:
        """Intercept and slope: flat before the first anchor, between the anchors, flat after the last."""
        lines = [(Fraction(self.anchors[0].points), Fraction(0))]
        for left, right in pairwise(self.anchors):
            slope = (Fraction(right.points) - Fraction(left.points)) / (
                Fraction(right.reading) - Fraction(left.reading)
            )
            lines.append((Fraction(left.points) - slope * Fraction(left.reading), slope))
        return [*lines, (Fraction(self.anchors[-1].points), Fraction(0))]

    def segment(self, reading: Fraction) -> tuple[Anchor, Anchor]:
        """The two anchors around a reading; the same anchor twice where the curve is flat beyond it."""
        above = bisect_right(self._readings, reading)
        last = len(self.anchors) - 1
        return self.anchors[max(above - 1, 0)], self.anchors[min(above, last)]

    def points(self, reading: Fraction) -> Fraction:
        """The exact points of a reading."""
        intercept, slope = self._lines[bisect_right(self._readings, reading)]
        return intercept + slope * reading if slope else intercept


@dataclass(frozen=True)
class Repurchase:
    """A purchase is a record above 0 with a customer; one returns who bought within so many days before."""

    measure: str
    within_days: int


@dataclass(frozen=True)
class Indicator:
    """A measure against its target, or a ratio of two quantities (numerator, denominator).

    With `own_months` the target is what the person achieved in so many months before the period. The two
    quantities are measures or, of a repurchase, customers.
    """

    name: str
    weight: Decimal
    curve: Curve
    measure: str | None = None
    ratio: tuple[str, str] | None = None
    repurchase: Repurchase | None = None
    own_months: int | None = None
    tier_weights: tuple[tuple[str, Decimal], ...] = ()
    """The weight for those who started the period with a tier, in place of the plain one."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Those whose records it rests on."""
        if self.repurchase:
            return (self.repurchase.measure,)
        return self.ratio or ((self.measure,) if self.measure else ())

    @property
    def quantities(self) -> tuple[str, ...]:
        """What its reading is computed from: its measures or, of a repurchase, numbers of customers."""
        if self.repurchase:
            return (f"{self.name}: {RETURNING}", f"{self.name}: {CUSTOMERS}")
        return self.measures

    @property
    def has_target(self) -> bool:
        """Whether it is read against a target that somebody sets."""
        return self.measure is not None and self.own_months is None

    @property
    def is_ratio(self) -> bool:
        return self.measure is None

    @property
    def reads_as_share(self) -> bool:
        """Whether a reading is written in percent: not a ratio of other things, such as days per deal."""
        return not self.is_ratio or all(is_shareable(at.reading) for at in self.curve.anchors)

    def looks_back_from(self, period: Period) -> date:
        """The first day whose records matter to a card of the period."""
        if self.own_months:
            return months_before(period, self.own_months)[0].start
        if self.repurchase:
            return period.start - timedelta(days=self.repurchase.within_days)
        return period.start

    def weight_from(self, starting_tier: str | None) -> Decimal:
        return next((weight for tier, weight in self.tier_weights if tier == starting_tier), self.weight)

    @property
    def lower_is_better(self) -> bool:
        return self.curve.anchors[0].points > self.curve.anchors[-1].points


@dataclass(frozen=True)
class Deduction:
    """`points` for each unit of a measure, at most `cap` in all; without a cap, without a limit."""

    name: str
    measure: str
    points: Decimal
    cap: Decimal | None

    @property
    def measures(self) -> tuple[str, ...]:
        return (self.measure,)

    @property
    def quantities(self) -> tuple[str, ...]:
        return self.measures


@dataclass(frozen=True)
class Tier:
    """A band of scores from `from_score` up to the next band."""

    name: str
    from_score: Decimal


@dataclass(frozen=True)
class Gate:
    """Caps the tier where an indicator's reading, a ratio or a measure's value passes a bound."""

    cap: str
    bound: Bound
    indicator: str | None = None
    measure: str | None = None
    ratio: tuple[str, str] | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        return self.ratio or ((self.measure,) if self.measure else ())


@dataclass(frozen=True)
class Condition:
    """A bound on an indicator's exact reading: what a missed month is, or a passed improvement plan."""

    indicator: str
    bound: Bound


@dataclass(frozen=True)
class PipPass:
    condition: Condition
    months: int


@dataclass(frozen=True)
class Plan:
    """A set of rules for a job family, in force from a month on. Tiers are sorted from the lowest up."""

    name: str
    job_family: str
    from_month: Period
    ramp: tuple[Decimal, ...]
    min_assessed_weight: Decimal
    stocks: frozenset[str]
    indicators: tuple[Indicator, ...]
    deductions: tuple[Deduction, ...]
    tiers: tuple[Tier, ...]
    gates: tuple[Gate, ...]
    miss: Condition
    pip_pass: PipPass | None
    incentives: Incentives | None = None
    from_line: int = field(default=1, compare=False, repr=False)
    """The line of `from` in the file, for a complaint about two plans that clash."""

    @cached_property
    def measures_needed(self) -> tuple[str, ...]:
        """The measures that an indicator, deduction or gate names, each once, in the plan's order."""
        named = [measure for indicator in self.indicators for measure in indicator.measures]
        named += [deduction.measure for deduction in self.deductions]
        named += [measure for gate in self.gates for measure in gate.measures]
        return tuple(dict.fromkeys(named))

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """What readings, deductions and gates are computed from, each once, in the plan's order."""
        named = [quantity for indicator in self.indicators for quantity in indicator.quantities]
        named += [deduction.measure for deduction in self.deductions]
        named += [measure for gate in self.gates for measure in gate.measures]
        return tuple(dict.fromkeys(named))

    @cached_property
    def looks_back(self) -> bool:
        """Whether a card rests on records from before its period."""
        return any(indicator.own_months or indicator.repurchase for indicator in self.indicators)

    def known_from(self, measure: str, period: Period) -> date:
        """The day from which a measure must be reported for a card of the period."""
        resting = (one for one in self.indicators if measure in one.measures)
        return min((one.looks_back_from(period) for one in resting), default=period.start)

    @cached_property
    def weighs_by_tier(self) -> bool:
        """Whether weights depend on the tier that a person started the period with."""
        return any(indicator.tier_weights for indicator in self.indicators)

    @cached_property
    def _by_starting_tier(self) -> dict[str | None, Plan]:
        return {}

    def from_tier(self, starting_tier: str | None) -> Plan:
        """The plan with the weights that hold for those who started with a tier; none: the plain ones."""
        if not self.weighs_by_tier:
            return self
        if starting_tier not in self._by_starting_tier:
            weighed = tuple(replace(one, weight=one.weight_from(starting_tier)) for one in self.indicators)
            self._by_starting_tier[starting_tier] = replace(self, indicators=weighed)
        return self._by_starting_tier[starting_tier]

    @cached_property
    def total_weight(self) -> Decimal:
        return sum((indicator.weight for indicator in self.indicators), Decimal(0))

    @cached_property
    def least_assessed_weight(self) -> Fraction:
        """The weight of assessed lines below which a card is not assessed."""
        return Fraction(self.min_assessed_weight) * Fraction(self.total_weight)

    def indicator(self, name: str) -> Indicator:
        return next(indicator for indicator in self.indicators if indicator.name == name)

    def gate_reads_as_share(self, gate: Gate) -> bool:
        """Whether what a gate compares is written in percent."""
        if gate.indicator:
            return self.indicator(gate.indicator).reads_as_share
        return gate.ratio is not None and is_shareable(gate.bound.value)

    def ramp_factor(self, months: int) -> Decimal:
        """The share of a full target due `months` after the month of hire; past the ramp it is 1."""
        return self.ramp[months] if months < len(self.ramp) else Decimal(1)

    def tier_at(self, score: Decimal) -> str:
        """The highest band that starts at or below a score of 0 or more."""
        return next(tier.name for tier in reversed(self.tiers) if tier.from_score <= score)

    def level_of(self, name: str | None) -> int:
        """As `tier_level`; -1 for a tier that the plan does not have."""
        return next((level for level, tier in enumerate(self.tiers) if tier.name == name), -1)

    def tier_level(self, name: str) -> int:
        """0 for the lowest band."""
        return next(level for level, tier in enumerate(self.tiers) if tier.name == name)


def plan_in_force(plans: Iterable[Plan], job_family: str, period: Period) -> Plan | None:
    """Of a job family's plans, the one with the latest first month that is not after the period."""
    begun = [plan for plan in plans if plan.job_family == job_family and plan.from_month.start < period.end]
    return max(begun, key=lambda plan: plan.from_month, default=None)
