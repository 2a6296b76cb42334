"""The cards of very many people under one plan, in columns: what `rules.score_person` says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from domain.periods import Period
from domain.plans.rules import Indicator
from domain.scoring.columns.rules_days import EligibleDays, Leaves, cut_to, eligible_days, months_since_hire
from domain.scoring.columns.rules_integers import Flags, Integers, Quotients, divide
from domain.scoring.columns.rules_lines import (
    DeductionLines,
    IndicatorLines,
    added,
    read_against_target,
    read_as_ratio,
)
from domain.scoring.columns.rules_past import PastRecords, Starts, customers, own_targets
from domain.scoring.columns.rules_plan import ScaledGate, ScaledIndicator, ScaledPlan, value_bound_holds
from domain.scoring.columns.rules_targets import TargetRows, Targets, person_targets
from domain.scoring.columns.rules_values import Records, Values, measure_values
from domain.scoring.rules_cards import CardStatus, Miss, Reason
from domain.scoring.rules_inputs import Window

NONE = -1
"""Among codes: nothing."""
REASONS = tuple(Reason)
MISSES = tuple(Miss)


@dataclass(frozen=True, slots=True)
class People:
    """The inputs of people under one plan, a row each. Days are ordinals."""

    person: Integers
    unit: Integers
    hired: Integers
    left: Integers
    leaves: Leaves
    targets: TargetRows
    records: Records
    past: PastRecords = field(default_factory=PastRecords.none)
    starts: Starts = field(default_factory=Starts.none)

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all of them."""

    plan: ScaledPlan
    window: Window
    periods: Sequence[Period]
    """Whose targets count: the window's own, then the months of a week or a quarter."""
    ranks_so_far: bool

    @property
    def unknown(self) -> frozenset[str]:
        """Measures of which no value is known."""
        return frozenset(self.window.missing if self.window.last else self.plan.plan.measures_needed)

    @property
    def status(self) -> CardStatus:
        """Of cards with a score; of those without one, see `status_without_score`."""
        return CardStatus.RUNNING if self.window.is_running else CardStatus.COMPLETE

    @property
    def status_without_score(self) -> CardStatus:
        if self.window.is_running:
            return CardStatus.RUNNING
        return CardStatus.INCOMPLETE if self.window.missing else CardStatus.NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class Cards:
    """A row per person. Those marked `unsure` are for the rules: nothing is said of them here."""

    indicators: tuple[IndicatorLines, ...]
    deductions: tuple[DeductionLines, ...]
    assessed_weight: Integers
    eligible: Integers
    scored: Flags
    score: Integers
    """In cents."""
    floor: Integers
    """What makes up for a sum below 0, in cents."""
    tier: Integers
    """Its level, or NONE."""
    miss: Integers
    """Into MISSES, or NONE."""
    unranked: Integers
    """Into REASONS, or NONE."""
    unsure: Flags


def score_people(setting: Setting, people: People) -> Cards:
    """As `rules.score_person` scores each of them."""
    plan, period = setting.plan, setting.window.period
    first = period.start.toordinal()
    whole = eligible_days(people.hired, people.left, people.leaves, first, period.days)
    until_now = cut_to(whole, setting.window.days)
    eligible = until_now.of_first(until_now.days)
    values = _values(setting, people)
    indicators = _indicators(setting, people, until_now, values)
    deductions = tuple(
        DeductionLines(
            deduction,
            deduction.deduction.measure not in setting.unknown,
            values.of(plan.plan, deduction.deduction.measure),
        )
        for deduction in plan.deductions
    )
    assessed_weight = added([line.weight for line in indicators], len(people))
    unscored = _unscored_because(setting, eligible, assessed_weight)
    scored = unscored == NONE
    earned = added([line.contribution(assessed_weight) for line in indicators], len(people))
    total = earned - added([line.taken for line in deductions], len(people))
    score = np.maximum(total, 0)
    unjudged = np.where(scored, _unjudged_because(plan, period, people, whole), unscored)
    tier, gates_unsure = _tiers(setting, indicators, values, scored, score)
    lines_unsure = [*(line.unsure for line in indicators), *(line.unsure for line in deductions)]
    return Cards(
        indicators=indicators,
        deductions=deductions,
        assessed_weight=assessed_weight,
        eligible=eligible,
        scored=scored,
        score=score,
        floor=score - total,
        tier=tier,
        miss=_misses(setting, indicators, unjudged),
        unranked=_unranked_because(setting, unjudged),
        unsure=np.any([values.unsure, gates_unsure, *lines_unsure], axis=0),
    )


def _values(setting: Setting, people: People) -> Values:
    plan, last = setting.plan.plan, setting.window.last
    measures = plan.measures_needed
    stocks = np.array([measure in plan.stocks for measure in measures], dtype=bool)
    inside = people.records.day <= (last.toordinal() if last else 0)
    return measure_values(people.records.only(inside), stocks, len(people))


def _indicators(
    setting: Setting, people: People, eligible: EligibleDays, values: Values
) -> tuple[IndicatorLines, ...]:
    read = [indicator for indicator in setting.plan.indicators if indicator.indicator.has_target]
    targets = person_targets(setting.plan, setting.periods, people.targets, len(read), people.hired, eligible)
    target_of = {line.indicator.name: target for line, target in zip(read, targets, strict=True)}
    for scaled in setting.plan.indicators:
        if scaled.indicator.own_months:
            target_of[scaled.indicator.name] = _own_targets(setting, people, scaled.indicator, eligible)
    return tuple(
        _indicator(setting, indicator, people, values, target_of.get(indicator.indicator.name))
        for indicator in setting.plan.indicators
    )


