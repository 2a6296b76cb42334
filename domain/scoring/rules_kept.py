"""A card read back: its explanation, worked out again from what is kept of it and from its plan.

Only numbers are kept. Which anchors are around a reading, what a gate compared and why a line was not
assessed follow from them by the same rules that made the card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.plans.rules import Deduction, Indicator, Plan
from domain.scoring.rules import gate_results
from domain.scoring.rules_cards import CardStatus, GateResult, Line, LineKind, Miss, Reason
from domain.scoring.rules_exact import exact_sum
from domain.scoring.rules_lines import deduction_line, indicator_line
from domain.scoring.rules_targets import PersonTarget

_BETWEEN_MEASURES = ", "


@dataclass(frozen=True, slots=True)
class KeptLine:
    kind: LineKind
    name: str
    actual: Decimal | None
    denominator: Decimal | None
    target: Decimal | None
    weight: Decimal | None
    contribution: Decimal | None


@dataclass(frozen=True, slots=True)
class KeptCard:
    """`unranked_because` as `unranked_text` wrote it."""

    status: CardStatus
    score: Decimal | None
    miss: Miss | None
    unranked_because: str | None
    has_days: bool
    """False of a running card of which not even the first day is covered."""
    lines: tuple[KeptLine, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a card's numbers rest on; the lines as the engine has them, but for the parts of their targets."""

    lines: tuple[Line, ...]
    tier_before_gates: str | None
    gates: tuple[GateResult, ...]
    unscored_because: Reason | None
    unranked_because: Reason | None
    exempt_because: Reason | None
    missing: tuple[str, ...]
    assessed_weight: Decimal
    total_weight: Decimal


def unranked_text(reason: Reason | None, missing: Sequence[str]) -> str | None:
    """`in_ramp`, or with the measures that are not covered `not_covered: won_amount, wins`."""
    if reason is None or not missing:
        return reason and str(reason)
    return f"{reason}: {_BETWEEN_MEASURES.join(missing)}"


def explain(plan: Plan, card: KeptCard, gate_values: Mapping[str, Decimal]) -> Explanation:
    """`gate_values`: the values of `measures_of_gates_alone`, where the card has a tier."""
    reason, missing = read_unranked(card.unranked_because, plan)
    unknown = missing if card.has_days else plan.measures_needed
    values = {**gate_values, **_values(plan, card.lines)}
    lines = tuple(_line(plan, line, values, unknown) for line in card.lines)
    is_running = card.status is CardStatus.RUNNING
    reached = None if card.score is None or is_running else plan.tier_at(card.score)
    return Explanation(
        lines=lines,
        tier_before_gates=reached,
        gates=gate_results(plan, lines, values, reached) if reached else (),
        unscored_because=reason if card.score is None else None,
        unranked_because=reason,
        exempt_because=(reason or Reason.MISS_INDICATOR_NOT_ASSESSED) if card.miss is Miss.EXEMPT else None,
        missing=missing,
        assessed_weight=exact_sum(
            line.weight for line in lines if line.weight is not None and line.points is not None
        ),
        total_weight=exact_sum(line.weight for line in lines if line.weight is not None),
    )


def measures_of_gates_alone(plan: Plan) -> tuple[str, ...]:
    """Measures that a gate compares and no line shows."""
    on_lines = {measure for indicator in plan.indicators for measure in indicator.quantities}
    on_lines |= {deduction.measure for deduction in plan.deductions}
    named = dict.fromkeys(measure for gate in plan.gates for measure in gate.measures)
    return tuple(measure for measure in named if measure not in on_lines)


def read_unranked(text: str | None, plan: Plan) -> tuple[Reason | None, tuple[str, ...]]:
    """The reason and the measures of `unranked_text`; a measure's name may hold the comma itself."""
    if text is None:
        return None, ()
    reason, _, names = text.partition(": ")
    missing = []
    for measure in plan.measures_needed:
        rest = names.removeprefix(measure)
        if rest != names and (not rest or rest.startswith(_BETWEEN_MEASURES)):
            missing.append(measure)
            names = rest.removeprefix(_BETWEEN_MEASURES)
    return Reason(reason), tuple(missing)


def _values(plan: Plan, lines: Iterable[KeptLine]) -> dict[str, Decimal]:
    values: dict[str, Decimal] = {}
    for line in lines:
        if line.kind is LineKind.FLOOR:
            continue
        shown = zip(_part(plan, line).quantities, (line.actual, line.denominator), strict=False)
        values |= {measure: value for measure, value in shown if value is not None}
    return values


def _line(plan: Plan, line: KeptLine, values: Mapping[str, Decimal], unknown: Sequence[str]) -> Line:
    if line.kind is LineKind.FLOOR:
        return Line(LineKind.FLOOR, line.name, contribution=line.contribution)
    part = _part(plan, line)
    if isinstance(part, Deduction):
        restored = deduction_line(part, values, unknown)
    else:
        target = None if line.target is None else PersonTarget(line.target, ())
        weighed = part if line.weight is None else replace(part, weight=line.weight)
        restored = indicator_line(weighed, values, target, unknown)
    return replace(restored, contribution=line.contribution)


def _part(plan: Plan, line: KeptLine) -> Indicator | Deduction:
    """The indicator or deduction of the plan that a line is of."""
    parts: Sequence[Indicator | Deduction] = (
        plan.indicators if line.kind is LineKind.INDICATOR else plan.deductions
    )
    return next(part for part in parts if part.name == line.name)
