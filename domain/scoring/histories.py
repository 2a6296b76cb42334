"""Reading a person's scores month by month. Asks `access` first, changes nothing."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock
from domain.errors import NotFound
from domain.people.model import Person
from domain.periods import Period, PeriodKind
from domain.plans.rules import Tier
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.published import of_current_cards
from domain.scoring.rules_cards import CardStatus
from domain.scoring.views import PersonView, company_day, plan_name_and_tiers


@dataclass(frozen=True)
class HistoryPoint:
    period: Period
    status: CardStatus
    locked: bool
    score: Decimal | None
    tier: str | None
    miss: str | None


@dataclass(frozen=True)
class HistoryView:
    """Months without a card are missing from `points`, oldest first."""

    person: PersonView
    points: tuple[HistoryPoint, ...]
    tiers: tuple[Tier, ...]


def history(
    session: Session, viewer: Viewer, clock: Clock, person_id: int | None = None, months: int = 12
) -> HistoryView:
    """The last months that have ended, those the viewer may see. Raises NotAllowed where that is none."""
    person_id = viewer.person_id if person_id is None else person_id
    this_month = Period.containing(PeriodKind.MONTH, company_day(viewer, clock))
    rows = session.execute(
        of_current_cards(sa.select(ScoredPeriod, Card))
        .where(
            Card.person_id == person_id,
            ScoredPeriod.kind == PeriodKind.MONTH,
            ScoredPeriod.start < this_month.start,
        )
        .order_by(ScoredPeriod.start.desc())
        .limit(months)
    ).all()
    seen = [
        (scored, card)
        for scored, card in reversed(rows)
        if access.may_see_card(session, viewer, person_id, Period.parse(scored.key))
    ]
    if not seen:
        access.require_card(session, viewer, person_id, this_month.previous())
        raise NotFound("There are no scored months yet: ask again after the first month has been closed.")
    points = tuple(
        HistoryPoint(
            Period.parse(scored.key),
            CardStatus(card.status),
            scored.locked_at is not None,
            card.score,
            card.tier,
            card.miss,
        )
        for scored, card in seen
    )
    tiers = plan_name_and_tiers(session, seen[-1][1].plan_version_id)[1]
    return HistoryView(_person(session, person_id), points, tiers)


def _person(session: Session, person_id: int) -> PersonView:
    person = session.get_one(Person, person_id)
    return PersonView(person.id, person.employee_id, person.name)