def _own_targets(setting: Setting, people: People, indicator: Indicator, eligible: EligibleDays) -> Targets:
    measures = setting.plan.plan.measures_needed
    if not setting.unknown.isdisjoint(indicator.measures):
        nobody = np.zeros(len(people), dtype=bool)
        return Targets(np.zeros(len(people), dtype=np.int64), nobody, nobody)
    return own_targets(
        indicator,
        measures,
        setting.window,
        people.past,
        people.hired,
        people.left,
        people.leaves,
        eligible,
    )


def _indicator(
    setting: Setting, scaled: ScaledIndicator, people: People, values: Values, target: Targets | None
) -> IndicatorLines:
    plan, measures = setting.plan, scaled.indicator.measures
    known = setting.unknown.isdisjoint(measures)
    if scaled.indicator.repurchase:
        needed = plan.plan.measures_needed
        counted = customers(scaled.indicator, needed, setting.window, people.past, len(people))
        return read_as_ratio(scaled, known, *counted, plan.largest_below)
    actual = values.of(plan.plan, measures[0])
    if target is not None:
        return read_against_target(scaled, known, actual, target, plan.largest_below)
    return read_as_ratio(scaled, known, actual, values.of(plan.plan, measures[1]), plan.largest_below)


def _unscored_because(setting: Setting, eligible: Integers, assessed_weight: Integers) -> Integers:
    if setting.window.missing:
        return np.full_like(eligible, REASONS.index(Reason.NOT_COVERED))
    too_little = (assessed_weight == 0) | (assessed_weight < setting.plan.least_weight)
    return _first_of(
        (eligible == 0, Reason.NO_ELIGIBLE_DAY),
        (too_little, Reason.TOO_LITTLE_ASSESSED),
    )


def _unjudged_because(plan: ScaledPlan, period: Period, people: People, whole: EligibleDays) -> Integers:
    in_ramp = months_since_hire(people.hired, period) < len(plan.plan.ramp)
    under_half = 2 * whole.of_first(period.days) < period.days
    return _first_of((in_ramp, Reason.IN_RAMP), (under_half, Reason.UNDER_HALF_ELIGIBLE))


def _first_of(*reasons: tuple[Flags, Reason]) -> Integers:
    """The code of the first reason that holds, for each person."""
    conditions = [condition for condition, _ in reasons]
    return np.select(conditions, [REASONS.index(reason) for _, reason in reasons], default=NONE)


def _unranked_because(setting: Setting, unjudged: Integers) -> Integers:
    if not setting.window.is_running or setting.ranks_so_far:
        return unjudged
    return np.where(unjudged == NONE, REASONS.index(Reason.TOO_EARLY), unjudged)


def _misses(setting: Setting, indicators: Sequence[IndicatorLines], unjudged: Integers) -> Integers:
    if setting.window.is_running:
        return np.full_like(unjudged, NONE)
    line = _line(indicators, setting.plan.plan.miss.indicator)
    missed = setting.plan.miss.holds(line.reading)
    judged = np.where(missed, MISSES.index(Miss.MISS), MISSES.index(Miss.HIT))
    return np.where((unjudged == NONE) & line.assessed, judged, MISSES.index(Miss.EXEMPT))


def _tiers(
    setting: Setting, indicators: Sequence[IndicatorLines], values: Values, scored: Flags, score: Integers
) -> tuple[Integers, Flags]:
    """The tier that each score reaches, under the gates; and whose gates are not sure."""
    unsure = np.zeros_like(scored)
    if setting.window.is_running:
        return np.full_like(score, NONE), unsure
    tier = np.searchsorted(setting.plan.tiers, score, side="right") - 1
    for gate in setting.plan.gates:
        holds, gate_unsure = _gate(setting, gate, indicators, values)
        tier = np.where(holds, np.minimum(tier, gate.cap), tier)
        unsure |= gate_unsure
    return np.where(scored, tier, NONE), unsure


def _gate(
    setting: Setting, gate: ScaledGate, indicators: Sequence[IndicatorLines], values: Values
) -> tuple[Flags, Flags]:
    plan = setting.plan
    if gate.gate.measure:
        value = values.of(plan.plan, gate.gate.measure)
        return value_bound_holds(gate.gate.bound, value), np.zeros(len(value), dtype=bool)
    reading = _gate_reading(plan, gate, indicators, values)
    return gate.bound.holds(reading), reading.unsure


def _gate_reading(
    plan: ScaledPlan, gate: ScaledGate, indicators: Sequence[IndicatorLines], values: Values
) -> Quotients:
    if gate.gate.indicator:
        return _line(indicators, gate.gate.indicator).reading
    numerator, denominator = (values.of(plan.plan, measure) for measure in gate.gate.measures)
    return divide(numerator, denominator, plan.largest_below)


def _line(indicators: Sequence[IndicatorLines], name: str) -> IndicatorLines:
    return next(line for line in indicators if line.scaled.indicator.name == name)
