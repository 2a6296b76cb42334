"""Cards of a former system: shown where there is no card of ours. Nothing is computed from them."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.closing.model import FormerCard
from domain.people.model import Person
from domain.periods import Period, PeriodKind
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.published import of_current_cards
from domain.scoring.views import PersonView


@dataclass(frozen=True)
class FormerCardView:
    """As the former system had it; a number or name that it did not have is None."""

    person: PersonView
    period: Period
    score: Decimal | None
    tier: str | None
    rank: int | None
    out_of: int | None
    plan: str | None
    note: str | None


def former_card(session: Session, viewer: Viewer, period: Period, person_id: int) -> FormerCardView | None:
    """Raises NotAllowed. None where there is none, and where a card of ours takes its place."""
    access.require_card(session, viewer, person_id, period)
    found = [view for view in _former_cards(session, person_id) if view.period == period]
    return found[0] if found else None


def former_months(session: Session, viewer: Viewer, person_id: int, most: int = 12) -> list[FormerCardView]:
    """The latest months of the former system that the viewer may see, oldest first."""
    months = [view for view in _former_cards(session, person_id) if view.period.kind is PeriodKind.MONTH]
    return [view for view in months[-most:] if access.may_see_card(session, viewer, person_id, view.period)]


def _former_cards(session: Session, person_id: int) -> list[FormerCardView]:
    """Those without a card of ours, oldest first."""
    ours = of_current_cards(sa.select(Card.id)).where(
        ScoredPeriod.key == FormerCard.period, Card.person_id == person_id
    )
    rows = session.execute(
        sa.select(FormerCard, Person)
        .join(Person, Person.id == FormerCard.person_id)
        .where(FormerCard.person_id == person_id, FormerCard.ended_in.is_(None), ~ours.exists())
    )
    views = [
        FormerCardView(
            person=PersonView(person.id, person.employee_id, person.name),
            period=Period.parse(card.period),
            score=card.score,
            tier=card.tier,
            rank=card.rank,
            out_of=card.out_of,
            plan=card.plan,
            note=card.note,
        )
        for card, person in rows
    ]
    return sorted(views, key=lambda view: view.period)
