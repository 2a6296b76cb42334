"""How sources are: verdicts, rows of failures, who is told when, and what is remembered of the file."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import FixedClock
from domain.database import Database
from domain.errors import NotAllowed, NotFound
from domain.metrics.coverage import CoveredDays, joined
from domain.models import Base
from domain.outbox import Post
from domain.people.model import Company, Person, Role
from domain.sources.configured import (
    SourceEntry,
    configured_sources,
    file_problem,
    note_file,
    remember_configured,
)
from domain.sources.health import Verdict, all_sources, one_source, runs_of, sources_for
from domain.sources.model import WELL, PushDelivery, RunState, SourceRun
from domain.sources.pushed import REMEMBERED_FOR, earlier_delivery, forget_old, remember_delivery
from domain.sources.telling import failures_in_a_row, tell_of_change
from tests.conftest import TEN_IN_SHANGHAI

CRM = SourceEntry("crm", "sql", 3600, ("won_amount",))
HOOK = SourceEntry("hook", "push", None, ("wins",))


@pytest.fixture
def office(database: Database, clock: FixedClock) -> Database:
    """A company with one administrator."""
    with database.writing() as session:
        session.add(
            Company(
                id=1, name="Acme", time_zone="Asia/Shanghai", calendar="CN", currency="CNY", language="en",
                alerts_from="2026-01", shadow=False, policies={},
            )
        )  # fmt: skip
        session.add(Person(id=1, employee_id="A1", name="Adam", email="a1@example.com", role=Role.ADMIN))
    return database


def run(database: Database, clock: FixedClock, state: RunState, source: str = "crm", **columns: Any) -> int:
    now = clock.now()
    with database.writing() as session:
        given = SourceRun(source=source, state=state, started_at=now, finished_at=now, rows=0, **columns)
        return tell_of_change(session, clock, given).id


def told(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Post.kind).order_by(Post.id)))


def configure(database: Database, *entries: SourceEntry) -> None:
    with database.writing() as session:
        remember_configured(session, entries)


def verdict(database: Database, clock: FixedClock, name: str = "crm") -> Verdict:
    with database.reading() as session:
        return one_source(session, clock, name).verdict


def test_a_source_is_new_then_well_then_failing_then_well(office, clock) -> None:
    configure(office, CRM)
    verdicts = [verdict(office, clock)]
    for state in (RunState.SUCCEEDED, RunState.FAILED, RunState.REFUSED, RunState.UNCHANGED):
        run(office, clock, state)
        verdicts.append(verdict(office, clock))

    assert verdicts == [Verdict.NEW, Verdict.WELL, Verdict.FAILING, Verdict.FAILING, Verdict.WELL]


def test_a_source_is_late_after_three_times_its_time(office, clock) -> None:
    configure(office, CRM, HOOK)
    run(office, clock, RunState.SUCCEEDED)
    run(office, clock, RunState.SUCCEEDED, "hook")

    clock.at += timedelta(hours=3)
    assert verdict(office, clock) is Verdict.WELL
    clock.at += timedelta(seconds=1)
    assert verdict(office, clock) is Verdict.LATE
    assert verdict(office, clock, "hook") is Verdict.WELL, "nobody said how often it delivers"


def test_those_in_trouble_come_first(office, clock) -> None:
    configure(office, CRM, HOOK, SourceEntry("shop", "http", 3600, ("orders",)))
    run(office, clock, RunState.FAILED, "shop")

    with office.reading() as session:
        names = [health.source.name for health in all_sources(session, clock).health]

    assert names == ["shop", "crm", "hook"]


@pytest.fixture(scope="module")
def in_memory() -> Iterator[sa.Engine]:
    """A database that is made once, for many stories."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@settings(deadline=None, max_examples=40)
@given(states=st.lists(st.sampled_from(list(RunState)), max_size=12))
def test_each_row_of_failures_is_told_when_it_begins_and_when_it_ends(
    in_memory: sa.Engine, states: list[RunState]
) -> None:
    """Against the plainest way to say it: a message for each change between well and not."""
    was_well, expected = True, []
    for state in states:
        if (state in WELL) != was_well:
            was_well = not was_well
            expected.append("source_recovered" if was_well else "source_failed")

    assert told_of(in_memory, states) == expected


