"""Units, people and what is dated about them, from typed rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.imports.rules_across import with_ancestors
from domain.imports.rules_rows import LeaveRow, PersonRow, TransferRow, UnitRow
from domain.people.model import Assignment, Employment, Leave, Person, Unit

IDENTITY = ("name", "email", "role", "title", "locale", "time_zone", "slack_id")
"""What is simply true of a person now: updated in place."""
ASSIGNED = ("unit_id", "manager_id", "job_family")


@dataclass(frozen=True)
class Ids:
    """Database ids by what files call people and units."""

    people: Mapping[str, int]
    units: Mapping[str, int]

    def person(self, employee_id: str | None) -> int | None:
        return None if employee_id is None else self.people[employee_id]

    def unit(self, path: str | None) -> int | None:
        return None if path is None else self.units[path]


def store_unit_paths(arrival: Arrival, paths: Iterable[str]) -> int:
    """Make the units that are not there yet, parents first; how many."""
    ids = _unit_ids(arrival.session)
    missing = sorted(with_ancestors(paths) - ids.keys())
    for path in missing:  # a parent's path sorts before its children's
        arrival.begin()
        parent, _, name = path.rpartition("/")
        unit = Unit(path=path, name=name, parent_id=ids[parent] if parent else None)
        arrival.session.add(unit)
        arrival.session.flush()
        ids[path] = unit.id
    return len(missing)


def store_people(arrival: Arrival, rows: Sequence[PersonRow]) -> int:
    """Add people and update who they are, by employee id; how many rows changed something."""
    session = arrival.session
    stored = {person.employee_id: person for person in session.scalars(sa.select(Person))}
    changed = [row for row in rows if row.employee_id not in stored or _differs(stored[row.employee_id], row)]
    if changed:
        arrival.begin()
    for row in changed:  # two people may have swapped their Slack ids
        if row.employee_id in stored:
            stored[row.employee_id].slack_id = None
    session.flush()
    for row in changed:
        person = stored.get(row.employee_id) or Person(employee_id=row.employee_id)
        for name in IDENTITY:
            setattr(person, name, getattr(row, name))
        session.add(person)
    session.flush()
    return len(changed)


def _differs(person: Person, row: PersonRow) -> bool:
    return any(getattr(person, name) != getattr(row, name) for name in IDENTITY)


def ids_of(session: Session) -> Ids:
    people = session.execute(sa.select(Person.employee_id, Person.id)).all()
    return Ids(dict(people), _unit_ids(session))


def _unit_ids(session: Session) -> dict[str, int]:
    return dict(session.execute(sa.select(Unit.path, Unit.id)).all())


def store_employments(arrival: Arrival, ids: Ids, rows: Sequence[PersonRow]) -> int:
    current = arrival.session.scalars(sa.select(Employment).where(Employment.ended_in.is_(None)))
    wanted = [
        Employment(person_id=ids.people[row.employee_id], hired_on=row.hired_on, left_on=row.left_on)
        for row in rows
    ]
    return arrival.bring_up_to_date(
        {employment.person_id: employment for employment in current},
        {employment.person_id: employment for employment in wanted},
        ("hired_on", "left_on"),
    )


def store_states_at_hire(arrival: Arrival, ids: Ids, rows: Sequence[PersonRow]) -> int:
    current = arrival.session.scalars(
        sa.select(Assignment).where(Assignment.ended_in.is_(None), Assignment.at_hire)
    )
    wanted = [_assignment(ids, row, row.hired_on, at_hire=True) for row in rows]
    return arrival.bring_up_to_date(
        {state.person_id: state for state in current},
        {state.person_id: state for state in wanted},
        ("from_day", *ASSIGNED),
    )


def store_transfers(arrival: Arrival, ids: Ids, rows: Sequence[TransferRow]) -> int:
    """A transfer that a later file no longer has stays; one with all blanks takes it back."""
    current = arrival.session.scalars(
        sa.select(Assignment).where(Assignment.ended_in.is_(None), ~Assignment.at_hire)
    )
    wanted = [_assignment(ids, row, row.from_day, at_hire=False) for row in rows]
    return arrival.bring_up_to_date(
        {(transfer.person_id, transfer.from_day): transfer for transfer in current},
        {(transfer.person_id, transfer.from_day): transfer for transfer in wanted},
        ASSIGNED,
    )


def _assignment(ids: Ids, row: PersonRow | TransferRow, from_day: date, *, at_hire: bool) -> Assignment:
    return Assignment(
        person_id=ids.people[row.employee_id],
        from_day=from_day,
        at_hire=at_hire,
        unit_id=ids.unit(row.unit),
        manager_id=ids.person(row.manager_id),
        job_family=row.job_family,
    )


def store_leaves(arrival: Arrival, ids: Ids, rows: Sequence[LeaveRow]) -> int:
    """The rows are all leaves there are: others end."""
    content = ("person_id", "first_day", "last_day", "kind")
    current = arrival.session.scalars(sa.select(Leave).where(Leave.ended_in.is_(None)))
    wanted = [
        Leave(
            person_id=ids.people[row.employee_id],
            first_day=row.first_day,
            last_day=row.last_day,
            kind=row.kind,
        )
        for row in rows
    ]
    return arrival.bring_up_to_date(
        {tuple(getattr(leave, name) for name in content): leave for leave in current},
        {tuple(getattr(leave, name) for name in content): leave for leave in wanted},
        content,
        ends_missing=True,
    )


def store_unit_leaders(arrival: Arrival, ids: Ids, rows: Sequence[UnitRow]) -> int:
    """Who leads and looks after the named units, updated in place; other units stay as they are."""
    units = {unit.path: unit for unit in arrival.session.scalars(sa.select(Unit))}
    changes = 0
    for row in rows:
        unit = units[row.unit]
        wanted = (ids.person(row.manager_id), ids.person(row.hr_id), row.channel)
        if (unit.manager_id, unit.hr_id, unit.channel) != wanted:
            arrival.begin()
            unit.manager_id, unit.hr_id, unit.channel = wanted
            changes += 1
    return changes
