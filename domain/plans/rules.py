"""A scoring plan and what it says by itself. `rules_file` reads one; every number is an exact Decimal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from domain.periods import Period

LARGEST_SHARE = 2


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
class Indicator:
    """A measure against its target, or a ratio of two measures (numerator, denominator)."""

    name: str
    weight: Decimal
    curve: Curve
    measure: str | None = None
    ratio: tuple[str, str] | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        return self.ratio or ((self.measure,) if self.measure else ())

    @property
    def reads_as_share(self) -> bool:
        """Whether a reading is written in percent: not a ratio of other things, such as days per deal."""
        return not self.ratio or all(is_shareable(at.reading) for at in self.curve.anchors)

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

    def tier_level(self, name: str) -> int:
        """0 for the lowest band."""
        return next(level for level, tier in enumerate(self.tiers) if tier.name == name)


def plan_in_force(plans: Iterable[Plan], job_family: str, period: Period) -> Plan | None:
    """Of a job family's plans, the one with the latest first month that is not after the period."""
    begun = [plan for plan in plans if plan.job_family == job_family and plan.from_month.start < period.end]
    return max(begun, key=lambda plan: plan.from_month, default=None)
