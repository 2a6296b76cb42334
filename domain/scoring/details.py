"""What *Why?* shows beside a card's columns, in plain values: anchors, gates, reasons, parts of a target."""

from typing import Any

from domain.scoring.rules_cards import GateResult, Line
from domain.scoring.rules_kept import Explanation
from domain.scoring.rules_targets import Baseline, PersonTarget

Detail = dict[str, Any]


def card_detail(explanation: Explanation) -> Detail:
    return {
        "tier_before_gates": explanation.tier_before_gates,
        "gates": [_gate(result) for result in explanation.gates],
        "exempt_because": explanation.exempt_because,
        "unscored_because": explanation.unscored_because,
        "unranked_because": explanation.unranked_because,
        "missing": list(explanation.missing),
        "assessed_weight": str(explanation.assessed_weight),
        "total_weight": str(explanation.total_weight),
    }


def line_detail(line: Line) -> Detail:
    return {
        "reason": line.reason,
        "measures": list(line.measures),
        "missing": list(line.missing),
        "segment": [[str(anchor.reading), str(anchor.points)] for anchor in line.segment or ()],
        "weighed_by_tier": line.weighed_by_tier,
        "uncapped": None if line.uncapped is None else str(line.uncapped),
        "cap": None if line.cap is None else str(line.cap),
        **looked_up_detail(line),
    }


def looked_up_detail(line: Line) -> Detail:
    """The part of `line_detail` that is not kept with a card: read again where somebody asks."""
    return {
        "target_parts": target_parts(line.target) if line.target else [],
        "baseline": _baseline(line.baseline) if line.baseline else None,
        "nameless": line.nameless,
    }


def _baseline(baseline: Baseline) -> Detail:
    return {
        "first": baseline.first.isoformat(),
        "last": baseline.last.isoformat(),
        "amount": str(baseline.amount),
        "eligible_days": baseline.eligible_days,
        "days": baseline.days,
    }


def target_parts(target: PersonTarget) -> list[Detail]:
    return [
        {
            "period": part.period.key,
            "amounts": [[str(amount), days] for amount, days in part.amounts],
            "ramp": str(part.ramp),
            "days": part.days,
        }
        for part in target.parts
    ]


def _gate(result: GateResult) -> Detail:
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
