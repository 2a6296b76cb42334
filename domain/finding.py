"""Finding people by name or employee id, among those whom somebody looks after."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.people.model import Person
from domain.people.service import Organisation
from domain.periods import Period, PeriodKind

MOST_FOUND = 50
MOST_READ = 500
"""Among so many of that name those in sight are looked for."""


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
    text = words.strip().lower()
    named = sa.or_(
        sa.func.lower(Person.name).contains(text, autoescape=True),
        sa.func.lower(Person.employee_id).contains(text, autoescape=True),
    )
    rows = session.scalars(
        sa.select(Person)
        .where(named, Person.id != viewer.person_id)
        .order_by(Person.name, Person.employee_id)
        .limit(MOST_READ)
    ).all()
    organisation = Organisation(session)
    seen = access.seen_among(session, viewer, month, [one.id for one in rows], organisation)
    found = []
    for one in [one for one in rows if one.id in seen][:MOST_FOUND]:
        tenure = organisation.tenure(one.id)
        unit_id = tenure.placement_on(day).unit_id if tenure else None
        unit = None if unit_id is None else organisation.tree.by_id[unit_id].path
        found.append(Found(one.id, one.employee_id, one.name, unit))
    return found
