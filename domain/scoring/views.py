"""Reading what was published: cards, rankings, history. Asks `access` first, changes nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import RankingRight, Viewer
from domain.clock import Clock, today
from domain.errors import NotFound
from domain.people import service as people
from domain.people.model import Person, Unit
from domain.periods import Period, PeriodKind
from domain.plans.model import PlanVersion
from domain.plans.rules import Tier
from domain.plans.service import parsed
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod
from domain.scoring.rules_cards import CardStatus

SMALLEST_SHOWN_UNIT = 5
"""Units with fewer ranked people show no ranks to their members."""


@dataclass(frozen=True)
class PersonView:
    id: int
    employee_id: str
    name: str


@dataclass(frozen=True)
class LineView:
    """One part of a score. Decimals as printed: reading to 6 places, points to 4, contribution to 2."""

    kind: str
    name: str
    actual: Decimal | None
    denominator: Decimal | None
    target: Decimal | None
    reading: Decimal | None
    points: Decimal | None
    weight: Decimal | None
    contribution: Decimal | None
    status: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class RankView:
    """A place within a unit; `rank` is None where the unit is too small to show it to its members."""

    unit_path: str
    unit_name: str
    rank: int | None
    out_of: int


@dataclass(frozen=True)
class CardView:
    person: PersonView
    period: Period
    status: CardStatus
    locked: bool
    score: Decimal | None
    tier: str | None
    miss: str | None
    unranked_because: str | None
    eligible_days: int
    days: int
    as_of_day: date | None
    lines: tuple[LineView, ...]
    ranks: tuple[RankView, ...]
    detail: dict[str, Any]
    plan_name: str
    tiers: tuple[Tier, ...]
    """From the highest to the lowest."""

    @property
    def next_tier(self) -> Tier | None:
        """The band above the score; None at the top, without a score, and where a gate caps the tier.

        Behind a gate no points help.
        """
        if self.score is None or any(gate["lowered"] for gate in self.detail["gates"]):
            return None
        return next((tier for tier in reversed(self.tiers) if tier.from_score > self.score), None)


@dataclass(frozen=True)
class ScoreView:
    """The answer to `/myscore`: the card asked for, and for a running one the last closed card."""

    card: CardView
    last_closed: CardView | None


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


@dataclass(frozen=True)
class RankingRow:
    rank: int
    person: PersonView
    score: Decimal
    tier: str | None


@dataclass(frozen=True)
class RankingView:
    """A unit's ranking as one viewer may see it."""

    unit_path: str
    unit_name: str
    period: Period
    locked: bool
    running: bool
    """Ranks "so far"."""
    out_of: int
    rows: tuple[RankingRow, ...]
    """With names: everybody's for those who oversee the unit, else the first few. Ties share a place."""
    own: RankingRow | None
    gap_above: Decimal | None
    """Points to the next better score, None where there is none."""
    gap_below: Decimal | None
    too_small: bool
    """Fewer than 5 ranked people, and the viewer is a member: nothing is shown."""
    plan_name: str | None
    """Whose people are ranked here: ranks hold within a plan. None where nobody is ranked."""
    other_plans: tuple[str, ...]
    """Plans whose people are ranked in the unit by themselves, and are not shown."""


@dataclass(frozen=True)
class DistributionView:
    unit_path: str
    unit_name: str
    period: Period
    scores: tuple[Decimal, ...]
    own: Decimal | None
    tiers: tuple[Tier, ...]


def my_score(
    session: Session, viewer: Viewer, clock: Clock, period: Period | None = None, person_id: int | None = None
) -> ScoreView:
    """A person's card, the viewer's own by default; without a period the one that runs, else the last scored.

    Raises NotAllowed, or NotFound where there is no such card.
    """
    person_id = viewer.person_id if person_id is None else person_id
    this_month = Period.containing(PeriodKind.MONTH, company_day(session, clock))
    asked = period or this_month
    access.require_card(session, viewer, person_id, asked)
    card = _card(session, viewer, person_id, asked)
    if card is None and period is None:
        card = _last_closed(session, viewer, person_id, this_month)
    if card is None:
        raise NotFound(
            "There is no card for {period}: it has not been scored, or the person was not employed then.",
            period=asked.key,
        )
    running = card.status is CardStatus.RUNNING
    return ScoreView(card, _last_closed(session, viewer, person_id, card.period) if running else None)


def was_ever_scored(session: Session, person_id: int) -> bool:
    """Whether a published card of the person exists, of whatever period."""
    published = (
        sa.select(Card.id)
        .join(ScoredPeriod, ScoredPeriod.published_run_id == Card.run_id)
        .where(Card.person_id == person_id)
        .limit(1)
    )
    return session.scalar(published) is not None


