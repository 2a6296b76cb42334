"""Finding people by name or employee id, among those whom somebody looks after."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.bulk import is_one_of
from domain.clock import Clock, today
from domain.people import service as people
from domain.people.model import Assignment, Person
from domain.people.service import Organisation
from domain.periods import Period, PeriodKind

MOST_FOUND = 50
AT_ONCE = 500
"""So many of that name are looked at, and then as many more, until enough of them are in sight."""


@dataclass(frozen=True)
class Found:
    person_id: int
    employee_id: str
    name: str
    unit: str | None
    """The path of the unit today."""


def find_people(session: Session, clock: Clock, viewer: Viewer, words: str) -> list[Found]:
    """Those in the viewer's sight whose name or employee id holds the words, without the viewer; by name."""
    day = today(clock, viewer.company_zone)
    month = Period.containing(PeriodKind.MONTH, day)
    organisation = Organisation(session)
    named = _named(words).where(
        Person.id != viewer.person_id, _perhaps_in_sight(session, viewer, month, organisation)
    )
    found = []
    for one in islice(_in_sight(session, viewer, month, organisation, named), MOST_FOUND):
        tenure = organisation.tenure(one.id)
        unit_id = tenure.placement_on(day).unit_id if tenure else None
        unit = None if unit_id is None else organisation.tree.by_id[unit_id].path
        found.append(Found(one.id, one.employee_id, one.name, unit))
    return found


def _named(words: str) -> sa.Select[Person]:
    text = words.strip().lower()
    named = sa.or_(
        sa.func.lower(Person.name).contains(text, autoescape=True),
        sa.func.lower(Person.employee_id).contains(text, autoescape=True),
    )
    return sa.select(Person).where(named).order_by(Person.name, Person.employee_id)


def _perhaps_in_sight(
    session: Session, viewer: Viewer, month: Period, organisation: Organisation
) -> sa.ColumnElement[bool]:
    """Whoever has ever been below the viewer: few to ask for, where a name is that of many."""
    units = access.overseen_units(session, viewer, month, organisation)
    in_units = sa.select(Assignment.person_id).where(is_one_of(session, Assignment.unit_id, sorted(units)))
    below = sorted(people.ever_below(session, viewer.person_id))
    return sa.or_(Person.id.in_(in_units), is_one_of(session, Person.id, below))


def _in_sight(
    session: Session,
    viewer: Viewer,
    month: Period,
    organisation: Organisation,
    named: sa.Select[Person],
) -> Iterator[Person]:
    for start in count(0, AT_ONCE):
        rows = session.scalars(named.offset(start).limit(AT_ONCE)).all()
        seen = access.seen_among(session, viewer, month, [one.id for one in rows], organisation)
        yield from (one for one in rows if one.id in seen)
        if len(rows) < AT_ONCE:
            return
