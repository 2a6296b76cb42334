"""The answer to *What if*: what stands between a card and a tier, and every way to get there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.plans.rules import Indicator
from domain.scoring.rules_cards import Card, GateResult
from domain.scoring.rules_mix import Mix, can_be_moved, cheapest_mix, furthest
from domain.scoring.rules_nearest import Way
from domain.scoring.rules_what_if import Case, GateLifted, Goal, own_measure


@dataclass(frozen=True)
class Alone:
    """What one indicator would have to become while everything else stays.

    `card` is the one with that `value` of the measure. Where no value is enough, `value` and `card` are those
    with which the indicator brings most; both are None for an indicator that is not assessed.
    """

    indicator: Indicator
    measure: str
    enough: bool
    value: Decimal | None
    card: Card | None


@dataclass(frozen=True)
class Bar:
    """A gate that keeps the card below the goal; with `value` of `measure` it would not hold any more."""

    result: GateResult
    measure: str
    value: Decimal | None
    """None where it cannot be moved: a violation that was counted is not undone."""


@dataclass(frozen=True)
class Outlook:
    case: Case
    goal: Goal
    missing: Decimal
    """Points of score up to the goal; 0 where only gates are in the way."""
    bars: tuple[Bar, ...]
    alone: tuple[Alone, ...]
    mix: Mix | None
    """None where the goal is out of reach …"""
    furthest: Card | None
    """… and this is how far everything together gets."""


def outlook(case: Case, goal: Goal) -> Outlook:
    """What it takes to reach the goal. The case's card must have a score, and not have reached it."""
    score = case.as_it_is.score
    if score is None or goal.met(case.as_it_is):
        raise ValueError("an outlook needs a score, and a goal that is not reached")
    mix = cheapest_mix(case, goal)
    return Outlook(
        case=case,
        goal=goal,
        missing=max(goal.tier.from_score - score, Decimal(0)),
        bars=tuple(_bars(case, goal)),
        alone=tuple(_alone(case, goal, indicator) for indicator in case.plan.indicators),
        mix=mix,
        furthest=None if mix else furthest(case, goal),
    )


def _alone(case: Case, goal: Goal, indicator: Indicator) -> Alone:
    measure = own_measure(indicator)
    line = next(line for line in case.as_it_is.lines if line.name == indicator.name)
    if line.points is None:
        return Alone(indicator, measure, False, None, None)
    way = Way(case, measure)
    value = way.nearest(goal)
    enough = value is not None
    value = way.best() if value is None else value
    return Alone(indicator, measure, enough, value, case.card({measure: value}))


def _bars(case: Case, goal: Goal) -> list[Bar]:
    own_measures = {own_measure(indicator) for indicator in case.plan.indicators}
    measures = {indicator.name: own_measure(indicator) for indicator in case.plan.indicators}
    bars = []
    for number, result in enumerate(case.as_it_is.gates):
        if goal.is_barred_by(result):
            gate = result.gate
            measure = measures[gate.indicator] if gate.indicator else gate.measures[0]
            movable = measure in own_measures or can_be_moved(case, gate)
            value = Way(case, measure).nearest(GateLifted(number)) if movable else None
            bars.append(Bar(result, measure, value))
    return bars
