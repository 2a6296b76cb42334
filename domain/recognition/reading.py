"""The figures behind awards, from a month's published cards: only those who can be first are read."""

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.service import parsed
from domain.recognition.rules import SMALLEST_UNIT, Climb, Group, Result
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod
from domain.scoring.published import published_run
from domain.scoring.rules_cards import LineKind, LineStatus


def group_sizes(session: Session, run_id: int) -> dict[Group, int]:
    rows = session.execute(
        sa.select(CardRank.unit_id, PlanVersion.name, sa.func.max(CardRank.out_of))
        .select_from(CardRank)
        .join(Card, Card.id == CardRank.card_id)
        .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
        .where(CardRank.run_id == run_id)
        .group_by(CardRank.unit_id, PlanVersion.name)
    )
    return {Group(unit_id, plan): size for unit_id, plan, size in rows}


def top_results(session: Session, run_id: int) -> dict[tuple[Group, str], list[Result]]:
    """By group and indicator, the results with most points: others cannot be best."""
    within = [CardRank.unit_id, Card.plan_version_id, CardLine.name]
    lines = (
        sa.select(
            CardRank.unit_id,
            PlanVersion.name.label("plan"),
            CardLine.name,
            Card.person_id,
            CardLine.points,
            CardLine.reading,
            sa.func.max(CardLine.points).over(partition_by=within).label("most"),
        )
        .select_from(CardRank)
        .join(Card, Card.id == CardRank.card_id)
        .join(CardLine, CardLine.card_id == Card.id)
        .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
        .where(
            CardRank.run_id == run_id,
            CardRank.out_of >= SMALLEST_UNIT,
            CardLine.kind == LineKind.INDICATOR,
            CardLine.status == LineStatus.ASSESSED,
            CardLine.points.is_not(None),
            CardLine.reading.is_not(None),
        )
        .subquery()
    )
    found: dict[tuple[Group, str], list[Result]] = defaultdict(list)
    for row in session.execute(sa.select(lines).where(lines.c.points == lines.c.most)):
        group = Group(row.unit_id, row.plan)
        found[group, row.name].append(Result(row.person_id, row.points, row.reading))
    return found


def climbs(session: Session, month: Period, run_id: int) -> dict[Group, list[Climb]]:
    """By group, those who gained most places against the month before, where that is scored."""
    earlier = published_run(session, month.previous())
    if earlier is None:
        return {}
    now, before = _places(run_id, "now"), _places(earlier.id, "before")
    gain = before.c.rank - now.c.rank
    both = (
        sa.select(
            *(now.c.unit_id, now.c.plan, now.c.person_id, gain.label("gain")),
            *(now.c.score, before.c.score.label("earlier")),
            sa.func.max(gain).over(partition_by=[now.c.unit_id, now.c.plan]).label("most"),
        )
        .join(
            before,
            sa.and_(
                before.c.unit_id == now.c.unit_id,
                before.c.plan == now.c.plan,
                before.c.person_id == now.c.person_id,
            ),
        )
        .where(now.c.out_of >= SMALLEST_UNIT, before.c.out_of >= SMALLEST_UNIT)
        .subquery()
    )
    found: dict[Group, list[Climb]] = defaultdict(list)
    for row in session.execute(sa.select(both).where(both.c.gain == both.c.most, both.c.gain > 0)):
        climb = Climb(row.person_id, row.gain, row.score - row.earlier)
        found[Group(row.unit_id, row.plan)].append(climb)
    return found


def more_is_better(session: Session, run_id: int) -> Mapping[tuple[str, str], bool]:
    """By plan and indicator: whether its curve rises from its first anchor to its last."""
    versions = sa.select(PlanVersion).where(
        PlanVersion.id.in_(sa.select(Card.plan_version_id).where(Card.run_id == run_id).distinct())
    )
    return {
        (version.name, indicator.name): indicator.curve.anchors[-1].points
        >= indicator.curve.anchors[0].points
        for version in session.scalars(versions)
        for indicator in parsed(version).indicators
    }


def locked_run_id(session: Session, month: Period) -> int | None:
    scored = session.get(ScoredPeriod, month.key)
    return None if scored is None or scored.locked_at is None else scored.published_run_id


def _places(run_id: int, name: str) -> sa.Subquery:
    return (
        sa.select(
            *(CardRank.unit_id, CardRank.rank, CardRank.out_of),
            *(Card.person_id, Card.score, PlanVersion.name.label("plan")),
        )
        .select_from(CardRank)
        .join(Card, Card.id == CardRank.card_id)
        .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
        .where(CardRank.run_id == run_id)
        .subquery(name)
    )
