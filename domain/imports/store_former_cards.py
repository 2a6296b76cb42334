"""Storing the cards of a former system."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.closing.model import FormerCard
from domain.imports.rules_former_cards import FormerCardRow

CONTENT = ("score", "tier", "rank", "out_of", "plan", "note")


def store_former_cards(arrival: Arrival, people: Mapping[str, int], rows: Sequence[FormerCardRow]) -> int:
    """The rows are all there are: others end."""
    current = arrival.session.scalars(sa.select(FormerCard).where(FormerCard.ended_in.is_(None)))
    wanted = [
        FormerCard(
            person_id=people[row.employee_id],
            period=row.period.key,
            score=row.score,
            tier=row.tier,
            rank=row.rank,
            out_of=row.out_of,
            plan=row.plan,
            note=row.note,
        )
        for row in rows
    ]
    return arrival.bring_up_to_date(
        {(card.person_id, card.period): card for card in current},
        {(card.person_id, card.period): card for card in wanted},
        CONTENT,
        ends_missing=True,
    )
