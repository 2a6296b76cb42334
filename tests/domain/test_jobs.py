"""Jobs and posts are taken by one worker at a time, on the database's clock, and are not tried for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import FixedClock
from domain.database import Database, db_now_ms
from domain.jobs import (
    MOST_ATTEMPTS,
    Job,
    JobState,
    add_job,
    batch_is_done,
    claim_due_wakeups,
    claim_job,
    fail_job,
    finish_job,
)
from domain.outbox import Post, PostState, add_post, claim_post

WORKERS = 8
RAN_OUT = -1
"""A lease of so many milliseconds is over when it begins."""


@pytest.fixture
def job_id(database: Database, clock: FixedClock) -> int:
    return a_job(database, clock)


def a_job(database: Database, clock: FixedClock, key: str = "score:1:0", batch: str | None = None) -> int:
    with database.writing() as session:
        return add_job(session, clock, "score_chunk", key, {"run_id": 1}, batch=batch).id


def claim(database: Database, job_id: int, lease_ms: int = 60_000) -> Job | None:
    with database.writing() as session:
        return claim_job(session, job_id, lease_ms)


def wake_ups(database: Database, quiet_ms: int = 60_000) -> list[int]:
    with database.writing() as session:
        return claim_due_wakeups(session, quiet_ms=quiet_ms)


def state_of(database: Database, job_id: int) -> tuple[str, int, str | None]:
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        return job.state, job.attempts, job.problem


def all_at_once(database: Database, act: Callable[[Session], object]) -> list[object]:
    """Run `act` in as many transactions at the same moment; what each came to."""
    start = Barrier(WORKERS)

    def work(_: int) -> object:
        start.wait(30)
        with database.writing() as session:
            return act(session)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_a_key_stands_for_one_job(database: Database, clock: FixedClock, job_id: int) -> None:
    assert a_job(database, clock) == job_id
    assert a_job(database, clock, "score:1:1") != job_id


def test_a_claimed_job_is_nobody_elses(database: Database, job_id: int) -> None:
    claimed = claim(database, job_id)

    assert claimed is not None
    assert (claimed.state, claimed.attempts, claimed.args) == (JobState.RUNNING, 1, {"run_id": 1})
    assert claim(database, job_id) is None


def test_of_many_workers_one_gets_the_job(database: Database, job_id: int) -> None:
    claimed = all_at_once(database, lambda session: claim_job(session, job_id))

    assert len([job for job in claimed if job is not None]) == 1
    assert state_of(database, job_id) == (JobState.RUNNING, 1, None)


def test_of_many_workers_one_gets_the_post(database: Database, clock: FixedClock) -> None:
    with database.writing() as session:
        post_id = add_post(session, clock, key="hello", kind="note", facts={}, channel="leads").id

    claimed = all_at_once(database, lambda session: claim_post(session, post_id))

    assert len([post for post in claimed if post is not None]) == 1
    with database.reading() as session:
        post = session.get_one(Post, post_id)
    assert (post.state, post.attempts) == (PostState.SENDING, 1)


def test_a_lease_runs_on_the_databases_clock(database: Database, clock: FixedClock, job_id: int) -> None:
    claim(database, job_id)
    clock.at += timedelta(days=365)  # as a demo or a test may do
    assert claim(database, job_id) is None

    with database.writing() as session:
        now = session.scalar(sa.select(db_now_ms()))
        session.execute(sa.update(Job).values(lease_until_ms=now - 1))

    again = claim(database, job_id)
    assert again is not None
    assert again.attempts == 2


def test_a_job_that_cost_three_workers_their_lives_is_set_aside(database: Database, job_id: int) -> None:
    for _ in range(MOST_ATTEMPTS):
        assert claim(database, job_id, RAN_OUT) is not None

    assert claim(database, job_id) is None

    assert state_of(database, job_id) == (JobState.QUARANTINED, 3, "its worker died three times")
    assert claim(database, job_id) is None
    assert wake_ups(database) == []


def test_a_job_is_not_set_aside_while_its_third_worker_lives(database: Database, job_id: int) -> None:
    claim(database, job_id, RAN_OUT)
    claim(database, job_id, RAN_OUT)
    claim(database, job_id)

    assert claim(database, job_id) is None

    assert state_of(database, job_id)[0] == JobState.RUNNING


@pytest.mark.parametrize("end", [finish_job, lambda session, job: fail_job(session, job, "no such period")])
def test_a_job_that_has_ended_is_not_done_again(
    database: Database, job_id: int, end: Callable[[Session, int], None]
) -> None:
    claim(database, job_id, RAN_OUT)
    with database.writing() as session:
        end(session, job_id)

    assert claim(database, job_id) is None
    assert wake_ups(database) == []


def test_a_waiting_job_wakes_a_worker_and_then_is_quiet_for_a_while(
    database: Database, clock: FixedClock, job_id: int
) -> None:
    other = a_job(database, clock, "score:1:1")

    assert wake_ups(database) == [job_id, other]
    assert wake_ups(database) == []


def test_a_wake_up_that_was_lost_comes_again(database: Database, job_id: int) -> None:
    assert wake_ups(database, quiet_ms=RAN_OUT) == [job_id]

    assert wake_ups(database) == [job_id]


def test_a_job_told_of_can_be_claimed_at_once(database: Database, job_id: int) -> None:
    wake_ups(database)

    assert claim(database, job_id) is not None


def test_a_dead_workers_job_wakes_another(database: Database, clock: FixedClock, job_id: int) -> None:
    alive = a_job(database, clock, "score:1:1")
    claim(database, job_id, RAN_OUT)
    claim(database, alive)

    assert wake_ups(database) == [job_id]


def test_a_batch_is_done_when_all_of_it_is(database: Database, clock: FixedClock) -> None:
    first = a_job(database, clock, "score:1:0", batch="score:1")
    second = a_job(database, clock, "score:1:1", batch="score:1")
    a_job(database, clock, "score:2:0", batch="score:2")

    def done_after(end: Callable[[Session], None]) -> bool:
        with database.writing() as session:
            end(session)
            return batch_is_done(session, "score:1")

    assert not done_after(lambda session: finish_job(session, first))
    assert not done_after(lambda session: fail_job(session, second, "broken"))
    assert done_after(lambda session: finish_job(session, second))
