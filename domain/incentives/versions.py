"""Cards of a month in every version that was locked or restated: whose they are, in which units and plans."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.closing.model import Restatement
from domain.incentives.reading import run_of_lock
from domain.periods import Period
from domain.scoring.model import Card


@dataclass(frozen=True)
class Places:
    """Where people have had cards of a month, in every version that was locked or restated."""

    plan_versions: frozenset[int]
    units: frozenset[int]


def places_of(session: Session, month: Period, people: Collection[int]) -> Places:
    which = is_one_of(session, Card.person_id, sorted(people))
    rows = session.execute(
        sa.select(Card.plan_version_id, Card.unit_id).where(_in_any_version(session, month), which).distinct()
    )
    found = [(version_id, unit_id) for version_id, unit_id in rows]
    return Places(frozenset(one for one, _ in found), frozenset(one for _, one in found))


def people_under(session: Session, month: Period, plan_versions: Collection[int]) -> set[int]:
    """Whoever has had a card of the month under one of these versions of plans."""
    if not plan_versions:
        return set()
    rows = sa.select(Card.person_id).where(
        _in_any_version(session, month), Card.plan_version_id.in_(plan_versions)
    )
    return set(session.scalars(rows.distinct()))


def teams_of(session: Session, month: Period, people: Collection[int]) -> set[int]:
    """These people, whoever has had a card of the month in a unit of theirs, and so on.

    Where a restated card moves its owner from one team to another, the shares of both change.
    """
    found, more = set[int](), set(people)
    while more - found:
        found |= more
        units = places_of(session, month, found).units
        in_units = is_one_of(session, Card.unit_id, sorted(units))
        rows = sa.select(Card.person_id).where(_in_any_version(session, month), in_units)
        more = set(session.scalars(rows.distinct()))
    return found


def _in_any_version(session: Session, month: Period) -> sa.ColumnElement[bool]:
    restated = sa.select(Restatement.run_id).where(Restatement.period == month.key)
    return sa.or_(Card.run_id == run_of_lock(session, month), Card.run_id.in_(restated))
