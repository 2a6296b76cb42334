"""What the watch reads: locked months, their cards, and the people around a person."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.people.model import Person, Unit
from domain.periods import Period, PeriodKind
from domain.plans.model import PlanVersion
from domain.plans.service import parsed
from domain.scoring.model import Card, CardLine, ScoredPeriod
from domain.scoring.published import of_current_cards
from domain.scoring.rules_cards import LineKind, LineStatus, Miss
from domain.scoring.rules_exact import half_up
from domain.scoring.rules_streaks import MonthOutcome
from domain.watch.facts import AlertFacts, MissedMonth, WeakestIndicator

HUNDRED_POINTS = 100
LOCKED_MONTH = sa.and_(ScoredPeriod.locked_at.is_not(None), ScoredPeriod.kind == PeriodKind.MONTH)
_JUDGED = Card.miss.in_([Miss.MISS, Miss.HIT])


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
            of_current_cards(sa.select(Card.person_id))
            .where(LOCKED_MONTH, ScoredPeriod.start >= since.start, Card.miss == Miss.MISS)
            .distinct()
            .order_by(Card.person_id)
        )
    )


def locked_cards(session: Session, person_ids: Collection[int]) -> dict[int, list[LockedCard]]:
    """The locked months of these people, oldest first, each card in its newest version."""
    rows = session.execute(
        of_current_cards(sa.select(Card, ScoredPeriod.key, PlanVersion))
        .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
        .where(LOCKED_MONTH, is_one_of(session, Card.person_id, person_ids))
        .order_by(ScoredPeriod.start)
    )
    found: dict[int, list[LockedCard]] = defaultdict(list)
    for card, key, plan in rows:
        found[card.person_id].append(_locked_card(card, key, plan))
    return found


def outcomes(cards: Iterable[LockedCard]) -> list[MonthOutcome]:
    return [MonthOutcome(card.month, card.miss, card.plan.job_family) for card in cards]


_OWN_MONTHS = (
    of_current_cards(sa.select(ScoredPeriod.key, Card.miss, PlanVersion.job_family))
    .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
    .where(LOCKED_MONTH, Card.person_id == sa.bindparam("person_id"))
    .order_by(ScoredPeriod.start)
)


def own_outcomes(session: Session, person_id: int) -> list[MonthOutcome]:
    """As `outcomes` of a person's locked cards: asked with each /myscore, so no more is read."""
    months = session.execute(_OWN_MONTHS, {"person_id": person_id})
    return [MonthOutcome(Period.parse(key), _miss(miss), family) for key, miss, family in months]


@dataclass(frozen=True)
class Colleague:
    """Somebody else of the same unit and plan who was judged in a month."""

    score: Decimal | None
    reading: Decimal | None
    """Of the indicator that decides about a miss."""


class MonthAtLarge:
    """One locked month: the team and the peers that one person is held against.

    Counted by the database, and read as far as it is asked for: a month may have very many cards.
    """

    def __init__(self, session: Session, month: Period) -> None:
        self.session = session
        self.month = month
        by_unit = self._select(Card.unit_id, sa.func.count().label("cards")).group_by(Card.unit_id)
        self.cards_in = {row.unit_id: int(row.cards) for row in session.execute(by_unit)}
        """By unit, without those below it."""
        judged = self._select(Card.plan_version_id, Card.miss, sa.func.count()).where(_JUDGED)
        self._judged = Counter(
            {
                (plan_id, Miss(miss)): number
                for plan_id, miss, number in session.execute(judged.group_by(Card.plan_version_id, Card.miss))
            }
        )

    def team(self, card: LockedCard) -> list[Colleague]:
        """The others in the unit under the same plan who were judged."""
        deciding = sa.and_(
            CardLine.card_id == Card.id,
            CardLine.kind == LineKind.INDICATOR,
            CardLine.name == parsed(card.plan).miss.indicator,
        )
        rows = self.session.execute(
            self._select(Card.score, CardLine.reading)
            .outerjoin(CardLine, deciding)
            .where(
                _JUDGED,
                Card.unit_id == card.unit_id,
                Card.plan_version_id == card.plan.id,
                Card.id != card.card_id,
            )
        )
        return [Colleague(score, reading) for score, reading in rows]

    def peers_met(self, card: LockedCard) -> int:
        """How many in the job family met what the person of this card missed."""
        return self._judged[card.plan.id, Miss.HIT]

    def peers(self, card: LockedCard) -> int:
        """How many others in the job family were judged; the card itself was, as missed."""
        return self.peers_met(card) + self._judged[card.plan.id, Miss.MISS] - 1

    def _select(self, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
        """From the cards of the month."""
        return of_current_cards(sa.select(*columns)).where(LOCKED_MONTH, ScoredPeriod.key == self.month.key)


def alert_facts(
    session: Session, missed: list[LockedCard], at_large: MonthAtLarge, length: int, unit: Unit
) -> AlertFacts:
    """The facts of an alert; `missed` are the cards of the streak's missed months, oldest first."""
    last = missed[-1]
    person = session.get_one(Person, last.person_id)
    indicator = parsed(last.plan).miss.indicator
    months = [_missed_month(session, card) for card in missed]
    team = at_large.team(last)
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
        team_reading=_mean_text([other.reading for other in team if other.reading is not None], 6),
        team_size=len(team),
        peers_met=at_large.peers_met(last),
        peers=at_large.peers(last),
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
        _miss(card.miss),
    )


def _miss(kept: str | None) -> Miss:
    return Miss(kept or Miss.EXEMPT)


def _mean(numbers: list[Decimal], places: int) -> Decimal:
    return half_up(sum((Fraction(number) for number in numbers), Fraction(0)) / len(numbers), places)


def _mean_text(numbers: list[Decimal], places: int) -> str | None:
    return str(_mean(numbers, places)) if numbers else None
