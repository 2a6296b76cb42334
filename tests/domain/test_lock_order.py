"""On PostgreSQL, services take named locks in one order: two that meet wait, and never for each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from domain.access import CommandLine
from domain.clock import FixedClock
from domain.database import Database
from domain.targets import agreement, agreement_views
from domain.targets.board import board
from domain.targets.model import How
from domain.targets.reminding import remind
from domain.targets.rounds import open_round, publish, round_of, split
from domain.targets.rules_span import Span
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look

ORDER = ("loads", "audit_chain", "outbox")
ROOT = CommandLine("cli:root")


@pytest.fixture
def postgresql(database: Database) -> Database:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    return database


@contextmanager
def in_order(database: Database) -> Iterator[list[list[str]]]:
    """Fails where a transaction takes one of the locks after one that comes later; yields what they took."""
    taken: list[list[str]] = [[]]

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "pg_advisory_xact_lock" in statement:
            (name,) = parameters.values()
            if name in ORDER and name not in taken[-1]:
                taken[-1].append(name)

    def end(_connection: Any) -> None:
        taken.append([])

    sa.event.listen(database.engine, "before_cursor_execute", note)
    sa.event.listen(database.engine, "commit", end)
    yield taken
    sa.event.remove(database.engine, "before_cursor_execute", note)
    sa.event.remove(database.engine, "commit", end)
    for locks in taken:
        assert locks == sorted(locks, key=ORDER.index)


@pytest.fixture
def company(postgresql: Database, load: Load) -> None:
    load(
        CompanyFolder()
        .person("B1", role="manager", job_family="", unit="Acme")
        .person("M1", role="manager", job_family="", unit="Acme/East", manager_id="B1")
        .person("H1", role="hr", job_family="", unit="")
        .people(["E1", "E2"], unit="Acme/East", manager_id="M1")
        .unit("Acme", manager_id="B1")
        .unit("Acme/East", manager_id="M1")
        .plan()
    )


def ask(database: Database, clock: FixedClock, amount: int) -> None:
    span = Span.parse("2026-08")
    with database.writing() as session:
        open_round(session, clock, ROOT, "sales", span, Decimal(amount))
    with database.writing() as session:
        opened = round_of(session, "sales", span)
        for unit in [owner for owner in board(session, clock, opened).tree.walk() if owner.is_unit]:
            split(session, clock, ROOT, opened, unit.id, How.HEADCOUNT)
        publish(session, clock, ROOT, opened)


@pytest.mark.usefixtures("company")
def test_targets_take_the_audit_chain_before_the_outbox(
    postgresql: Database, clock: FixedClock, viewer: Look
) -> None:
    database, rep, manager = postgresql, viewer("E1"), viewer("M1")
    with in_order(database) as taken:
        ask(database, clock, 8000)
        with database.reading() as session:
            one = agreement_views.own_agreements(session, rep)[0]
        with database.writing() as session:
            agreement.appeal(session, clock, rep, one, Decimal(3000), "Too much.")
        with database.writing() as session:
            agreement.pass_up(session, clock, manager, one)
        with database.writing() as session:
            agreement.revise(session, clock, viewer("B1"), one, Decimal(3500), "Half way.")
        ask(database, clock, 9000)

    assert ["loads", "audit_chain", "outbox"] in taken


@pytest.mark.usefixtures("company")
def test_reminders_of_many_targets_do_so_too(postgresql: Database, clock: FixedClock, viewer: Look) -> None:
    # given: of two, the later one is passed up, which is audited, after the first one's owner is reminded
    database = postgresql
    ask(database, clock, 8000)
    with database.writing() as session:
        later = agreement_views.own_agreements(session, viewer("E2"))[0]
        agreement.appeal(session, clock, viewer("E2"), later, Decimal(3000), "Too much.")
    clock.at += timedelta(days=20)

    with in_order(database) as taken:
        remind(database, clock)

    assert ["audit_chain", "outbox"] in taken