def history(
    session: Session, viewer: Viewer, clock: Clock, person_id: int | None = None, months: int = 12
) -> HistoryView:
    """The last months that have ended, those the viewer may see. Raises NotAllowed where that is none."""
    person_id = viewer.person_id if person_id is None else person_id
    this_month = Period.containing(PeriodKind.MONTH, company_day(session, clock))
    rows = session.execute(
        sa.select(ScoredPeriod, Card)
        .join(Card, Card.run_id == ScoredPeriod.published_run_id)
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
    tiers = _plan_of(session, seen[-1][1].plan_version_id)[1]
    return HistoryView(_person(session, person_id), points, tiers)


def ranking(
    session: Session,
    viewer: Viewer,
    period: Period,
    unit_path: str | None = None,
) -> RankingView:
    """A unit's ranking, by default of the viewer's own unit. Raises NotAllowed or NotFound."""
    ranks = _ranks_to_show(session, viewer, period, unit_path)
    rows = ranks.rows
    own = next((row for row in rows if row.person.id == viewer.person_id), None)
    above = [row.score for row in rows if own and row.score > own.score]
    below = [row.score for row in rows if own and row.score < own.score]
    shown = (
        rows
        if ranks.right is RankingRight.ALL
        else [row for row in rows if row.rank <= named_places(len(rows))]
    )
    too_small = ranks.too_small
    return RankingView(
        unit_path=ranks.unit.path,
        unit_name=ranks.unit.name,
        period=period,
        locked=ranks.locked,
        running=_is_running(session, ranks.run_id),
        out_of=len(rows),
        rows=() if too_small else tuple(shown),
        own=None if too_small else own,
        gap_above=min(above) - own.score if own and above and not too_small else None,
        gap_below=own.score - max(below) if own and below and not too_small else None,
        too_small=too_small,
        plan_name=_plan_of(session, ranks.plans[0])[0] if ranks.plans else None,
        other_plans=tuple(_plan_of(session, plan_id)[0] for plan_id in ranks.plans[1:]),
    )


def named_places(out_of: int) -> int:
    """How many places a unit's members see by name: a tenth of them, 3 at least and 10 at most."""
    return min(10, max(3, out_of // 10))


def distribution(
    session: Session, viewer: Viewer, period: Period, unit_path: str | None = None
) -> DistributionView:
    """The scores of those a unit's ranking is about. Raises NotAllowed or NotFound."""
    ranks = _ranks_to_show(session, viewer, period, unit_path)
    if ranks.too_small or not ranks.rows:
        raise NotFound(
            "{unit} has too few ranked people in {period} to show.", unit=ranks.unit.path, period=period.key
        )
    own = next((row.score for row in ranks.rows if row.person.id == viewer.person_id), None)
    return DistributionView(
        unit_path=ranks.unit.path,
        unit_name=ranks.unit.name,
        period=period,
        scores=tuple(sorted(row.score for row in ranks.rows)),
        own=own,
        tiers=_plan_of(session, ranks.plans[0])[1],
    )


def company_day(session: Session, clock: Clock) -> date:
    return today(clock, people.company(session).time_zone)


def _last_closed(session: Session, viewer: Viewer, person_id: int, before: Period) -> CardView | None:
    key = session.scalar(
        sa.select(ScoredPeriod.key)
        .join(Card, Card.run_id == ScoredPeriod.published_run_id)
        .where(
            Card.person_id == person_id,
            Card.status != CardStatus.RUNNING,
            ScoredPeriod.kind == before.kind,
            ScoredPeriod.start < before.start,
        )
        .order_by(ScoredPeriod.start.desc())
        .limit(1)
    )
    if key is None:
        return None
    period = Period.parse(key)
    return (
        _card(session, viewer, person_id, period)
        if access.may_see_card(session, viewer, person_id, period)
        else None
    )


def _card(session: Session, viewer: Viewer, person_id: int, period: Period) -> CardView | None:
    row = session.execute(
        sa.select(ScoredPeriod, Card, Person)
        .join(Card, Card.run_id == ScoredPeriod.published_run_id)
        .join(Person, Person.id == Card.person_id)
        .where(ScoredPeriod.key == period.key, Card.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    scored, card, person = row
    lines = session.scalars(
        sa.select(CardLine).where(CardLine.card_id == card.id).order_by(CardLine.position)
    ).all()
    plan_name, tiers = _plan_of(session, card.plan_version_id)
    return CardView(
        person=PersonView(person.id, person.employee_id, person.name),
        period=period,
        status=CardStatus(card.status),
        locked=scored.locked_at is not None,
        score=card.score,
        tier=card.tier,
        miss=card.miss,
        unranked_because=card.unranked_because,
        eligible_days=card.eligible_days,
        days=card.days,
        as_of_day=card.as_of_day,
        lines=tuple(
            LineView(
                line.kind,
                line.name,
                line.actual,
                line.denominator,
                line.target,
                line.reading,
                line.points,
                line.weight,
                line.contribution,
                line.status,
                line.detail,
            )
            for line in lines
        ),
        ranks=_ranks(session, viewer, card, period),
        detail=card.detail,
        plan_name=plan_name,
        tiers=tiers,
    )


def _ranks(session: Session, viewer: Viewer, card: Card, period: Period) -> tuple[RankView, ...]:
    rows = session.execute(
        sa.select(CardRank, Unit)
        .join(Unit, Unit.id == CardRank.unit_id)
        .where(CardRank.card_id == card.id)
        .order_by(sa.func.length(Unit.path))
    ).all()
    is_own = viewer.person_id == card.person_id
    return tuple(
        RankView(
            unit.path,
            unit.name,
            None if is_own and rank.out_of < SMALLEST_SHOWN_UNIT else rank.rank,
            rank.out_of,
        )
        for rank, unit in rows
    )


@dataclass(frozen=True)
class _UnitRanks:
    """A unit's ranked people of one plan, before it is decided which of them are shown."""

    unit: Unit
    run_id: int
    locked: bool
    right: RankingRight
    plans: list[int]
    """Plan versions with ranked people here: first the one whose people `rows` are."""
    rows: list[RankingRow]

    @property
    def too_small(self) -> bool:
        return self.right is RankingRight.MEMBER and len(self.rows) < SMALLEST_SHOWN_UNIT


def _ranks_to_show(session: Session, viewer: Viewer, period: Period, unit_path: str | None) -> _UnitRanks:
    unit = _unit(session, viewer, period, unit_path)
    right = access.ranking_right(session, viewer, unit.id, period)
    scored = session.get(ScoredPeriod, period.key)
    if scored is None or scored.published_run_id is None:
        raise NotFound("{period} has not been scored yet.", period=period.key)
    run_id = scored.published_run_id
    plans = _ranked_plans(session, viewer, right, run_id, unit.id)
    rows = _ranked(session, run_id, unit.id, plans[0]) if plans else []
    return _UnitRanks(unit, run_id, scored.locked_at is not None, right, plans, rows)


def _ranked_plans(
    session: Session, viewer: Viewer, right: RankingRight, run_id: int, unit_id: int
) -> list[int]:
    """Plan versions ranked in the unit: a member's own first, then those with the most people."""
    most_people = sa.func.count().desc()
    found = session.scalars(
        sa.select(Card.plan_version_id)
        .join(CardRank, CardRank.card_id == Card.id)
        .where(CardRank.run_id == run_id, CardRank.unit_id == unit_id)
        .group_by(Card.plan_version_id)
        .order_by(most_people, Card.plan_version_id)
    ).all()
    if right is RankingRight.ALL:
        return list(found)
    own = session.scalar(
        sa.select(Card.plan_version_id).where(Card.run_id == run_id, Card.person_id == viewer.person_id)
    )
    return sorted(found, key=lambda plan_id: plan_id != own)


def _ranked(session: Session, run_id: int, unit_id: int, plan_version_id: int) -> list[RankingRow]:
    rows = session.execute(
        sa.select(CardRank.rank, Person, Card.score, Card.tier)
        .join(Card, Card.id == CardRank.card_id)
        .join(Person, Person.id == Card.person_id)
        .where(
            CardRank.run_id == run_id,
            CardRank.unit_id == unit_id,
            Card.plan_version_id == plan_version_id,
        )
        .order_by(CardRank.rank, Person.employee_id)
    )
    return [
        RankingRow(rank, PersonView(person.id, person.employee_id, person.name), score, tier)
        for rank, person, score, tier in rows
        if score is not None
    ]


def _is_running(session: Session, run_id: int) -> bool:
    one = sa.select(Card.status).where(Card.run_id == run_id, Card.status == CardStatus.RUNNING).limit(1)
    return session.scalar(one) is not None


def _unit(session: Session, viewer: Viewer, period: Period, unit_path: str | None) -> Unit:
    tree = people.unit_tree(session)
    if unit_path is not None:
        found = tree.find(unit_path)
        if found is None:
            raise NotFound(
                "There is no unit {unit}: write its path, such as Company/Region/Team.", unit=unit_path
            )
        return found
    own = people.tenures(session, {viewer.person_id}).get(viewer.person_id)
    unit_id = own.placement_in(period).unit_id if own else None
    if unit_id is None:
        raise NotFound("You belong to no unit: name one, such as Company/Region/Team.")
    return tree.by_id[unit_id]


def _plan_of(session: Session, plan_version_id: int) -> tuple[str, tuple[Tier, ...]]:
    version = session.get_one(PlanVersion, plan_version_id)
    tiers = sorted(parsed(version).tiers, key=lambda tier: tier.from_score, reverse=True)
    return version.name, tuple(tiers)


def _person(session: Session, person_id: int) -> PersonView:
    person = session.get_one(Person, person_id)
    return PersonView(person.id, person.employee_id, person.name)
