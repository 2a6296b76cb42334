"""Closing a month: what is open, who locks, and what is written down of it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.access import Actor, CommandLine
from domain.audit import AuditEntry
from domain.clock import FixedClock
from domain.closing.checklist import ItemKind
from domain.closing.model import CloseException
from domain.closing.rules import PeriodState
from domain.closing.service import close_view, lock, months_to_close, score_and_lock
from domain.database import Database
from domain.errors import BadInput, NotAllowed
from domain.periods import Period
from domain.scoring.service import score_now
from domain.scoring.verification import verify
from domain.targets.agreement import appeal
from domain.targets.agreement_views import own_agreements
from domain.targets.board import board
from domain.targets.model import How
from domain.targets.rounds import open_round, publish, round_of, split
from domain.targets.rules_span import Span
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look

JUNE = Period.month(2026, 6)
ROOT = CommandLine("cli:root")
MEASURES = ("won_amount", "wins", "closed_deals", "violations")
Open = Callable[[], dict[ItemKind, tuple[int, tuple[str, ...]]]]


def acme(covered_to: str = "2026-06-30", without_target: str = "") -> CompanyFolder:
    folder = CompanyFolder().people(["E1", "E2"]).person("H1", role="hr", job_family="staff").plan()
    for measure in MEASURES:
        folder.covered(measure, "2026-06-01", covered_to if measure == "wins" else "2026-07-06")
    for employee_id in {"E1", "E2"} - {without_target}:
        folder.target(employee_id, "sales", "2026-06", 1000)
    return folder.measure("E1", "won_amount", "2026-06-05", 800).measure(
        "E1", "closed_deals", "2026-06-05", 2
    )


@pytest.fixture
def what_is_open(database: Database, clock: FixedClock) -> Open:
    def look() -> dict[ItemKind, tuple[int, tuple[str, ...]]]:
        with database.reading() as session:
            items = close_view(session, clock, ROOT, JUNE).items
        return {item.kind: (item.count, item.names) for item in items}

    return look


def lock_june(database: Database, clock: FixedClock, because: str | None, by: Actor = ROOT) -> bool:
    with database.writing() as session:
        return lock(session, clock, by, JUNE, because)


def test_nothing_is_open_once_it_is_scored(
    database: Database, clock: FixedClock, load: Load, what_is_open: Open
) -> None:
    load(acme())
    assert what_is_open() == {ItemKind.NOT_SCORED: (1, ())}
    score_now(database, clock, JUNE)
    assert what_is_open() == {}


def test_a_measure_that_is_not_reported_to_the_end(
    database: Database, clock: FixedClock, load: Load, what_is_open: Open
) -> None:
    load(acme(covered_to="2026-06-29"))
    score_now(database, clock, JUNE)
    assert what_is_open() == {
        ItemKind.NOT_COVERED: (1, ("wins",)),
        ItemKind.INCOMPLETE: (2, ("Name of E1 (E1)", "Name of E2 (E2)")),
    }


def test_people_without_a_target(
    database: Database, clock: FixedClock, load: Load, what_is_open: Open
) -> None:
    load(acme(without_target="E2"))
    score_now(database, clock, JUNE)
    assert what_is_open() == {ItemKind.NO_TARGET: (1, ("Name of E2 (E2)",))}


def test_an_open_appeal_of_the_months_quarter(
    database: Database, clock: FixedClock, load: Load, viewer: Look, what_is_open: Open
) -> None:
    # given
    load(acme())
    score_now(database, clock, JUNE)
    span = Span.parse("2026-Q2")
    with database.writing() as session:
        opened = open_round(session, clock, ROOT, "sales", span, Decimal(6000))
        (unit,) = [one for one in board(session, clock, opened).tree.walk() if one.is_unit]
        split(session, clock, ROOT, opened, unit.id, How.HEADCOUNT)
        publish(session, clock, ROOT, round_of(session, "sales", span))
    # when
    owner = viewer("E1")
    with database.writing() as session:
        (agreement,) = own_agreements(session, owner)
        appeal(session, clock, owner, agreement, Decimal(1500), "My mean is lower.")
    # then
    assert what_is_open()[ItemKind.APPEALS] == (1, ("Name of E1 (E1)",))


class TestLocking:
    def test_it_waits_for_the_newest_scores(self, database: Database, clock: FixedClock, load: Load) -> None:
        load(acme())
        assert lock_june(database, clock, None) is False

    def test_with_nothing_open_it_needs_no_reason(
        self, database: Database, clock: FixedClock, load: Load, viewer: Look
    ) -> None:
        load(acme())
        score_now(database, clock, JUNE)
        assert lock_june(database, clock, None, viewer("H1"))
        with database.reading() as session:
            view = close_view(session, clock, viewer("H1"), JUNE)
            assert (view.state, view.locked_by, view.exceptions) == (PeriodState.LOCKED, "Name of H1", None)
            assert verify(session, JUNE) == []

    @pytest.mark.parametrize("because", [None, "", "   ", "x" * 1001])
    def test_with_something_open_it_needs_a_reason(
        self, database: Database, clock: FixedClock, load: Load, because: str | None
    ) -> None:
        load(acme(without_target="E2"))
        score_now(database, clock, JUNE)
        with pytest.raises(BadInput, match=r"write down why|too long"):
            lock_june(database, clock, because)
        with database.reading() as session:
            assert close_view(session, clock, ROOT, JUNE).state is not PeriodState.LOCKED
            assert session.scalars(sa.select(CloseException)).all() == []

    def test_the_exceptions_are_written_down_and_shown(
        self, database: Database, clock: FixedClock, load: Load, viewer: Look
    ) -> None:
        # given
        load(acme(without_target="E2"))
        # when
        score_and_lock(database, clock, viewer("H1"), JUNE, "E2 joined from the call centre.")
        # then
        with database.reading() as session:
            view = close_view(session, clock, ROOT, JUNE)
            assert view.exceptions is not None
            assert view.exceptions.because == "E2 joined from the call centre."
            (item,) = view.exceptions.items
            assert (item.kind, item.count, item.names) == (ItemKind.NO_TARGET, 1, ("Name of E2 (E2)",))
            kept = session.scalars(sa.select(CloseException)).one()
            assert (kept.by, kept.at) == ("H1", clock.now())
            entry = session.scalars(
                sa.select(AuditEntry).where(AuditEntry.action == "period.exceptions")
            ).one()
            assert entry.detail == {"because": kept.because, "open": {"no_target": 1}}

    def test_others_than_hr_neither_look_nor_lock(
        self, database: Database, clock: FixedClock, load: Load, viewer: Look
    ) -> None:
        load(acme())
        score_now(database, clock, JUNE)
        with pytest.raises(NotAllowed):
            lock_june(database, clock, None, viewer("E1"))
        with database.reading() as session, pytest.raises(NotAllowed):
            close_view(session, clock, viewer("E1"), JUNE)

    def test_a_month_that_runs_is_not_locked(self, database: Database, clock: FixedClock, load: Load) -> None:
        load(acme())
        with database.writing() as session, pytest.raises(BadInput, match="has not ended yet"):
            lock(session, clock, ROOT, Period.month(2026, 7), None)


def test_months_that_wait_are_those_that_ended_and_were_scored(
    database: Database, clock: FixedClock, load: Load
) -> None:
    load(acme())
    for month in ("2026-06", "2026-05", "2026-07"):
        score_now(database, clock, Period.parse(month))
    score_now(database, clock, Period.parse("2026-W20"))
    with database.reading() as session:
        assert [one.key for one in months_to_close(session, clock)] == ["2026-05", "2026-06"]
