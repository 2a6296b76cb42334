"""Reading the organisation: who is who, and who belonged where on a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.people.model import Assignment, Company, Employment, Leave, Person, Role, Unit
from domain.people.rules import Placement, Step, placement_on, reference_day
from domain.periods import Period


@dataclass(frozen=True)
class Tenure:
    """A person's employment and every change of placement, as of one load."""

    person_id: int
    hired_on: date
    left_on: date | None
    steps: tuple[Step, ...]

    def employed_on(self, day: date) -> bool:
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)

    def employed_during(self, period: Period) -> bool:
        return self.hired_on < period.end and (self.left_on is None or self.left_on >= period.start)

    def placement_on(self, day: date) -> Placement:
        return placement_on(self.steps, self.hired_on, day)

    def placement_in(self, period: Period) -> Placement:
        return self.placement_on(reference_day(period, self.left_on))


class UnitTree:
    """All units at hand, with their paths from the root."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_id = {unit.id: unit for unit in units}
        self.by_path = {unit.path: unit for unit in self.by_id.values()}

    def path_to(self, unit_id: int | None) -> list[Unit]:
        """From the root to the unit, both included; empty for no unit."""
        path: list[Unit] = []
        current = unit_id
        while current is not None:
            unit = self.by_id[current]
            path.append(unit)
            current = unit.parent_id
        return path[::-1]

    def subtree_of(self, unit_ids: Collection[int]) -> set[int]:
        """The units and everything below them."""
        return {unit_id for unit_id in self.by_id if any(u.id in unit_ids for u in self.path_to(unit_id))}

    def find(self, path: str) -> Unit | None:
        return self.by_path.get(path)

    def __iter__(self) -> Iterator[Unit]:
        return iter(sorted(self.by_id.values(), key=lambda unit: unit.path))


def company(session: Session) -> Company:
    found = session.get(Company, 1)
    if found is None:
        raise NotFound("No company has been loaded yet: run `pacesetter import DIR` first.")
    return found


def unit_tree(session: Session) -> UnitTree:
    return UnitTree(session.scalars(sa.select(Unit)))


def tenures(
    session: Session, person_ids: Collection[int] | None = None, load_id: int | None = None
) -> dict[int, Tenure]:
    """By person id; of everyone where no ids are given, as of now where no load is given."""
    employed = sa.select(Employment).where(_in_force(Employment, load_id))
    placed = sa.select(Assignment).where(_in_force(Assignment, load_id))
    if person_ids is not None:
        employed = employed.where(Employment.person_id.in_(person_ids))
        placed = placed.where(Assignment.person_id.in_(person_ids))
    steps: dict[int, list[Step]] = defaultdict(list)
    for row in session.scalars(placed):
        steps[row.person_id].append(
            Step(row.from_day, row.at_hire, row.unit_id, row.manager_id, row.job_family)
        )
    return {
        row.person_id: Tenure(row.person_id, row.hired_on, row.left_on, tuple(steps[row.person_id]))
        for row in session.scalars(employed)
    }


def leaves(
    session: Session, person_ids: Collection[int], load_id: int | None = None
) -> dict[int, list[tuple[date, date]]]:
    """First and last days away, by person id; sorted."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = sa.select(Leave).where(Leave.person_id.in_(person_ids), _in_force(Leave, load_id))
    for row in session.scalars(rows):
        found[row.person_id].append((row.first_day, row.last_day))
    return {person_id: sorted(days) for person_id, days in found.items()}


def hr_of(session: Session, tree: UnitTree, unit: Unit, day: date) -> list[int]:
    """Who looks after a unit: the HR named for it or the nearest unit above, else everybody in HR.

    Nobody who is not employed on the day.
    """
    everybody = session.scalars(sa.select(Person.id).where(Person.role == Role.HR).order_by(Person.id)).all()
    named = [above.hr_id for above in reversed(tree.path_to(unit.id)) if above.hr_id is not None]
    tenure = tenures(session, {*everybody, *named})
    present = [person_id for person_id in named if tenure[person_id].employed_on(day)]
    return present[:1] or [person_id for person_id in everybody if tenure[person_id].employed_on(day)]


def person_by_employee_id(session: Session, employee_id: str) -> Person:
    found = session.scalar(sa.select(Person).where(Person.employee_id == employee_id))
    if found is None:
        raise NotFound(
            "Nobody has the employee id {employee_id}: check it in people.csv.", employee_id=employee_id
        )
    return found


def _in_force(
    entity: type[Employment] | type[Assignment] | type[Leave], load_id: int | None
) -> sa.ColumnElement[bool]:
    return entity.ended_in.is_(None) if load_id is None else entity.as_of(load_id)
