"""Reading rankings and distributions of a unit, as much of them as the viewer may see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import RankingRight, Viewer
from domain.errors import NotAllowed, NotFound
from domain.people import service as people
from domain.people.model import Person, Unit
from domain.periods import Period, PeriodKind
from domain.plans.rules import Tier
from domain.scoring.model import Card, CardRank
from domain.scoring.published import published
from domain.scoring.rules_cards import CardStatus
from domain.scoring.views import SMALLEST_SHOWN_UNIT, PersonView, plan_name_and_tiers

SMALLEST_SPREAD = 10
"""Members see how scores spread among this many people: among fewer, it would tell who has which."""


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
    right: RankingRight
    plan_name: str | None
    """Whose people are ranked here: ranks hold within a plan. None where nobody is ranked."""
    other_plans: tuple[str, ...]
    """Plans whose people are ranked in the unit by themselves, and are not shown."""

    @property
    def shows_scores(self) -> bool:
        """Of others: to those who oversee the unit."""
        return self.right is RankingRight.ALL

    @property
    def shows_spread(self) -> bool:
        return self.shows_scores or self.out_of >= SMALLEST_SPREAD


@dataclass(frozen=True)
class DistributionView:
    unit_path: str
    unit_name: str
    period: Period
    scores: tuple[Decimal, ...]
    own: Decimal | None
    tiers: tuple[Tier, ...]


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
        right=ranks.right,
        plan_name=plan_name_and_tiers(session, ranks.plans[0])[0] if ranks.plans else None,
        other_plans=tuple(plan_name_and_tiers(session, plan_id)[0] for plan_id in ranks.plans[1:]),
    )


def current_ranking(
    session: Session, viewer: Viewer, today: date, unit_path: str | None = None
) -> RankingView:
    """This month's, or the last one's while this one has no places yet. Raises NotAllowed or NotFound."""
    this_month = Period.containing(PeriodKind.MONTH, today)
    try:
        view = ranking(session, viewer, this_month, unit_path)
    except NotFound:
        return ranking(session, viewer, this_month.previous(), unit_path)
    return view if view.out_of else ranking(session, viewer, this_month.previous(), unit_path)


def whole_ranking(
    session: Session, viewer: Viewer, period: Period, unit_path: str | None = None
) -> RankingView:
    """A unit's ranking with everybody's score. Raises NotAllowed where the viewer is only a member of it."""
    view = ranking(session, viewer, period, unit_path)
    if not view.shows_scores:
        raise NotAllowed("The scores of others are for those who lead or look after the unit.")
    return view


def named_places(out_of: int) -> int:
    """How many places a unit's members see by name: a tenth of them, 3 at least and 10 at most."""
    return min(10, max(3, out_of // 10))


def distribution(
    session: Session, viewer: Viewer, period: Period, unit_path: str | None = None
) -> DistributionView:
    """The scores of those a unit's ranking is about. Raises NotAllowed or NotFound."""
    ranks = _ranks_to_show(session, viewer, period, unit_path)
    fewest = 1 if ranks.right is RankingRight.ALL else SMALLEST_SPREAD
    if len(ranks.rows) < fewest:
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
        tiers=plan_name_and_tiers(session, ranks.plans[0])[1],
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
    found = published(session, period)
    if found is None:
        raise NotFound("{period} has not been scored yet.", period=period.key)
    scored, run = found
    plans = _ranked_plans(session, viewer, right, run.id, unit.id)
    rows = _ranked(session, run.id, unit.id, plans[0]) if plans else []
    return _UnitRanks(unit, run.id, scored.locked_at is not None, right, plans, rows)


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
