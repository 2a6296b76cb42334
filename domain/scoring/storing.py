"""From a computed card to the columns it is kept in."""

from typing import Any

from domain.scoring.inputs import Scorable
from domain.scoring.rules_cards import Card, GateResult, Line
from domain.scoring.rules_targets import PersonTarget


def card_values(scorable: Scorable, card: Card) -> dict[str, Any]:
    """The columns of `model.Card`, but for its run."""
    return {
        "person_id": scorable.person_id,
        "plan_version_id": scorable.in_force.version.id,
        "unit_id": scorable.unit_id,
        "status": str(card.status),
        "score": card.score,
        "tier": card.tier,
        "miss": card.miss and str(card.miss),
        "rankable": card.rankable,
        "unranked_because": _unranked_because(card),
        "eligible_days": card.eligible_days,
        "days": card.days,
        "as_of_day": card.as_of,
        "detail": {
            "tier_before_gates": card.tier_before_gates,
            "gates": [_gate(result) for result in card.gates],
            "exempt_because": card.exempt_because,
            "unscored_because": card.unscored_because,
            "unranked_because": card.unranked_because,
            "missing": list(card.missing),
            "ramp_months": card.ramp_months,
            "in_ramp": card.in_ramp,
            "assessed_weight": str(card.assessed_weight),
            "total_weight": str(card.total_weight),
        },
        "inputs_digest": scorable.inputs_digest,
    }


def line_values(card: Card) -> list[dict[str, Any]]:
    """The columns of `model.CardLine` for each line, but for its card."""
    return [
        {
            "position": position,
            "kind": str(line.kind),
            "name": line.name,
            "actual": line.actual,
            "denominator": line.denominator,
            "target": line.target.amount if line.target else None,
            "reading": line.printed_reading,
            "points": line.points,
            "weight": line.weight,
            "contribution": line.contribution,
            "status": str(line.status),
            "detail": _line_detail(line),
        }
        for position, line in enumerate(card.lines)
    ]


def _unranked_because(card: Card) -> str | None:
    if card.unranked_because is None:
        return None
    return (
        f"{card.unranked_because}: {', '.join(card.missing)}" if card.missing else str(card.unranked_because)
    )


def _gate(result: GateResult) -> dict[str, Any]:
    gate = result.gate
    return {
        "cap": gate.cap,
        "indicator": gate.indicator,
        "measure": gate.measure,
        "ratio": list(gate.ratio) if gate.ratio else None,
        "comparison": str(gate.bound.comparison),
        "bound": str(gate.bound.value),
        "value": None if result.value is None else str(result.value),
        "holds": result.holds,
        "lowered": result.lowered,
    }


def _line_detail(line: Line) -> dict[str, Any]:
    return {
        "reason": line.reason,
        "measures": list(line.measures),
        "missing": list(line.missing),
        "segment": [[str(anchor.reading), str(anchor.points)] for anchor in line.segment or ()],
        "target_parts": _target_parts(line.target) if line.target else [],
        "uncapped": None if line.uncapped is None else str(line.uncapped),
        "cap": None if line.cap is None else str(line.cap),
    }


def _target_parts(target: PersonTarget) -> list[dict[str, Any]]:
    return [
        {
            "period": part.period.key,
            "amounts": [[str(amount), days] for amount, days in part.amounts],
            "ramp": str(part.ramp),
            "days": part.days,
        }
        for part in target.parts
    ]
