"""Who is above somebody, or a unit, on a day: the judges of appeals and disputes."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.judges.rules import judges
from domain.people import service as people
from domain.people.model import Person, Role
from domain.people.service import Organisation


def above_person(session: Session, person_id: int, day: date) -> tuple[int, ...]:
    """The manager on the person's assignment, then who leads the units from there up; in office."""
    organisation = Organisation(session)
    tenure = organisation.tenure(person_id)
    placement = tenure.placement_on(day) if tenure else None
    if placement is None:
        return ()
    return _in_office(organisation, person_id, placement.manager_id, placement.unit_id, day)


def above_unit(session: Session, asking_id: int, unit_id: int, day: date) -> tuple[int, ...]:
    """Who leads the unit and each unit above it, in office, without the one who asks and those below."""
    return _in_office(Organisation(session), asking_id, None, unit_id, day)


def hr_of_person(session: Session, person_id: int, day: date) -> list[int]:
    """HR that looks after the person's unit, without the person."""
    tenure = people.tenures(session, {person_id}).get(person_id)
    unit_id = tenure.placement_on(day).unit_id if tenure else None
    return hr_of_unit(session, person_id, unit_id, day)


def hr_of_unit(session: Session, asking_id: int, unit_id: int | None, day: date) -> list[int]:
    """HR that looks after the unit, or the company where there is none; without the one who asks.

    Where that is nobody else, anybody else in HR: there is no appeal that reaches nobody but its author.
    """
    tree = people.unit_tree(session)
    unit = tree.by_id[unit_id] if unit_id is not None else next(iter(tree), None)
    found = people.hr_of(session, tree, unit, day) if unit is not None else []
    return [one for one in found if one != asking_id] or others_in_hr(session, {asking_id}, day)


def others_in_hr(session: Session, but: Collection[int], day: date) -> list[int]:
    """Everybody in HR and in office, but those."""
    everybody = session.scalars(sa.select(Person.id).where(Person.role == Role.HR).order_by(Person.id)).all()
    tenures = people.tenures(session, everybody)
    return [one for one in everybody if one not in but and one in tenures and tenures[one].employed_on(day)]


def _in_office(
    organisation: Organisation, asking_id: int, manager_id: int | None, unit_id: int | None, day: date
) -> tuple[int, ...]:
    leaders = [unit.manager_id for unit in reversed(organisation.tree.path_to(unit_id))]
    above = {one for one in (manager_id, *leaders) if one is not None}
    below = {one for one in above if _reports_to(organisation, one, asking_id, day)}
    named = judges(asking_id, manager_id, leaders, below)
    tenures = ((one, organisation.tenure(one)) for one in named)
    return tuple(one for one, tenure in tenures if tenure is not None and tenure.employed_on(day))


def _reports_to(organisation: Organisation, person_id: int, manager_id: int, day: date) -> bool:
    """At any distance."""
    seen: set[int] = set()
    current: int | None = person_id
    while current is not None and current not in seen:
        seen.add(current)
        tenure = organisation.tenure(current)
        current = tenure.placement_on(day).manager_id if tenure else None
        if current == manager_id:
            return True
    return False
