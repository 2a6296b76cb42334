"""Whatever comes in whatever order: what is locked stays, parts add up, and the same comes out again."""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest
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
from domain.database import Database
from domain.periods import Period
from domain.scoring.verification import verify
from tests.domain.books import (
    CURRENCIES,
    CUSTOMERS,
    FIRST_DAY,
    MEASURES,
    MONTHS,
    PEOPLE,
    Books,
    Row,
    late_sums_that_differ,
    ledger_of,
    not_settled,
    payrolls,
    rows_of,
    sums_that_differ,
)
from tests.postgresql_server import empty

SEQUENCES, STEPS = (500, 12) if os.environ.get("PACESETTER_LONG") == "1" else (50, 5)

FIRST_SALE = date(2026, 1, 15)
FIRST_FILES = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
"""In the month of the first sale: only what changes later comes late."""
AFTERWARDS = datetime(2026, 5, 5, 2, 0, tzinfo=UTC)
"""All months are over."""

people = st.sampled_from(PEOPLE)
measures = st.sampled_from(MEASURES)
days = st.dates(date(2026, 1, 1), date(2026, 4, 30))
values = st.decimals(Decimal(-500), Decimal(3000), places=2)
customers = st.sampled_from(["", *CUSTOMERS])
shared_among = st.builds(
    lambda who, share: {who[0]: share, who[1]: 1 - share},
    st.permutations(PEOPLE),
    st.decimals(Decimal("0.1"), Decimal("0.9"), places=1),
)
records = st.lists(st.tuples(people, measures, days, values, customers), min_size=1, max_size=6)


class CompanyLife(RuleBasedStateMachine):
    """Records, corrections, targets and plans that come early and late; months that pass and are locked."""

    fresh: ClassVar[Callable[[], Database]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.books = Books(self.fresh(), Path(self.folder.name))
        self.ledger: list[Row] = []
        self.has_begun = False

    @initialize(
        sold=st.decimals(100, 3000, places=2),
        shares=shared_among,
        others=records,
        locked=st.sets(st.sampled_from(MONTHS[:2])),
    )
    def begin(
        self,
        sold: Decimal,
        shares: dict[str, Decimal],
        others: list[tuple[str, str, date, Decimal, str]],
        locked: set[str],
    ) -> None:
        """Two months are over, with a sale that is shared; most sequences begin with one that is locked."""
        self.books.record(PEOPLE[0], "won_amount", FIRST_SALE, sold)
        for record in others:
            self.books.record(*record)
        self.books.share(0, shares)
        self.books.clock.at = FIRST_FILES
        self.books.begin()
        self.books.until(FIRST_DAY)
        for month in sorted(locked):
            self.books.lock(month)
            self.books.pay(month)
        self.has_begun = True

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

    @precondition(lambda self: self.books.files.tables["measures"])
    @rule(place=st.integers(0), shares=shared_among)
    def a_record_is_shared(self, place: int, shares: dict[str, Decimal]) -> None:
        self.books.share(place % len(self.books.files.tables["measures"]), shares)
        self.books.hand_in()

    @rule(first=st.sampled_from(MONTHS), sales=st.integers(1, 99), currency=st.sampled_from(CURRENCIES))
    def a_plan_changes(self, first: str, sales: int, currency: str) -> None:
        self.books.set_plan(first, sales, 100 - sales, currency)
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
        self._everything_is_settled()

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
        try:
            if self.has_begun:  # else Hypothesis gave the sequence up while it drew how it begins
                self._what_is_locked_is_proven()
                self._all_is_locked_and_paid()
        finally:
            self.books.database.close()
            self.folder.cleanup()

    def _what_is_locked_is_proven(self) -> None:
        with self.books.database.reading() as session:
            for month in self.books.locked:
                assert verify(session, Period.parse(month)) == []

    def _all_is_locked_and_paid(self) -> None:
        """So that whatever came late is settled; a month that is scored just before comes out the same."""
        self.books.until(AFTERWARDS)
        for month in self.books.lockable():
            self.books.score(month)
            before = self.books.shown(month)
            self.books.lock(month)
            assert self._cards(self.books.shown(month)) == self._cards(before)
        for month in sorted(self.books.locked):
            self.books.pay(month)
        self._everything_is_settled()
        with self.books.database.reading() as session:
            assert audit.first_broken_entry(session) is None
            assert min(payrolls(session).values(), default=0) >= 0

    @staticmethod
    def _cards(shown: set[Row]) -> set[Row]:
        return {row for row in shown if row[0] != "period"}

    def _everything_is_settled(self) -> None:
        with self.books.database.reading() as session:
            assert not_settled(session) == []


@pytest.fixture
def fresh_sqlite(migrated_sqlite: Path, tmp_path: Path) -> Callable[[], Database]:
    numbers = count(1)

    def fresh() -> Database:
        """A file of its own: SQLite takes badly to one that is written over while anybody still holds it."""
        for leftover in tmp_path.glob("books-*"):
            leftover.unlink()
        path = tmp_path / f"books-{next(numbers)}.db"
        shutil.copy(migrated_sqlite, path)
        return Database(f"sqlite:///{path}")

    return fresh


@pytest.fixture
def fresh_postgresql(migrated_postgresql: Database) -> Callable[[], Database]:
    def fresh() -> Database:
        empty(migrated_postgresql)
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
