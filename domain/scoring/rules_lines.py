"""A card's lines: from values to readings, points and contributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.plans.rules import Deduction, Indicator
from domain.scoring.rules_cards import Line, LineKind, LineReason, LineStatus
from domain.scoring.rules_exact import exact_sum, half_up, half_up_quotient, product, quotient
from domain.scoring.rules_targets import PersonTarget

POINTS_PLACES = 4
SCORE_PLACES = 2
FLOOR = "floor"
_ZERO = Decimal(0)

Values = Mapping[str, Decimal]
"""By measure; a measure without a value counts 0."""


def indicator_line(
    indicator: Indicator,
    values: Values,
    target: PersonTarget | None,
    missing: Sequence[str],
) -> Line:
    """The line of an indicator, up to its points; `target` is None for a ratio, or where there is none."""
    lacking = tuple(measure for measure in indicator.measures if measure in missing)
    if lacking:
        return Line(
            LineKind.INDICATOR,
            indicator.name,
            status=LineStatus.UNKNOWN,
            reason=LineReason.NOT_COVERED,
            measures=indicator.quantities,
            missing=lacking,
            target=target,
            weight=indicator.weight,
            weighed_by_tier=bool(indicator.tier_weights),
        )
    numerator, *below = indicator.quantities
    actual = values.get(numerator, _ZERO)
    denominator = values.get(below[0], _ZERO) if below else None
    due = target.amount if target else None
    divisor = denominator if indicator.is_ratio else due
    reading = quotient(actual, divisor) if divisor else None
    return Line(
        LineKind.INDICATOR,
        indicator.name,
        status=LineStatus.NOT_ASSESSED if reading is None else LineStatus.ASSESSED,
        reason=_unassessed_because(indicator, divisor),
        measures=indicator.quantities,
        actual=actual,
        denominator=denominator,
        target=target,
        reading=reading,
        segment=None if reading is None else indicator.curve.segment(reading),
        points=None if reading is None else half_up(indicator.curve.points(reading), POINTS_PLACES),
        weight=indicator.weight,
        weighed_by_tier=bool(indicator.tier_weights),
    )


def _unassessed_because(indicator: Indicator, divisor: Decimal | None) -> LineReason | None:
    if divisor:
        return None
    if indicator.is_ratio:
        return LineReason.ZERO_DENOMINATOR
    if divisor is not None:
        return LineReason.ZERO_TARGET
    return LineReason.NO_BASELINE if indicator.own_months else LineReason.NO_TARGET


def deduction_line(deduction: Deduction, values: Values, missing: Sequence[str]) -> Line:
    """The line of a deduction: measure × points, from 0 to the cap."""
    if deduction.measure in missing:
        return Line(
            LineKind.DEDUCTION,
            deduction.name,
            status=LineStatus.UNKNOWN,
            reason=LineReason.NOT_COVERED,
            measures=(deduction.measure,),
            missing=(deduction.measure,),
            cap=deduction.cap,
        )
    actual = values.get(deduction.measure, _ZERO)
    uncapped = max(product(actual, deduction.points), _ZERO)
    taken = uncapped if deduction.cap is None else min(uncapped, deduction.cap)
    return Line(
        LineKind.DEDUCTION,
        deduction.name,
        measures=(deduction.measure,),
        actual=actual,
        points=deduction.points,
        uncapped=half_up(uncapped, SCORE_PLACES),
        cap=deduction.cap,
        contribution=half_up(taken.copy_negate(), SCORE_PLACES),
    )


def with_contributions(lines: Sequence[Line], assessed_weight: Decimal) -> tuple[tuple[Line, ...], Decimal]:
    """The lines of a card that has a score, with their contributions, and the score they add up to.

    A last line "floor" makes up for what would take the score below 0.
    """
    parts = [_contributing(line, assessed_weight) for line in lines]
    total = exact_sum(line.contribution for line in parts if line.contribution is not None)
    if total < 0:
        parts.append(Line(LineKind.FLOOR, FLOOR, contribution=total.copy_negate()))
    return tuple(parts), max(total, Decimal("0.00"))


def without_contributions(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a card without a score: there is nothing for their parts to add up to."""
    return tuple(line if line.contribution is None else replace(line, contribution=None) for line in lines)


def _contributing(line: Line, assessed_weight: Decimal) -> Line:
    if line.kind is not LineKind.INDICATOR or line.points is None or line.weight is None:
        return line
    weighted = product(line.weight, line.points)
    return replace(line, contribution=half_up_quotient(weighted, assessed_weight, SCORE_PLACES))
