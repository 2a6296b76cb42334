"""What comes too late for a locked period: written down beside it, never in it."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.clock import FixedClock
from domain.closing.adjusting import book_correction
from domain.closing.model import Adjustment
from domain.database import Database
from domain.metrics.corrections import put_right, with_changes
from domain.metrics.model import MeasureRecord
from domain.people.model import Person
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock

Told = tuple[str, str, str, str, str, Decimal, Decimal]


def acme(*records: tuple[str, str, object, str]) -> CompanyFolder:
    """(record id, employee, value, day) of won_amount."""
    folder = CompanyFolder().people(["E1", "E2"]).plan().covered("won_amount", "2026-01-01", "2026-07-06")
    for measure in ("wins", "closed_deals", "violations"):
        folder.covered(measure, "2026-01-01", "2026-07-06")
    for employee_id in ("E1", "E2"):
        folder.target(employee_id, "sales", "2026-06", 1000)
    for record_id, employee_id, value, day in records:
        folder.measure(employee_id, "won_amount", day, str(value), record_id=record_id)
    return folder


def told(database: Database) -> list[Told]:
    """Whose, locked in, booked in, why, which record, before, after."""
    with database.reading() as session:
        rows = session.execute(
            sa.select(Adjustment, Person.employee_id)
            .join(Person, Person.id == Adjustment.person_id)
            .order_by(Adjustment.id)
        )
        return [
            (who, a.locked_period, a.booked_period, a.reason, a.record_id, a.old_value, a.new_value)
            for a, who in rows
        ]


JUNE_RECORD = ("r1", "E1", 800, "2026-06-05")


@pytest.fixture
def locked_june(load: Load, lock: Lock) -> None:
    load(acme(JUNE_RECORD))
    lock("2026-06")


@pytest.mark.usefixtures("locked_june")
class TestOfALockedMonth:
    def test_what_came_in_time_is_none(self, database: Database) -> None:
        assert told(database) == []

    def test_a_late_record(self, database: Database, load: Load) -> None:
        load(acme(JUNE_RECORD, ("r2", "E2", "12.5", "2026-06-30")))
        assert told(database) == [("E2", "2026-06", "2026-07", "late", "r2", Decimal(0), Decimal("12.5"))]

    def test_a_record_of_the_open_month_is_none(self, database: Database, load: Load) -> None:
        load(acme(JUNE_RECORD, ("r2", "E2", 5, "2026-07-01")))
        assert told(database) == []

    def test_a_corrected_record_once_however_often_it_comes(self, database: Database, load: Load) -> None:
        for _ in range(3):
            load(acme(("r1", "E1", 700, "2026-06-05")))
        assert told(database) == [("E1", "2026-06", "2026-07", "corrected", "r1", Decimal(800), Decimal(700))]

    def test_old_files_again_change_nothing(self, database: Database, load: Load) -> None:
        load(acme(JUNE_RECORD))
        assert told(database) == []

    def test_one_that_another_person_gets_makes_two(self, database: Database, load: Load) -> None:
        load(acme(("r1", "E2", 800, "2026-06-05")))
        assert told(database) == [
            ("E1", "2026-06", "2026-07", "corrected", "r1", Decimal(800), Decimal(0)),
            ("E2", "2026-06", "2026-07", "corrected", "r1", Decimal(0), Decimal(800)),
        ]

    def test_one_that_moves_into_an_open_month_is_taken_away(self, database: Database, load: Load) -> None:
        load(acme(("r1", "E1", 800, "2026-07-02")))
        assert told(database) == [("E1", "2026-06", "2026-07", "corrected", "r1", Decimal(800), Decimal(0))]

    def test_one_that_moves_within_the_month_stays_one(self, database: Database, load: Load) -> None:
        load(acme(("r1", "E1", 800, "2026-06-09")))
        (one,) = told(database)
        assert one[5:] == (800, 800)

    def test_one_that_is_withdrawn_by_hand(self, database: Database, clock: FixedClock) -> None:
        with database.writing() as session:
            arrival = Arrival(session, clock, "disputes", "M1")
            row = session.scalars(sa.select(MeasureRecord)).one()
            put_right(arrival, row, None)
            book_correction(arrival, clock, row, None)
        assert told(database) == [("E1", "2026-06", "2026-07", "withdrawn", "r1", Decimal(800), Decimal(0))]

    def test_one_that_is_put_right_by_hand(self, database: Database, clock: FixedClock) -> None:
        with database.writing() as session:
            arrival = Arrival(session, clock, "disputes", "M1")
            row = session.scalars(sa.select(MeasureRecord)).one()
            after = with_changes(row, value=Decimal("810.5"))
            put_right(arrival, row, after)
            book_correction(arrival, clock, row, after)
        assert told(database) == [
            ("E1", "2026-06", "2026-07", "corrected", "r1", Decimal(800), Decimal("810.5"))
        ]

    def test_the_rows_say_of_which_load_and_day(
        self, database: Database, load: Load, clock: FixedClock
    ) -> None:
        load(acme(("r1", "E1", 700, "2026-06-05")))
        with database.reading() as session:
            (one,) = session.scalars(sa.select(Adjustment))
            row = session.scalars(sa.select(MeasureRecord).where(MeasureRecord.ended_in.is_(None))).one()
        assert (one.load_id, one.created_at, one.occurred_on) == (row.added_in, clock.now(), date(2026, 6, 5))
        assert (one.measure, one.source, one.difference) == ("won_amount", "import", -100)


def test_of_a_locked_week_and_quarter_too(database: Database, load: Load, lock: Lock) -> None:
    # given
    load(acme(JUNE_RECORD))
    lock("2026-W23", "2026-06", "2026-Q2")
    # when: a day of all three
    load(acme(JUNE_RECORD, ("r2", "E1", 5, "2026-06-04")))
    # then
    assert [(one[1], one[2]) for one in told(database)] == [
        ("2026-06", "2026-07"),
        ("2026-Q2", "2026-Q3"),
        ("2026-W23", "2026-W28"),
    ]


def test_very_many_at_once(database: Database, load: Load, lock: Lock) -> None:
    # given
    load(acme(JUNE_RECORD))
    lock("2026-06")
    # when
    load(acme(JUNE_RECORD, *((f"n{n}", "E2", n, "2026-06-30") for n in range(1, 3001))))
    # then
    with database.reading() as session:
        count, whole = session.execute(sa.select(sa.func.count(), sa.func.sum(Adjustment.new_value))).one()
    assert (count, whole) == (3000, 3000 * 3001 // 2)
