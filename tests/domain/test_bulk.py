"""Many rows at once, the same on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import bulk
from domain.bulk import insert_columns, read_integers
from domain.clock import FixedClock
from domain.database import Database, day_number
from domain.loads import begin_load
from domain.people.model import Leave, Person
from domain.scoring.chunks import People, chunks_of_everybody

NAMES = ["Ana", "O'Hara", "张伟"]


@pytest.fixture
def session(database: Database, clock: FixedClock) -> Iterator[Session]:
    """With load 1."""
    with database.writing() as session:
        begin_load(session, clock, "import", "test")
        yield session


def add_people(session: Session, ids: list[int]) -> None:
    columns = {"id": ids, "employee_id": [f"E{one}" for one in ids], "name": "Nobody's", "role": "rep"}
    insert_columns(session.connection(), "people", [{**columns, "email": None}])


def test_columns_and_what_stands_for_whole_columns_become_rows(session: Session) -> None:
    ids = [1, 2, 3]
    common = {"role": "rep", "email": None}

    insert_columns(
        session.connection(),
        "people",
        [
            {"id": ids, "employee_id": ["a", "b", "c"], "name": NAMES, **common},
            {"id": [4, 5, 6], "employee_id": ["d", "e", "f"], "name": 'it\'s "?1" :name %s', **common},
        ],
    )

    people = session.scalars(sa.select(Person).order_by(Person.id)).all()
    assert [person.name for person in people] == [*NAMES, *['it\'s "?1" :name %s'] * 3]
    assert {(person.role, person.email) for person in people} == {("rep", None)}


def test_days_are_numbered_as_python_numbers_them(session: Session) -> None:
    days = [date(1900, 1, 1), date(2024, 2, 29), date(9998, 12, 31)]
    add_people(session, [1])
    for day in days:
        leave = {
            "id": [day.year],
            "person_id": 1,
            "first_day": day,
            "last_day": day,
            "kind": "",
            "added_in": 1,
        }
        insert_columns(session.connection(), "leaves", [leave])

    numbers = read_integers(session, sa.select(day_number(Leave.first_day)).order_by(Leave.id))

    assert numbers.tolist() == [[day.toordinal() for day in days]]


def test_integers_are_read_in_parts(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "FETCHED_AT_ONCE", 2)
    add_people(session, [1, 2, 3, 2**31 - 1])

    ids, twice = read_integers(session, sa.select(Person.id, 2 * sa.cast(Person.id, sa.BigInteger)))

    assert sorted(ids.tolist()) == [1, 2, 3, 2**31 - 1]
    assert (twice == 2 * ids).all()


def test_what_finds_nothing_reads_as_empty_columns(session: Session) -> None:
    assert read_integers(session, sa.select(Person.id, Person.id)).shape == (2, 0)


def test_everybody_is_in_one_chunk(session: Session) -> None:
    add_people(session, [1, 2, 5, 8, 9])

    chunks = chunks_of_everybody(session, 2)

    assert [chunk.people for chunk in chunks] == [People(1, 2), People(5, 8), People(9, 9)]
    assert [chunk.up_to_here for chunk in chunks] == [2, 4, 5]
