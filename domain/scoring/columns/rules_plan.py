"""A plan in whole numbers, for columns; plans with finer numbers than these places are left to the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from domain.plans.rules import Bound, Comparison, Curve, Deduction, Gate, Indicator, Plan
from domain.scoring.columns.rules_integers import (
    LARGEST,
    Flags,
    Integers,
    Quotients,
    least_above,
    least_from,
    scaled,
)

VALUE_PLACES = 4
"""Of measures' values and of points, as they are kept."""
SCORE_PLACES = 2
FINEST = 6
"""Places of a plan's numbers."""


@dataclass(frozen=True, slots=True)
class ScaledCurve:
    """A curve's straight lines; line k holds from anchor k - 1 on, the first and the last one are flat.

    Readings count in 10^-6, points in 10^-4 / `finer`.
    """

    anchors: Integers
    """Their readings."""
    begin: Integers
    """Of each line, the reading and …"""
    start: Integers
    """… the points that it begins with, …"""
    width: Integers
    """… and how far it goes: over so much of the reading …"""
    rise: Integers
    """… by so many points."""
    finer: int

    @property
    def steepest(self) -> int:
        return int(np.abs(self.rise).max())

    @property
    def reach(self) -> int:
        """No number on the way to the points is larger."""
        return int(4 * (self.start.max() + self.steepest) * self.width.max() * self.finer)

    def points(self, reading: Quotients) -> Integers:
        """Half up to 4 places; anything where the reading is not defined."""
        line = np.searchsorted(self.anchors, reading.floor, side="right")
        width, rise = self.width[line], self.rise[line]
        risen, rest = np.divmod(rise * reading.rest, reading.below)
        whole = self.start[line] * width + rise * (reading.floor - self.begin[line]) + risen
        unit = width * self.finer
        points: Integers = (2 * whole + unit + (2 * rest >= reading.below)) // (2 * unit)
        return points


@dataclass(frozen=True, slots=True)
class ScaledBound:
    """A bound on a reading."""

    comparison: Comparison
    number: int

    def holds(self, reading: Quotients) -> Flags:
        """False where the reading is not defined."""
        if self.comparison is Comparison.ABOVE:
            beyond = (reading.floor > self.number) | ((reading.floor == self.number) & (reading.rest > 0))
        elif self.comparison is Comparison.AT_LEAST:
            beyond = reading.floor >= self.number
        else:
            beyond = reading.floor < self.number
        holds: Flags = beyond & reading.defined
        return holds


def value_bound_holds(bound: Bound, values: Integers) -> Flags:
    """A bound on a measure's values, in ten-thousandths."""
    if bound.comparison is Comparison.ABOVE:
        return values >= least_above(bound.value, VALUE_PLACES)
    least = least_from(bound.value, VALUE_PLACES)
    return values >= least if bound.comparison is Comparison.AT_LEAST else values < least


@dataclass(frozen=True, slots=True)
class ScaledIndicator:
    indicator: Indicator
    weight: int
    """In 10^-6."""
    curve: ScaledCurve

    @property
    def reach(self) -> int:
        """No number on the way to the contribution is larger."""
        return max(self.curve.reach, 4 * self.weight * int(self.curve.start.max()))


@dataclass(frozen=True, slots=True)
class ScaledDeduction:
    deduction: Deduction
    points: int
    """Of one unit, in ten-thousandths."""
    cap: int | None
    """In 10^-8, as value × points comes out."""


@dataclass(frozen=True, slots=True)
class ScaledGate:
    gate: Gate
    bound: ScaledBound
    cap: int
    """The level of the tier it caps at."""


@dataclass(frozen=True, slots=True)
class ScaledPlan:
    plan: Plan
    indicators: tuple[ScaledIndicator, ...]
    deductions: tuple[ScaledDeduction, ...]
    gates: tuple[ScaledGate, ...]
    miss: ScaledBound
    tiers: Integers
    """The least score of each tier, in cents, from the lowest up."""
    ramp: Integers
    """By months since the month of hire, in parts of `full`; past the ramp there is the full target, last."""
    full: int
    least_weight: int
    """Of the assessed lines, in 10^-6."""
    largest_below: int
    """The largest denominator of a reading that the curves can be computed with."""


def scale(plan: Plan) -> ScaledPlan | None:
    """None for a plan whose numbers are too fine or too large; with the plain weights, see `from_tier`."""
    if not all(_is_usual(number) for number in _numbers(plan)):
        return None
    indicators = tuple(
        ScaledIndicator(indicator, _fine(indicator.weight), _curve(indicator.curve))
        for indicator in plan.indicators
    )
    if any(indicator.reach > LARGEST for indicator in indicators):
        return None
    steepest = max(indicator.curve.steepest for indicator in indicators)
    ramp_places = max(map(_places, plan.ramp), default=0)
    return ScaledPlan(
        plan=plan,
        indicators=indicators,
        deductions=tuple(_deduction(deduction) for deduction in plan.deductions),
        gates=tuple(ScaledGate(gate, _bound(gate.bound), plan.tier_level(gate.cap)) for gate in plan.gates),
        miss=_bound(plan.miss.bound),
        tiers=_column(least_from(tier.from_score, SCORE_PLACES) for tier in plan.tiers),
        ramp=_column(int(factor.scaleb(ramp_places)) for factor in (*plan.ramp, Decimal(1))),
        full=10**ramp_places,
        least_weight=least_from(plan.least_assessed_weight, FINEST),
        largest_below=LARGEST // max(steepest, 1000),
    )


def _numbers(plan: Plan) -> Iterable[Decimal]:
    yield from plan.ramp
    for indicator in plan.indicators:
        yield indicator.weight
        for anchor in indicator.curve.anchors:
            yield from (anchor.reading, anchor.points)
    for deduction in plan.deductions:
        yield deduction.points.scaleb(VALUE_PLACES - FINEST)
        yield deduction.cap or Decimal(0)
    yield from (gate.bound.value for gate in plan.gates)
    yield plan.miss.bound.value


def _is_usual(number: Decimal) -> bool:
    return abs(number) < 10**6 and scaled(number, FINEST) is not None


def _fine(number: Decimal) -> int:
    """In 10^-6. Raises ValueError where it is finer."""
    whole = scaled(number, FINEST)
    if whole is None:
        raise ValueError(f"{number} has more than {FINEST} places")
    return whole


def _curve(curve: Curve) -> ScaledCurve:
    places = max(VALUE_PLACES, *(_places(anchor.points) for anchor in curve.anchors))
    readings = [_fine(anchor.reading) for anchor in curve.anchors]
    points = [int(anchor.points.scaleb(places)) for anchor in curve.anchors]
    return ScaledCurve(
        anchors=_column(readings),
        begin=_column([0, *readings]),
        start=_column([points[0], *points]),
        width=_column([1, *np.diff(readings), 1]),
        rise=_column([0, *np.diff(points), 0]),
        finer=10 ** (places - VALUE_PLACES),
    )


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _column(numbers: Iterable[int]) -> Integers:
    return np.array(list(numbers), dtype=np.int64)


def _deduction(deduction: Deduction) -> ScaledDeduction:
    points = scaled(deduction.points, VALUE_PLACES)
    if points is None:
        raise ValueError(f"{deduction.points} has more than {VALUE_PLACES} places")
    cap = None if deduction.cap is None else _fine(deduction.cap) * 10 ** (2 * VALUE_PLACES - FINEST)
    return ScaledDeduction(deduction, points, cap)


def _bound(bound: Bound) -> ScaledBound:
    return ScaledBound(bound.comparison, _fine(bound.value))
