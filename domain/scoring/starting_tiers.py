"""The tier that somebody starts a period with: the one reached last in a locked month before it.

Cards of locked months are results. Where a plan weighs by starting tier, their tiers become inputs too: rows
of a load of their own, so that a card says years later which of them it was computed from.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.clock import Clock
from domain.periods import Period, PeriodKind
from domain.plans.rules import Plan, months_before
from domain.plans.service import parsed, plan_versions
from domain.scoring.model import Card, ReachedTier, ScoredPeriod
from domain.scoring.published import of_current_cards
from domain.scoring.rules_digest import Fact, Kind, fact

ORIGIN = "locked tiers"
MONTHS_LOOKED_BACK = 12
"""A tier reached longer ago says nothing any more."""


def months_looked_back_over(period: Period) -> tuple[Period, ...]:
    return months_before(period, MONTHS_LOOKED_BACK)


class StartingTier(NamedTuple):
    row_id: int
    tier: str


_TIER = sa.type_coerce(Card.tier, sa.String)
"""Of cards that have one."""

ReadStartingTiers = Callable[[Session, int, Period, Collection[int]], Mapping[int, StartingTier]]
"""Session, load, period and people: by person id, those who have one."""


def kept_starting_tiers(
    session: Session, load_id: int, period: Period, person_ids: Collection[int]
) -> dict[int, StartingTier]:
    """As of a load."""
    r = ReachedTier
    rows = session.execute(
        sa.select(r.person_id, r.id, r.tier)
        .where(r.person_id.in_(person_ids), r.month.in_(_keys_before(period)), r.as_of(load_id))
        .order_by(r.month)
    )
    return _last_of_each(rows.all())


def starting_tiers_on_cards(
    session: Session, load_id: int, period: Period, person_ids: Collection[int]
) -> dict[int, StartingTier]:
    """From the cards of the months that are locked now, whether their tiers have become inputs or not."""
    rows = session.execute(
        of_current_cards(sa.select(Card.person_id, Card.id, _TIER))
        .where(
            Card.person_id.in_(person_ids),
            Card.tier.is_not(None),
            ScoredPeriod.key.in_(_keys_before(period)),
            ScoredPeriod.locked_at.is_not(None),
        )
        .order_by(ScoredPeriod.key)
    )
    return _last_of_each(rows.all())


def starting_facts(plan: Plan, start: StartingTier | None) -> Iterator[Fact]:
    """For the digest; a tier that the plan does not know counts as none, and is kept all the same."""
    if start is not None:
        yield fact(Kind.STARTING_TIER, start.row_id, plan.level_of(start.tier))


def keep_starting_tiers(session: Session, clock: Clock, by: str) -> int:
    """Make the tiers of locked months inputs where a plan asks for them; how many are new or changed."""
    if not any(parsed(version).weighs_by_tier for version in plan_versions(session)):
        return 0
    arrival = Arrival(session, clock, ORIGIN, by)
    cards = {(month, person_id): tier for month, person_id, tier in _changed(session)}
    if not cards:
        return 0
    rows = session.scalars(
        sa.select(ReachedTier).where(
            ReachedTier.month.in_({month for month, _ in cards}), ReachedTier.ended_in.is_(None)
        )
    )
    return arrival.bring_up_to_date(
        {(row.month, row.person_id): row for row in rows if (row.month, row.person_id) in cards},
        {
            (month, person_id): ReachedTier(month=month, person_id=person_id, tier=tier)
            for (month, person_id), tier in cards.items()
            if tier is not None
        },
        ("tier",),
        ends_missing=True,
    )


def _changed(session: Session) -> Sequence[sa.Row[str, int, str | None]]:
    """Month, person and tier of the locked cards, in their newest version, whose tiers are not kept so."""
    is_kept = sa.and_(
        ReachedTier.month == ScoredPeriod.key,
        ReachedTier.person_id == Card.person_id,
        ReachedTier.ended_in.is_(None),
    )
    return session.execute(
        of_current_cards(sa.select(ScoredPeriod.key, Card.person_id, Card.tier))
        .outerjoin(ReachedTier, is_kept)
        .where(
            ScoredPeriod.kind == PeriodKind.MONTH,
            ScoredPeriod.locked_at.is_not(None),
            ReachedTier.tier.is_distinct_from(Card.tier),
        )
    ).all()


def _keys_before(period: Period) -> list[str]:
    return [month.key for month in months_looked_back_over(period)]


def _last_of_each(rows: Iterable[sa.Row[int, int, str]]) -> dict[int, StartingTier]:
    """Rows by month."""
    return {person_id: StartingTier(row_id, tier) for person_id, row_id, tier in rows}
