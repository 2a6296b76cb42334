"""Whatever comes in whatever order: what is locked stays, parts add up, and the same comes out again."""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain import audit
from domain.database import Base, Database
from domain.periods import Period
from domain.scoring.verification import verify
from tests.domain.books import (
    CUSTOMERS,
    MEASURES,
    MONTHS,
    PEOPLE,
    Books,
    Row,
    late_sums_that_differ,
    ledger_of,
    payrolls,
    rows_of,
    sums_that_differ,
)

SEQUENCES, STEPS = (500, 12) if os.environ.get("PACESETTER_LONG") == "1" else (50, 8)

people = st.sampled_from(PEOPLE)
measures = st.sampled_from(MEASURES)
days = st.dates(date(2026, 1, 1), date(2026, 4, 30))
values = st.decimals(Decimal(-500), Decimal(3000), places=2)
customers = st.sampled_from(["", *CUSTOMERS])
records = st.lists(st.tuples(people, measures, days, values, customers), min_size=1, max_size=6)


class CompanyLife(RuleBasedStateMachine):
    """Records, corrections, targets and plans that come early and late; months that pass and are locked."""

    fresh: ClassVar[Callable[[], Database]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.books = Books(self.fresh(), Path(self.folder.name))
        self.ledger: list[Row] = []

    @initialize(first=records, locked=st.sets(st.sampled_from(MONTHS[:2])))
    def begin(self, first: list[tuple[str, str, date, Decimal, str]], locked: set[str]) -> None:
        """Two months are over; most sequences begin with one that is locked."""
        self.books.begin()
        self.records_arrive(first)
        for month in sorted(locked):
            self.books.lock(month)
            self.books.pay(month)

    @rule(arriving=records)
    def records_arrive(self, arriving: list[tuple[str, str, date, Decimal, str]]) -> None:
        for record in arriving:
            self.books.record(*record)
        self.books.hand_in()

    @precondition(lambda self: self.books.files.tables["measures"])
    @rule(place=st.integers(0), value=values, employee_id=people, day=days)
    def a_record_is_corrected(self, place: int, value: Decimal, employee_id: str, day: date) -> None:
        at = place % len(self.books.files.tables["measures"])
        self.books.correct(at, value=value, employee_id=employee_id, occurred_on=day)
        self.books.hand_in()

    @rule(employee_id=people, month=st.sampled_from(MONTHS), amount=st.integers(0, 3000), dated=st.booleans())
    def a_target_changes(self, employee_id: str, month: str, amount: int, dated: bool) -> None:
        since = Period.parse(month).start + timedelta(days=10) if dated else None
        self.books.set_target(employee_id, month, amount, since)
        self.books.hand_in()

    @rule(first=st.sampled_from(MONTHS), sales=st.integers(1, 99))
    def a_plan_changes(self, first: str, sales: int) -> None:
        self.books.set_plan(first, sales, 100 - sales)
        self.books.hand_in()

    @rule(measure=measures, last=days)
    def a_source_reports_other_days(self, measure: str, last: date) -> None:
        self.books.set_coverage(measure, last)
        self.books.hand_in()

    @rule()
    def the_same_files_come_again(self) -> None:
        assert not self.books.hand_in()

    @rule(days=st.integers(5, 40))
    def time_passes(self, days: int) -> None:
        self.books.pass_days(days)

    @precondition(lambda self: self.books.open_months())
    @rule(data=st.data())
    def a_month_is_scored(self, data: st.DataObject) -> None:
        self.books.score(data.draw(st.sampled_from(self.books.open_months())))

    @precondition(lambda self: self.books.open_months())
    @rule(data=st.data(), arriving=records)
    def a_month_is_brought_up_to_date(
        self, data: st.DataObject, arriving: list[tuple[str, str, date, Decimal, str]]
    ) -> None:
        month = data.draw(st.sampled_from(self.books.open_months()))
        self.books.score(month)
        self.records_arrive(arriving)
        assert self.books.bring_up_to_date(month)
        amended = self.books.shown(month)
        self.books.score(month)
        assert self.books.shown(month) == amended

    @precondition(lambda self: self.books.lockable())
    @rule(data=st.data())
    def a_month_is_locked(self, data: st.DataObject) -> None:
        self.books.lock(data.draw(st.sampled_from(self.books.lockable())))

    @precondition(lambda self: self.books.locked)
    @rule(data=st.data())
    def a_locked_month_pays(self, data: st.DataObject) -> None:
        month = data.draw(st.sampled_from(sorted(self.books.locked)))
        self.books.pay(month)
        assert self.books.pay(month) == 0

    @precondition(lambda self: self.books.payable())
    @rule()
    def a_payroll_is_handed_over(self) -> None:
        self.books.hand_over(self.books.payable()[0])

    @precondition(lambda self: self.books.locked)
    @rule(data=st.data(), employee_id=people)
    def a_card_is_restated(self, data: st.DataObject, employee_id: str) -> None:
        month = data.draw(st.sampled_from(sorted(self.books.locked)))
        if self.books.restate(month, employee_id):
            assert not self.books.restate(month, employee_id)

    @invariant()
    def the_ledger_only_grows(self) -> None:
        with self.books.database.reading() as session:
            lines = ledger_of(session)
            assert min(payrolls(session).values(), default=0) >= 0
        assert lines[: len(self.ledger)] == self.ledger
        self.ledger = lines

    @invariant()
    def what_came_late_is_written_down(self) -> None:
        with self.books.database.reading() as session:
            for month in self.books.locked:
                assert late_sums_that_differ(session, month) == {}

    @invariant()
    def what_is_locked_stays(self) -> None:
        with self.books.database.reading() as session:
            for month, as_it_was in self.books.locked.items():
                assert rows_of(session, month) == as_it_was

    @invariant()
    def parts_add_up(self) -> None:
        with self.books.database.reading() as session:
            assert sums_that_differ(session) == []

    def teardown(self) -> None:
        with self.books.database.reading() as session:
            for month in self.books.locked:
                assert verify(session, Period.parse(month)) == []
            assert audit.first_broken_entry(session) is None
        for month in self.books.open_months():
            self._comes_out_the_same_again(month)
        self.books.database.close()
        self.folder.cleanup()

    def _comes_out_the_same_again(self, month: str) -> None:
        found = []
        for _ in range(2):
            self.books.score(month)
            found.append(self.books.shown(month))
        assert found[0] == found[1]


@pytest.fixture
def fresh_sqlite(migrated_sqlite: Path, tmp_path: Path) -> Callable[[], Database]:
    def fresh() -> Database:
        path = tmp_path / "books.db"
        for leftover in tmp_path.glob("books.db-*"):
            leftover.unlink()
        shutil.copy(migrated_sqlite, path)
        return Database(f"sqlite:///{path}")

    return fresh


@pytest.fixture
def fresh_postgresql(migrated_postgresql: Database) -> Callable[[], Database]:
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)

    def fresh() -> Database:
        with migrated_postgresql.writing() as session:
            session.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        return migrated_postgresql

    return fresh


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_companys_books_hold(kind: str, request: pytest.FixtureRequest) -> None:
    CompanyLife.fresh = staticmethod(request.getfixturevalue(f"fresh_{kind}"))
    run_state_machine_as_test(
        CompanyLife,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
