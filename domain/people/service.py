"""Reading the organisation: who is who, and who belonged where on a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import N_, NotFound
from domain.people.model import Assignment, Company, Employment, Leave, Person, Role, Unit
from domain.people.rules import Placement, Step, placement_on, reference_day
from domain.periods import Period

AT_ONCE = 5000
"""People in one statement: databases limit how many values one may carry."""
NO_COMPANY = N_("No company has been loaded yet: run `pacesetter import DIR` first.")


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


_COMPANY = sa.select(Company).where(Company.id == 1)


def company(session: Session) -> Company:
    """The company. Asked for at every turn, and read once in a transaction."""
    found: Company | None = session.info.get(Company) or session.scalars(_COMPANY).one_or_none()
    if found is None:
        raise NotFound(NO_COMPANY)
    session.info[Company] = found
    return found


def unit_tree(session: Session) -> UnitTree:
    return UnitTree(session.scalars(sa.select(Unit)))


def tenures(
    session: Session, person_ids: Collection[int] | None = None, load_id: int | None = None
) -> dict[int, Tenure]:
    """By person id; of everyone where no ids are given, as of now where no load is given."""
    employed = sa.select(Employment.person_id, Employment.hired_on, Employment.left_on).where(
        _in_force(Employment, load_id)
    )
    placed = sa.select(
        Assignment.person_id,
        Assignment.from_day,
        Assignment.at_hire,
        Assignment.unit_id,
        Assignment.manager_id,
        Assignment.job_family,
    ).where(_in_force(Assignment, load_id))
    if person_ids is not None:
        employed = employed.where(Employment.person_id.in_(person_ids))
        placed = placed.where(Assignment.person_id.in_(person_ids))
    steps: dict[int, list[Step]] = defaultdict(list)
    for person_id, from_day, at_hire, unit_id, manager_id, job_family in session.execute(placed):
        steps[person_id].append(Step(from_day, at_hire, unit_id, manager_id, job_family))
    return {
        person_id: Tenure(person_id, hired_on, left_on, tuple(steps[person_id]))
        for person_id, hired_on, left_on in session.execute(employed)
    }


class Organisation:
    """The tree and who belongs where, as of now: read when first asked for, and once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tenures: dict[int, Tenure | None] = {}

    @cached_property
    def tree(self) -> UnitTree:
        return unit_tree(self._session)

    def tenure(self, person_id: int) -> Tenure | None:
        """None for somebody who has never been employed."""
        self.read([person_id])
        return self._tenures[person_id]

    def read(self, person_ids: Iterable[int]) -> None:
        """Have these people's tenures at hand, rather than asking for them one by one."""
        wanted = sorted({one for one in person_ids if one not in self._tenures})
        for start in range(0, len(wanted), AT_ONCE):
            chunk = wanted[start : start + AT_ONCE]
            self._tenures |= dict.fromkeys(chunk) | tenures(self._session, chunk)


def leaves(
    session: Session, person_ids: Collection[int], load_id: int | None = None
) -> dict[int, list[tuple[date, date]]]:
    """First and last days away, by person id; sorted."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = sa.select(Leave).where(Leave.person_id.in_(person_ids), _in_force(Leave, load_id))
    for row in session.scalars(rows):
        found[row.person_id].append((row.first_day, row.last_day))
    return {person_id: sorted(days) for person_id, days in found.items()}


def present(session: Session, person_ids: Collection[int], day: date) -> set[int]:
    """Those of the people who are employed on the day, and not on leave."""
    employed = tenures(session, person_ids)
    away = leaves(session, person_ids)
    return {
        one
        for one, tenure in employed.items()
        if tenure.employed_on(day) and not any(first <= day <= last for first, last in away.get(one, ()))
    }


def ever_below(session: Session, manager_id: int) -> set[int]:
    """Everybody who ever reported to a manager, at any distance, whenever it was."""
    found: set[int] = set()
    managers = {manager_id}
    while managers:
        named = sa.select(Assignment.person_id).where(
            Assignment.manager_id.in_(managers), _in_force(Assignment, None)
        )
        managers = set(session.scalars(named)) - found
        found |= managers
    return found


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


def name_of_actor(session: Session, actor: str) -> str:
    """The person's name behind an employee id of the records; anything else stays as it is."""
    return session.scalar(sa.select(Person.name).where(Person.employee_id == actor)) or actor