def told_of(engine: sa.Engine, states: list[RunState]) -> list[str]:
    """What one administrator hears of runs that end so; nothing of it is kept."""
    clock = FixedClock(TEN_IN_SHANGHAI)
    with Session(engine) as session:
        session.add(Person(id=1, employee_id="A1", name="Adam", email="a1@example.com", role=Role.ADMIN))
        for state in states:
            now = clock.now()
            given = SourceRun(source="crm", state=state, started_at=now, finished_at=now, rows=0)
            tell_of_change(session, clock, given)
        return list(session.scalars(sa.select(Post.kind).order_by(Post.id)))


def test_failures_in_a_row_are_counted_by_source(office, clock) -> None:
    for state in (RunState.FAILED, RunState.SUCCEEDED, RunState.FAILED, RunState.REFUSED):
        run(office, clock, state)
    run(office, clock, RunState.FAILED, "shop")

    with office.reading() as session:
        assert failures_in_a_row(session, "crm") == 2
        assert failures_in_a_row(session, "hook") == 0
        assert [one.state for one in runs_of(session, "crm", 2)] == [RunState.REFUSED, RunState.FAILED]


def test_only_administrators_in_office_see_sources(office, clock) -> None:
    configure(office, CRM)

    def look(role: Role, *, employed: bool = True) -> None:
        viewer = Viewer(1, "A1", "Adam", role, employed, "en", "UTC", "UTC")
        with office.reading() as session:
            sources_for(session, clock, viewer)

    look(Role.ADMIN)
    for role in (Role.REP, Role.MANAGER, Role.HR):
        with pytest.raises(NotAllowed):
            look(role)
    with pytest.raises(NotAllowed):
        look(Role.ADMIN, employed=False)


def test_what_the_file_says_is_remembered_and_what_it_says_no_more_is_not(office, clock) -> None:
    configure(office, CRM, HOOK)
    configure(office, SourceEntry("crm", "http", 60, ("wins",)))

    with office.reading() as session:
        assert configured_sources(session) == [SourceEntry("crm", "http", 60, ("wins",))]
        with pytest.raises(NotFound, match="There is no source hook any more"):
            one_source(session, clock, "hook")


def test_two_processes_that_read_a_new_file_at_once_do_not_fail_each_other(office, clock) -> None:
    with ThreadPoolExecutor() as other, office.writing() as session:
        remember_configured(session, [CRM])
        session.flush()
        second = other.submit(configure, office, CRM)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)

    assert second.exception() is None


def test_a_wrong_file_is_noted_once_for_each_mistake_and_told_once(office, clock) -> None:
    def note(problem: str | None) -> None:
        with office.writing() as session:
            note_file(session, clock, problem)

    for problem in (None, "line 1", "line 1", "line 2", None, None, "line 1"):
        note(problem)

    assert told(office) == ["source_failed", "source_recovered", "source_failed"]
    with office.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SourceRun)) == 4
        assert file_problem(session) == "line 1"


def test_deliveries_are_remembered_for_thirty_days(office, clock) -> None:
    run_id = run(office, clock, RunState.SUCCEEDED, "hook")
    with office.writing() as session:
        remember_delivery(session, clock, session.get_one(SourceRun, run_id), "d1", "digest")

    clock.at += REMEMBERED_FOR
    with office.writing() as session:
        forget_old(session, clock)
        assert earlier_delivery(session, "hook", "d1") is not None
        assert earlier_delivery(session, "other", "d1") is None

    clock.at += timedelta(seconds=1)
    with office.writing() as session:
        forget_old(session, clock)
        assert session.scalars(sa.select(PushDelivery)).all() == []


DAYS = st.integers(0, 30).map(lambda number: date(2026, 7, 1) + timedelta(days=number))
SPANS = st.builds(CoveredDays, st.sampled_from(["a", "b"]), DAYS, DAYS)


def days_of(spans: list[CoveredDays]) -> set[tuple[str, date]]:
    return {
        (span.measure, span.first_day + timedelta(days=number))
        for span in spans
        for number in range((span.last_day - span.first_day).days + 1)
    }


@settings(deadline=None)
@given(st.lists(SPANS, max_size=12))
def test_joined_spans_cover_the_same_days_in_as_few_as_they_need(spans: list[CoveredDays]) -> None:
    found = joined(spans)

    assert days_of(found) == days_of(spans)
    assert {span.measure for span in found} == {span.measure for span in spans}, "no measure is forgotten"
    for measure in ("a", "b"):
        of_measure = sorted(
            (span for span in found if span.measure == measure), key=lambda span: span.first_day
        )
        for one, other in pairwise(of_measure):
            assert one.last_day + timedelta(days=1) < other.first_day, "else they would be one"
