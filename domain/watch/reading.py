"""What the watch reads: locked months, their cards, and the people around a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.people.model import Person, Unit
from domain.periods import Period, PeriodKind
from domain.plans.model import PlanVersion
from domain.plans.service import parsed
from domain.scoring.model import Card, CardLine, ScoredPeriod
from domain.scoring.rules_cards import LineKind, LineStatus, Miss
from domain.scoring.rules_exact import half_up
from domain.watch.facts import AlertFacts, MissedMonth, WeakestIndicator
from domain.watch.rules import MonthOutcome

HUNDRED_POINTS = 100
LOCKED_MONTH = sa.and_(
    ScoredPeriod.published_run_id == Card.run_id,
    ScoredPeriod.locked_at.is_not(None),
    ScoredPeriod.kind == PeriodKind.MONTH,
)
"""Joins a card to its period where that is a locked month."""


@dataclass(frozen=True)
class LockedCard:
    card_id: int
    person_id: int
    unit_id: int
    month: Period
    plan: PlanVersion
    score: Decimal | None
    miss: Miss


def people_who_missed(session: Session, since: Period) -> list[int]:
    """Everybody with a miss in a locked month, this one or a later one."""
    return list(
        session.scalars(
            sa.select(Card.person_id)
            .join(ScoredPeriod, LOCKED_MONTH)
            .where(ScoredPeriod.start >= since.start, Card.miss == Miss.MISS)
            .distinct()
            .order_by(Card.person_id)
        )
    )


def locked_cards(session: Session, person_ids: Collection[int]) -> dict[int, list[LockedCard]]:
    """The locked months of these people, oldest first."""
    rows = session.execute(
        sa.select(Card, ScoredPeriod.key, PlanVersion)
        .join(ScoredPeriod, LOCKED_MONTH)
        .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
        .where(Card.person_id.in_(person_ids))
        .order_by(ScoredPeriod.start)
    )
    found: dict[int, list[LockedCard]] = defaultdict(list)
    for card, key, plan in rows:
        found[card.person_id].append(_locked_card(card, key, plan))
    return found


def outcomes(cards: Iterable[LockedCard]) -> list[MonthOutcome]:
    return [MonthOutcome(card.month, card.miss, card.plan.job_family) for card in cards]


class MonthAtLarge:
    """All cards of one locked month: the team and the peers that one person is held against."""

    def __init__(self, session: Session, month: Period) -> None:
        rows = session.execute(
            sa.select(Card, ScoredPeriod.key, PlanVersion)
            .join(ScoredPeriod, LOCKED_MONTH)
            .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
            .where(ScoredPeriod.key == month.key)
        )
        self.cards = [_locked_card(card, key, plan) for card, key, plan in rows]
        self.readings = self._miss_readings(session, month)

    def _miss_readings(self, session: Session, month: Period) -> dict[int, Decimal]:
        """The reading of each card's miss indicator, by card id."""
        names = {parsed(card.plan).miss.indicator for card in self.cards}
        by_card = {card.card_id: card for card in self.cards}
        lines = session.execute(
            sa.select(CardLine.card_id, CardLine.name, CardLine.reading)
            .join(Card, Card.id == CardLine.card_id)
            .join(ScoredPeriod, LOCKED_MONTH)
            .where(
                ScoredPeriod.key == month.key,
                CardLine.kind == LineKind.INDICATOR,
                CardLine.name.in_(names),
                CardLine.reading.is_not(None),
            )
        )
        return {
            card_id: reading
            for card_id, name, reading in lines
            if reading is not None and parsed(by_card[card_id].plan).miss.indicator == name
        }

    def team(self, card: LockedCard) -> list[LockedCard]:
        """The others in the unit under the same plan who were judged."""
        return [other for other in self.peers(card) if other.unit_id == card.unit_id]

    def peers(self, card: LockedCard) -> list[LockedCard]:
        """The others in the job family who were judged."""
        return [
            other
            for other in self.cards
            if other.plan.id == card.plan.id and other.miss != Miss.EXEMPT and other.card_id != card.card_id
        ]


def alert_facts(
    session: Session, missed: list[LockedCard], at_large: MonthAtLarge, length: int, unit: Unit
) -> AlertFacts:
    """The facts of an alert; `missed` are the cards of the streak's missed months, oldest first."""
    last = missed[-1]
    person = session.get_one(Person, last.person_id)
    indicator = parsed(last.plan).miss.indicator
    months = [_missed_month(session, card) for card in missed]
    team, peers = at_large.team(last), at_large.peers(last)
    return AlertFacts(
        person_id=person.id,
        employee_id=person.employee_id,
        name=person.name,
        unit_path=unit.path,
        unit_name=unit.name,
        length=length,
        indicator=indicator,
        months=tuple(months),
        attainment=str(_mean([Decimal(month.reading) for month in months], 6)),
        score=None if last.score is None else str(last.score),
        team_score=_mean_text([other.score for other in team if other.score is not None], 2),
        team_reading=_mean_text(
            [at_large.readings[other.card_id] for other in team if other.card_id in at_large.readings], 6
        ),
        team_size=len(team),
        peers_met=sum(other.miss is Miss.HIT for other in peers),
        peers=len(peers),
        weakest=_weakest(session, last),
    )


def _missed_month(session: Session, card: LockedCard) -> MissedMonth:
    line = session.scalars(
        sa.select(CardLine).where(
            CardLine.card_id == card.card_id,
            CardLine.kind == LineKind.INDICATOR,
            CardLine.name == parsed(card.plan).miss.indicator,
        )
    ).one()
    return MissedMonth(
        period=card.month.key,
        actual=None if line.actual is None else str(line.actual),
        target=None if line.target is None else str(line.target),
        reading=str(line.reading),
    )


def _weakest(session: Session, card: LockedCard) -> WeakestIndicator | None:
    lines = session.scalars(
        sa.select(CardLine).where(
            CardLine.card_id == card.card_id,
            CardLine.kind == LineKind.INDICATOR,
            CardLine.status == LineStatus.ASSESSED,
        )
    ).all()
    weights = sum((Fraction(line.weight or 0) for line in lines), Fraction(0))

    def lost(line: CardLine) -> Fraction:
        return Fraction(line.weight or 0) * (HUNDRED_POINTS - Fraction(line.points or 0)) / weights

    worst = max(lines, key=lost, default=None)
    if worst is None or lost(worst) <= 0:
        return None
    return WeakestIndicator(worst.name, str(worst.reading), str(worst.points), str(half_up(lost(worst), 2)))


def _locked_card(card: Card, key: str, plan: PlanVersion) -> LockedCard:
    return LockedCard(
        card.id,
        card.person_id,
        card.unit_id,
        Period.parse(key),
        plan,
        card.score,
        Miss(card.miss or Miss.EXEMPT),
    )


def _mean(numbers: list[Decimal], places: int) -> Decimal:
    return half_up(sum((Fraction(number) for number in numbers), Fraction(0)) / len(numbers), places)


def _mean_text(numbers: list[Decimal], places: int) -> str | None:
    return str(_mean(numbers, places)) if numbers else None
