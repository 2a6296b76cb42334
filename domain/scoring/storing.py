"""From a computed card to the columns it is kept in."""

from typing import Any

from domain.scoring.inputs import Scorable
from domain.scoring.model import card_id
from domain.scoring.rules_cards import Card
from domain.scoring.rules_kept import unranked_text


def card_values(run_id: int, scorable: Scorable, card: Card) -> dict[str, Any]:
    """The columns of `model.Card`."""
    return {
        "id": card_id(run_id, scorable.person_id),
        "run_id": run_id,
        "person_id": scorable.person_id,
        "plan_version_id": scorable.in_force.version.id,
        "unit_id": scorable.unit_id,
        "status": str(card.status),
        "score": card.score,
        "tier": card.tier,
        "miss": card.miss and str(card.miss),
        "rankable": card.rankable,
        "unranked_because": unranked_text(card.unranked_because, card.missing),
        "eligible_days": card.eligible_days,
        "days": card.days,
        "as_of_day": card.as_of,
        "inputs_digest": scorable.inputs_digest,
    }


def line_values(run_id: int, scorable: Scorable, card: Card) -> list[dict[str, Any]]:
    """The columns of `model.CardLine` for each line."""
    return [
        {
            "card_id": card_id(run_id, scorable.person_id),
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
        }
        for position, line in enumerate(card.lines)
    ]
