"""The cheapest mix: which indicators to move how far, so that together they reach a tier.

The cost of moving an indicator is the share of its curve that it crosses (from 75 % to 82 % of the target, on
a curve from 50 % to 120 %, a tenth) and a little for having to begin, so that nobody is sent after crumbs.
Costs add up; the mix with the least in all is the cheapest.

A lever is a measure that a person moves. Levers that touch the same line or gate are weighed together, every
combination of their values; between such groups contributions simply add up, so the choice is a knapsack of
hundredths of a point. Candidates are all values between two turns of the way where there are at most `PARTS`
steps, else as many of them, evenly; what is chosen is then smoothed to the last step. So the answer is the
cheapest one where steps are few, and else dearer by less than a part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations, product
from math import ceil

import numpy as np

from domain.plans.rules import Comparison, Gate
from domain.scoring.rules_cards import Card
from domain.scoring.rules_nearest import Way
from domain.scoring.rules_what_if import Case, Goal, own_measure, scored_lines

PARTS = 50
MOST_CANDIDATES = 600
"""Of all levers together: with many of them, parts become fewer."""
MOST_EXCHANGED = 4
BEGINNING = Fraction(1, PARTS)
"""Of moving an indicator at all."""
MOST_COMBINATIONS = 900
"""Of a group of levers that depend on each other."""
MOST_UNITS = 20_000
"""200 points; where more are missing, they are weighed in larger units than hundredths."""
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Lever:
    measure: str
    whole_curve: Fraction
    """The change of the measure's value that crosses all of its indicator's curve."""


@dataclass(frozen=True)
class Mix:
    """`values` are those that differ from the present ones; `effort` in whole curves."""

    values: Mapping[str, Decimal]
    effort: Fraction
    card: Card


@dataclass(frozen=True)
class _Option:
    """One combination of a group's values: what it costs, and the hundredths of a point it brings."""

    values: Mapping[str, Decimal]
    effort: Fraction
    cents: int


@dataclass(frozen=True)
class _Group:
    """Levers that share a line or a gate, with the numbers of all lines and gates they touch."""

    levers: tuple[Lever, ...]
    lines: frozenset[int]
    gates: frozenset[int]


def cheapest_mix(case: Case, goal: Goal) -> Mix | None:
    """None where the goal is out of reach however far every lever moves."""
    levers = _levers(case, goal)
    chosen = _knapsack(case, goal, _groups(case, levers))
    values = {measure: value for option in chosen or () for measure, value in option.values.items()}
    if not goal.met(case.card(values)):
        return None
    values = _smoothed(case, goal, levers, values)
    return Mix(values, _effort(case, levers, values), case.card(values))


def furthest(case: Case, goal: Goal) -> Card:
    """The card with every lever where it brings most, by the points alone."""
    values: dict[str, Decimal] = {}
    for group in _groups(case, _levers(case, goal)):
        every = _options(case, None, group)
        best = max(every, key=lambda option: (option.cents, -option.effort), default=None)
        values.update(best.values if best else {})
    return case.card(values)


def _levers(case: Case, goal: Goal) -> list[Lever]:
    """The indicators' own measures, and those of gates that bar the way and can still be moved."""
    found: dict[str, Lever] = {}
    for indicator, line in zip(case.plan.indicators, case.as_it_is.lines, strict=False):
        divisor = line.denominator if indicator.is_ratio else line.target and line.target.amount
        if line.points is None or not divisor:
            continue
        anchors = indicator.curve.anchors
        width = Fraction(anchors[-1].reading) - Fraction(anchors[0].reading)
        measure = own_measure(indicator)
        found.setdefault(measure, Lever(measure, abs(Fraction(divisor) * width)))
    for result in case.as_it_is.gates:
        gate = result.gate
        if goal.is_barred_by(result) and gate.indicator is None and can_be_moved(case, gate):
            divisor = case.value(gate.measures[1]) if gate.ratio else Decimal(1)
            whole = abs(Fraction(gate.bound.value) * Fraction(divisor)) or Fraction(1)
            found.setdefault(gate.measures[0], Lever(gate.measures[0], whole))
    return list(found.values())


def can_be_moved(case: Case, gate: Gate) -> bool:
    """What is counted only grows: a violation cannot be undone, a balance can be brought down."""
    return gate.measures[0] in case.plan.stocks or gate.bound.comparison is Comparison.BELOW


