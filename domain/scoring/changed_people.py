"""Who has an input that came or ended after a load, as far as it matters to the cards of a period."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.database import Base
from domain.loads import Versioned
from domain.metrics.model import Coverage, MeasureRecord
from domain.people.model import Assignment, Employment, Leave
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.scoring.model import ReachedTier
from domain.scoring.rules_targets import target_periods
from domain.scoring.starting_tiers import months_looked_back_over
from domain.targets.model import Target

Value = TypeVar("Value")
OF_ALL = (PlanVersion, Coverage)
"""What everybody's cards depend on; whether it makes a difference is seen by the plans in force."""


def changed_people(
    session: Session, period: Period, plans: Iterable[Plan], load_id: int, most: int
) -> set[int] | None:
    """None where an input changed that is nobody's own; more than `most` people where they are that many."""
    since = _looked_back_to(period, plans)
    found: set[int] = set()
    for mapper in Base.registry.mappers:
        table = mapper.class_
        if not issubclass(table, Versioned) or table in OF_ALL or not table.feeds_cards:
            continue
        for changed in _came_or_ended(session, table, load_id):
            if "person_id" not in mapper.columns:
                if session.scalar(sa.select(sa.exists().where(changed))):
                    return None
                continue
            person_id = _by_no_index(mapper.columns["person_id"])
            matters = sa.and_(changed, _may_matter(table, period, since), person_id.is_not(None))
            found.update(session.scalars(sa.select(person_id).where(matters).distinct().limit(most + 1)))
            if len(found) > most:
                return found
    return found


def _came_or_ended(
    session: Session, table: type[Versioned], load_id: int
) -> tuple[sa.ColumnElement[bool], ...]:
    """Each to be asked for by itself: an index answers one of them, and none both at once.

    Rows get their ids in the order of their loads, so that new ones are found from the end.
    """
    columns = sa.inspect(table).columns
    newest_known = sa.select(columns["id"]).where(table.added_in <= load_id)
    newest_id = session.scalar(newest_known.order_by(columns["id"].desc()).limit(1))
    return columns["id"] > (newest_id or 0), table.ended_in > load_id


def _looked_back_to(period: Period, plans: Iterable[Plan]) -> date:
    needed = ((plan, measure) for plan in plans for measure in plan.measures_needed)
    return min((plan.known_from(measure, period) for plan, measure in needed), default=period.start)


def _may_matter(table: type[Versioned], period: Period, since: date) -> sa.ColumnElement[bool]:
    """What is dated after a period's end says nothing of it, nor do records from before it looks back."""
    if table is MeasureRecord:
        day = _by_no_index(MeasureRecord.occurred_on)
        return sa.and_(day >= since, day < period.end)
    if table is Target:
        return Target.period.in_([of.key for of in target_periods(period)])
    if table is ReachedTier:
        return ReachedTier.month.in_([month.key for month in months_looked_back_over(period)])
    if table is Employment:
        return Employment.hired_on < period.end
    if table is Assignment:
        return Assignment.from_day < period.end
    if table is Leave:
        return Leave.first_day < period.end
    return sa.true()


def _by_no_index(column: sa.SQLColumnExpression[Value]) -> sa.ColumnElement[Value]:
    """The same value. Everybody's records of a quarter are many more than came or ended: it is by these that
    a database is to look."""
    return sa.func.coalesce(column, sa.null())
