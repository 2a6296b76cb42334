"""Jobs: run once to their end, tried again, given up, quarantined, and never counted twice."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
import structlog
from prometheus_client import REGISTRY
from sqlalchemy.orm import Session

from domain.clock import FixedClock
from domain.database import Database, db_now_ms
from domain.errors import BadInput
from domain.jobs import Job, JobState, add_job, claim_job
from domain.outbox import Post
from domain.people.model import Person
from tests.sandbox.waiting import until
from tests.worker.delivery_builders import ADA, ROOT, a_company, services_for
from worker.runner import Handler, JobRunner, Task

Start = Callable[..., tuple[JobRunner, int]]


@pytest.fixture
def start(database: Database, clock: FixedClock) -> Start:
    """A runner with one handler, and one job for it."""
    a_company(database, clock)
    with database.writing() as session:
        job_id = add_job(session, clock, "rename", "rename:1", {"to": "Ada L."}).id

    def make(handler: Handler, lease_ms: int = 60_000) -> tuple[JobRunner, int]:
        handlers: Mapping[str, Handler] = {"rename": handler}
        return JobRunner(services_for(database, clock), handlers, lease_ms), job_id

    return make


def rename(task: Task) -> None:
    with task.finishing() as session:
        session.get_one(Person, ADA).name = task.args["to"]


def job_state(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def name_of_ada(database: Database) -> str:
    with database.reading() as session:
        return session.get_one(Person, ADA).name


def now_ms(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(sa.select(db_now_ms())).one()


def let_the_lease_run_out(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.update(Job).values(lease_until_ms=db_now_ms() - 1))


def notices(database: Database) -> list[Post]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Post).where(Post.kind == "job_quarantined")))


def test_a_job_ends_with_its_work(database, start) -> None:
    runner, job = start(rename)

    assert runner.run(job) is True
    assert (job_state(database, job).state, name_of_ada(database)) == (JobState.DONE, "Ada L.")
    assert runner.run(job) is False  # a second wake-up finds it done


def test_work_that_fails_leaves_nothing_behind_and_is_tried_again(database, start) -> None:
    def stumble(task: Task) -> None:
        with task.finishing() as session:
            session.get_one(Person, ADA).name = "half done"
            session.flush()
            raise RuntimeError("the disk is full")

    runner, job = start(stumble)
    assert runner.run(job) is False
    kept = job_state(database, job)
    assert (kept.state, kept.problem) == (JobState.QUEUED, "RuntimeError: the disk is full")
    assert name_of_ada(database) == "ada"

    runner.handlers = {"rename": rename}
    assert runner.run(job) is True


def test_a_job_that_fails_three_times_is_given_up_and_shown_to_the_admin(database, start) -> None:
    def stumble(task: Task) -> None:
        raise RuntimeError("no luck")

    runner, job = start(stumble)
    for _ in range(3):
        runner.run(job)

    assert job_state(database, job).state == JobState.FAILED
    [notice] = notices(database)
    assert (notice.person_id, notice.facts["attempts"]) == (ROOT, 3)
    assert notice.facts["problem"] == "RuntimeError: no luck"


def test_a_refusal_is_final(database, start) -> None:
    def refuse(task: Task) -> None:
        raise BadInput("{period} has not begun yet.", period="2027-01")

    runner, job = start(refuse)
    runner.run(job)

    kept = job_state(database, job)
    assert (kept.state, kept.problem) == (JobState.FAILED, "2027-01 has not begun yet.")
    assert len(notices(database)) == 1


def test_a_kind_that_nobody_knows_is_said_so(database, start) -> None:
    runner, job = start(rename)
    runner.handlers = {}

    runner.run(job)

    assert "No worker knows how to do rename" in str(job_state(database, job).problem)


def test_a_job_that_kills_its_worker_three_times_is_quarantined(database, start) -> None:
    runner, job = start(rename)
    for _ in range(3):
        with database.writing() as session:
            assert claim_job(session, job) is not None  # and its worker is never heard of again
        let_the_lease_run_out(database)

    assert runner.run(job) is False

    assert job_state(database, job).state == JobState.QUARANTINED
    assert [notice.person_id for notice in notices(database)] == [ROOT]
    runner.run(job)
    assert len(notices(database)) == 1


def test_what_an_overtaken_worker_did_does_not_count(database, clock, start) -> None:
    def be_overtaken(task: Task) -> None:
        let_the_lease_run_out(database)
        with database.writing() as session:
            assert claim_job(session, task.id) is not None
        with task.finishing() as session:
            session.get_one(Person, ADA).name = "too late"

    runner, job = start(be_overtaken)

    assert runner.run(job) is False
    assert name_of_ada(database) == "ada"
    assert job_state(database, job).state == JobState.RUNNING  # it is the other worker's


def test_a_slow_job_keeps_its_lease(database, start) -> None:
    taken = []

    def work_longer_than_the_lease(task: Task) -> None:
        first = job_state(database, task.id).lease_until_ms
        until(lambda: now_ms(database) > first)
        with database.writing() as session:
            taken.append(claim_job(session, task.id))
        rename(task)

    runner, job = start(work_longer_than_the_lease, 6_000)

    assert runner.run(job) is True
    assert taken == [None]


def test_a_database_that_was_away_costs_a_slow_job_no_lease(database, start, monkeypatch) -> None:
    writing, away = database.writing, threading.Event()

    def away_once() -> AbstractContextManager[Session]:
        if not away.is_set():
            away.set()
            raise sa.exc.OperationalError("BEGIN", None, Exception("the server closed the connection"))
        return writing()

    def work_while_the_database_is_away(task: Task) -> None:
        first = job_state(database, task.id).lease_until_ms
        monkeypatch.setattr(database, "writing", away_once)
        until(lambda: job_state(database, task.id).lease_until_ms > first)
        rename(task)

    runner, job = start(work_while_the_database_is_away, 6_000)

    assert runner.run(job) is True
    assert away.is_set()


def test_what_is_not_finished_when_the_process_ends_is_given_back(database, clock, start) -> None:
    """`rename` stands for a handler that is still at work when the time to finish is over."""

    def be_given_back(task: Task) -> None:
        runner.release()
        with database.reading() as session:
            given_back.append(session.get_one(Job, task.id))
        rename(task)

    given_back: list[Job] = []
    runner, job = start(be_given_back)

    assert runner.run(job) is False
    assert name_of_ada(database) == "ada"
    assert [(one.state, one.attempts, one.lease_until_ms) for one in given_back] == [(JobState.QUEUED, 0, 0)]

    runner.handlers = {"rename": rename}
    assert runner.run(job) is True
    assert name_of_ada(database) == "Ada L."


def test_who_gave_a_job_back_has_no_say_when_another_has_it(database, clock, start) -> None:
    """The other's attempt has the same number, for a job that was given back counts as not tried."""
    taken: list[Job | None] = []

    def be_given_back_and_taken(task: Task) -> None:
        runner.release()
        with database.writing() as session:
            taken.append(claim_job(session, task.id, lease_ms=1_000_000))
        threading.Event().wait(0.5)  # the time to renew the lease comes
        runner.release()
        endings.pop()(task)

    def stumble(task: Task) -> None:
        raise RuntimeError("too late")

    def refuse(task: Task) -> None:
        raise BadInput("too late")

    endings: list[Handler] = [rename, stumble, refuse]
    runner, job = start(be_given_back_and_taken, 600)
    while endings:
        assert runner.run(job) is False

        [other] = [claimed for claimed in taken if claimed is not None]
        kept = job_state(database, job)
        assert (kept.state, kept.attempts, kept.problem) == (JobState.RUNNING, 1, None)
        assert kept.lease_until_ms == other.lease_until_ms
        taken.clear()
        with database.writing() as session:
            session.execute(sa.update(Job).values(state=JobState.QUEUED, attempts=0, lease_until_ms=0))
    assert name_of_ada(database) == "ada"
    assert notices(database) == []


def test_where_nothing_runs_there_is_nothing_to_give_back(database, start) -> None:
    runner, job = start(rename)
    runner.run(job)

    runner.release()

    assert job_state(database, job).state == JobState.DONE


def test_runs_are_counted_by_how_they_ended(database, start) -> None:
    def counted(outcome: str) -> float:
        labels = {"kind": "rename", "outcome": outcome}
        return REGISTRY.get_sample_value("pacesetter_jobs_total", labels) or 0.0

    def stumble(task: Task) -> None:
        raise RuntimeError("no luck")

    before = {outcome: counted(outcome) for outcome in ("retried", "failed", "done")}
    runner, job = start(stumble)
    for _ in range(3):
        runner.run(job)

    after = {outcome: counted(outcome) - before[outcome] for outcome in before}
    assert after == {"retried": 2, "failed": 1, "done": 0}


def test_what_nobody_clicked_has_an_id_of_its_own_in_the_logs(database, start) -> None:
    seen = []

    def remember(task: Task) -> None:
        seen.append((task.correlation_id, structlog.contextvars.get_contextvars()["correlation_id"]))
        rename(task)

    runner, job = start(remember)
    runner.run(job)

    assert seen == [(f"job-{job}", f"job-{job}")]