def _groups(case: Case, levers: Iterable[Lever]) -> list[_Group]:
    groups: list[_Group] = []
    for lever in levers:
        merged = _Group((lever,), *_touched(case, lever.measure))
        apart = []
        for group in groups:
            if group.lines & merged.lines or group.gates & merged.gates:
                merged = _Group(
                    (*group.levers, *merged.levers), group.lines | merged.lines, group.gates | merged.gates
                )
            else:
                apart.append(group)
        groups = [*apart, merged]
    return groups


def _touched(case: Case, measure: str) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the lines and of the gates that depend on a measure."""
    plan = case.plan
    lines = frozenset(n for n, line in enumerate(scored_lines(case.as_it_is)) if measure in line.measures)
    moved = {plan.indicators[n].name for n in lines if n < len(plan.indicators)}
    gates = frozenset(
        n for n, gate in enumerate(plan.gates) if gate.indicator in moved or measure in gate.measures
    )
    return lines, gates


def _options(case: Case, goal: Goal | None, group: _Group) -> list[_Option]:
    """The group's combinations, without those under which one of its gates bars the goal."""
    most = max(2, int(MOST_COMBINATIONS ** (1 / len(group.levers)))) if len(group.levers) > 1 else None
    candidates = [_candidates(case, lever, group, most) for lever in group.levers]
    measures = [lever.measure for lever in group.levers]
    options = []
    for combination in product(*candidates):
        values = dict(zip(measures, combination, strict=True))
        card = case.card(values)
        if card.score is None or card.assessed_weight != case.as_it_is.assessed_weight:
            continue
        if goal is not None and any(goal.is_barred_by(card.gates[n]) for n in group.gates):
            continue
        moved = {measure: value for measure, value in values.items() if value != case.value(measure)}
        options.append(_Option(moved, _effort(case, group.levers, moved), _cents(card, group.lines)))
    return options


