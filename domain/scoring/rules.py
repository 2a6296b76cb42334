"""The scoring engine: one person, one period, one plan in; a card out. No session, no clock, no float."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from domain.periods import Period
from domain.plans.rules import Gate, Indicator, Plan, months_before
from domain.scoring.rules_cards import Card, CardStatus, GateResult, Line, Miss, Reason
from domain.scoring.rules_exact import exact_sum, quotient
from domain.scoring.rules_inputs import DaySpan, Employment, PersonInput, Window
from domain.scoring.rules_lines import (
    deduction_line,
    indicator_line,
    with_contributions,
    without_contributions,
)
from domain.scoring.rules_targets import (
    Baseline,
    days_within,
    eligible_spans,
    own_target,
    person_target,
)

_ZERO = Decimal(0)


def score_person(plan: Plan, window: Window, person: PersonInput, ranks_so_far: bool = False) -> Card:
    """Score one person over a window (see `scoring_window`).

    `ranks_so_far`: whether a running card may be ranked yet, from the period's fifth working day on.
    """
    period = window.period
    spans = eligible_spans(person.employment, person.leaves, period.start, window.last) if window.last else ()
    eligible = days_within(spans, period.start, period.last_day)
    ramp_months = person.employment.months_since_hire(period.start)
    in_ramp = ramp_months < len(plan.ramp)

    lines = _lines(plan, window, person, spans)
    assessed_weight = exact_sum(
        line.weight for line in lines if line.weight is not None and line.points is not None
    )
    unscored = _unscored_because(plan, window, eligible, assessed_weight)
    score: Decimal | None = None
    if unscored is None:
        lines, score = with_contributions(lines, assessed_weight)
    else:
        lines = without_contributions(lines)

    unjudged = unscored or unjudged_because(plan, period, person.employment, person.leaves)
    too_early = Reason.TOO_EARLY if window.is_running and not ranks_so_far else None
    miss, exempt = (None, None) if window.is_running else _miss(plan, lines, unjudged)
    reached = None if score is None or window.is_running else plan.tier_at(score)
    gates = gate_results(plan, lines, person.values, reached) if reached else ()
    return Card(
        employee_id=person.employee_id,
        period=period,
        status=_status(window, unscored),
        lines=lines,
        score=score,
        unscored_because=unscored,
        tier=_capped(plan, reached, gates) if reached else None,
        tier_before_gates=reached,
        gates=gates,
        miss=miss,
        exempt_because=exempt,
        unranked_because=unjudged or too_early,
        missing=window.missing,
        eligible_days=eligible,
        days=window.days,
        as_of=window.last if window.is_running else None,
        ramp_months=ramp_months,
        in_ramp=in_ramp,
        assessed_weight=assessed_weight,
        total_weight=plan.total_weight,
    )


def _lines(plan: Plan, window: Window, person: PersonInput, spans: Sequence[DaySpan]) -> tuple[Line, ...]:
    """The lines of indicators and deductions, before they are weighed."""
    unknown = window.missing if window.last else plan.measures_needed
    lines = []
    for indicator in plan.indicators:
        due, baseline = None, None
        if indicator.own_months and indicator.measure not in unknown:
            baseline = baseline_of(indicator, window.period, person)
            due = own_target(baseline, spans, window.period)
        elif indicator.has_target:
            targets = person.targets.get(indicator.name, ())
            due = person_target(plan, window.period, person.employment, spans, targets)
        line = indicator_line(indicator, person.values, due, unknown)
        nameless = person.nameless.get(indicator.name, 0)
        lines.append(replace(line, baseline=baseline, nameless=nameless) if baseline or nameless else line)
    lines += [deduction_line(deduction, person.values, unknown) for deduction in plan.deductions]
    return tuple(lines)


def baseline_of(indicator: Indicator, period: Period, person: PersonInput) -> Baseline:
    """What the person achieved of the indicator's measure in the months before the period."""
    months = months_before(period, indicator.own_months or 0)
    first, last = months[0].start, months[-1].last_day
    spans = eligible_spans(person.employment, person.leaves, first, last)
    return Baseline(first, last, person.before.get(indicator.name, _ZERO), days_within(spans, first, last))


def _status(window: Window, unscored: Reason | None) -> CardStatus:
    if window.is_running:
        return CardStatus.RUNNING
    if unscored is None:
        return CardStatus.COMPLETE
    return CardStatus.INCOMPLETE if unscored is Reason.NOT_COVERED else CardStatus.NOT_ASSESSED


def _unscored_because(plan: Plan, window: Window, eligible: int, assessed_weight: Decimal) -> Reason | None:
    """Why there is no score; what is not known comes before what is not assessed."""
    if window.missing:
        return Reason.NOT_COVERED
    if not eligible:
        return Reason.NO_ELIGIBLE_DAY
    if not assessed_weight or Fraction(assessed_weight) < plan.least_assessed_weight:
        return Reason.TOO_LITTLE_ASSESSED
    return None


def unjudged_because(
    plan: Plan, period: Period, employment: Employment, leaves: Iterable[DaySpan]
) -> Reason | None:
    """Why a person, with a score or without, is neither ranked nor charged with a miss.

    Half of the period's days, also while it runs: leaves and leavings that are known already count.
    """
    if employment.months_since_hire(period.start) < len(plan.ramp):
        return Reason.IN_RAMP
    spans = eligible_spans(employment, leaves, period.start, period.last_day)
    eligible = days_within(spans, period.start, period.last_day)
    return Reason.UNDER_HALF_ELIGIBLE if 2 * eligible < period.days else None


def _miss(plan: Plan, lines: Sequence[Line], unjudged: Reason | None) -> tuple[Miss, Reason | None]:
    """Hit or miss of a period that is over; exempt, and why."""
    if unjudged:
        return Miss.EXEMPT, unjudged
    reading = _reading_of(lines, plan.miss.indicator)
    if reading is None:
        return Miss.EXEMPT, Reason.MISS_INDICATOR_NOT_ASSESSED
    return (Miss.MISS if plan.miss.bound.holds(reading) else Miss.HIT), None


def gate_results(
    plan: Plan, lines: Sequence[Line], values: Mapping[str, Decimal], tier: str
) -> tuple[GateResult, ...]:
    """Every gate of the plan, for a card whose score reaches the tier."""
    results = []
    for gate in plan.gates:
        value = _gate_value(gate, lines, values)
        holds = value is not None and gate.bound.holds(value)
        lowered = holds and plan.tier_level(gate.cap) < plan.tier_level(tier)
        results.append(GateResult(gate, value, holds, lowered))
    return tuple(results)


def _capped(plan: Plan, tier: str, gates: Sequence[GateResult]) -> str:
    """The lowest of the tier reached and the caps of the gates that hold."""
    return min([tier, *(result.gate.cap for result in gates if result.holds)], key=plan.tier_level)


def _gate_value(gate: Gate, lines: Sequence[Line], values: Mapping[str, Decimal]) -> Fraction | None:
    if gate.indicator:
        return _reading_of(lines, gate.indicator)
    if gate.measure:
        return Fraction(values.get(gate.measure, _ZERO))
    numerator, denominator = (values.get(measure, _ZERO) for measure in gate.measures)
    return quotient(numerator, denominator) if denominator else None


def _reading_of(lines: Sequence[Line], indicator: str) -> Fraction | None:
    """An indicator's exact reading; indicators come before deductions, whose names may be the same."""
    return next(line.reading for line in lines if line.name == indicator)
