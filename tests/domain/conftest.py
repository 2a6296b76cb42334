"""A small company in a database, and the people who look at it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.access import Viewer
from domain.clock import FixedClock, today
from domain.database import Database
from domain.imports.service import import_folder
from domain.people import service as people
from domain.people.model import Role
from domain.periods import Period
from domain.scoring.service import score_and_lock
from tests.builders import CompanyFolder

Load = Callable[[CompanyFolder], None]
Look = Callable[[str], Viewer]
Lock = Callable[..., None]


@pytest.fixture
def load(database: Database, clock: FixedClock, tmp_path: Path) -> Load:
    """Import a folder."""

    def load_folder(folder: CompanyFolder) -> None:
        with database.writing() as session:
            import_folder(session, clock, folder.write(tmp_path / "company"), "test")

    return load_folder


@pytest.fixture
def viewer(database: Database, clock: FixedClock) -> Look:
    """The person with an employee id, as somebody who asks."""

    def viewer_of(employee_id: str) -> Viewer:
        with database.reading() as session:
            person = people.person_by_employee_id(session, employee_id)
            tenure = people.tenures(session, {person.id})[person.id]
            day = today(clock, people.company(session).time_zone)
            return Viewer(
                person_id=person.id,
                employee_id=person.employee_id,
                name=person.name,
                role=Role(person.role),
                employed=tenure.employed_on(day),
                locale=person.locale or "en-US",
                time_zone=person.time_zone or "UTC",
                company_zone=people.company(session).time_zone,
            )

    return viewer_of


@pytest.fixture
def lock(database: Database, clock: FixedClock) -> Lock:
    """Score and lock months, oldest first."""

    def lock_months(*months: str) -> None:
        for month in months:
            score_and_lock(database, clock, Period.parse(month), "test")

    return lock_months