def _candidates(case: Case, lever: Lever, group: _Group, most: int | None) -> list[Decimal]:
    """Values that may be worth moving to: every turn of the way, and steps on stretches that lead up."""
    way = Way(case, lever.measure)
    steps = {way.start}
    parts = max(MOST_CANDIDATES // (2 * len(case.plan.indicators)), 1)
    for turns in (way.turns_above, way.turns_below):
        for near, far in pairwise([way.start, *turns]):
            steps.add(far)
            if _leads_up(way.card(near), way.card(far), group.lines):
                steps |= set(_even_steps(near, far, min(parts, PARTS)))
    ordered = sorted(steps)
    if most is not None and len(ordered) > most:
        ordered = sorted({way.start, *(ordered[n * (len(ordered) - 1) // (most - 1)] for n in range(most))})
    return [way.value(step) for step in ordered]


def _leads_up(near: Card, far: Card, lines: Iterable[int]) -> bool:
    before, after = scored_lines(near), scored_lines(far)
    return any((after[n].contribution or _ZERO) > (before[n].contribution or _ZERO) for n in lines)


def _even_steps(near: int, far: int, parts: int) -> list[int]:
    """All steps from `near` to `far`, or as many of them as there are to be parts."""
    parts = min(abs(far - near), parts)
    return [near + (far - near) * n // parts for n in range(1, parts + 1)]


def _cents(card: Card, lines: Iterable[int]) -> int:
    scored = scored_lines(card)
    return sum(int((scored[n].contribution or _ZERO).scaleb(2)) for n in lines)


def _effort(case: Case, levers: Iterable[Lever], values: Mapping[str, Decimal]) -> Fraction:
    return sum(
        (
            BEGINNING + abs(Fraction(values[lever.measure]) - present) / lever.whole_curve
            for lever in levers
            if (present := Fraction(case.value(lever.measure))) != values.get(lever.measure, present)
        ),
        Fraction(0),
    )


def _knapsack(case: Case, goal: Goal, groups: Sequence[_Group]) -> list[_Option] | None:
    """An option of each group, so that their points suffice and their efforts are least in all.

    Efforts are compared as floats: they only choose, and no number that is shown comes of them.
    """
    choices = [sorted(_options(case, goal, group), key=lambda option: option.effort) for group in groups]
    if not all(choices):
        return None
    lowest = [min(option.cents for option in options) for options in choices]
    touched = frozenset[int]().union(*(group.lines for group in groups))
    untouched = set(range(len(scored_lines(case.as_it_is)))) - touched
    needed = ceil(goal.tier.from_score * 100) - _cents(case.as_it_is, untouched) - sum(lowest)
    unit = max(needed, 0) // MOST_UNITS + 1
    units = -(-max(needed, 0) // unit)
    gains = [
        [(option.cents - low) // unit for option in options]
        for options, low in zip(choices, lowest, strict=True)
    ]
    efforts = [[float(option.effort) for option in options] for options in choices]
    picked = _least_effort(units, gains, efforts)
    if picked is None:
        return None
    return [options[number] for options, number in zip(choices, picked, strict=True)]


def _least_effort(
    needed: int, gains: Sequence[Sequence[int]], efforts: Sequence[Sequence[float]]
) -> list[int] | None:
    """The number of one option of each group: gains of `needed` or more, with the least effort.

    `cheapest[n]` is the least effort so far that gains `n` or more.
    """
    every = np.arange(needed + 1)
    cheapest = np.where(every == 0, 0.0, np.inf)
    picks = []
    for group_gains, group_efforts in zip(gains, efforts, strict=True):
        with_group = np.full(needed + 1, np.inf)
        pick = np.zeros(needed + 1, np.int64)
        for number, (gain, effort) in enumerate(zip(group_gains, group_efforts, strict=True)):
            cost = cheapest[np.maximum(every - gain, 0)] + effort
            better = cost < with_group
            with_group[better] = cost[better]
            pick[better] = number
        cheapest = with_group
        picks.append(pick)
    if not np.isfinite(cheapest[needed]):
        return None
    chosen: list[int] = []
    for pick, group_gains in zip(reversed(picks), reversed(gains), strict=True):
        chosen.insert(0, int(pick[needed]))
        needed = max(needed - group_gains[chosen[0]], 0)
    return chosen


def _smoothed(
    case: Case, goal: Goal, levers: Sequence[Lever], values: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """The same mix without what the parts were too coarse for: no value goes a step further than it must."""
    kept = _taken_back(case, goal, levers, values)
    while True:
        cheaper = min(
            _exchanged(case, goal, levers, kept),
            key=lambda mix: _effort(case, levers, mix),
            default=kept,
        )
        if _effort(case, levers, cheaper) >= _effort(case, levers, kept):
            return kept
        kept = _taken_back(case, goal, levers, cheaper)


def _taken_back(
    case: Case, goal: Goal, levers: Iterable[Lever], values: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Every value back to the last step that is enough, first where that saves most."""

    def saved(lever: Lever) -> Fraction:
        return _effort(case, [lever], values) - _effort(
            case, [lever], _just_enough(case, goal, lever, values)
        )

    kept = dict(values)
    for lever in sorted((lever for lever in levers if lever.measure in values), key=saved, reverse=True):
        kept = _just_enough(case, goal, lever, kept)
    return {measure: value for measure, value in kept.items() if value != case.value(measure)}


def _exchanged(
    case: Case, goal: Goal, levers: Iterable[Lever], values: Mapping[str, Decimal]
) -> Iterator[dict[str, Decimal]]:
    """Where levers stand between turns: one goes on, or back, to its next turn, another makes up for it."""
    turns = {
        lever: next_turns
        for lever in levers
        if lever.measure in values and (next_turns := _next_turns(case, lever, values))
    }
    if len(turns) > MOST_EXCHANGED:
        return
    for lever, other in permutations(turns, 2):
        for turn in turns[lever]:
            mix = _just_enough(case, goal, other, {**values, lever.measure: turn})
            if goal.met(case.card(mix)):
                yield mix


def _just_enough(case: Case, goal: Goal, lever: Lever, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """With the lever at the nearest value that is enough beside the others; as it is where none is."""
    enough = _way_with_others(case, lever, values).nearest(goal)
    return dict(values) if enough is None else {**values, lever.measure: enough}


def _next_turns(case: Case, lever: Lever, values: Mapping[str, Decimal]) -> list[Decimal]:
    """The turns before and after the value; none where it stands on one."""
    way = _way_with_others(case, lever, values)
    turns = [way.value(step) for step in sorted({way.start, *way.turns_below, *way.turns_above})]
    here = bisect_left(turns, values[lever.measure])
    if here < len(turns) and turns[here] == values[lever.measure]:
        return []
    return turns[max(here - 1, 0) : here + 1]


def _way_with_others(case: Case, lever: Lever, values: Mapping[str, Decimal]) -> Way:
    others = {measure: value for measure, value in values.items() if measure != lever.measure}
    return Way(case.with_values(others), lever.measure)
