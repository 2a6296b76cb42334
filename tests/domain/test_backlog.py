"""How much waits in the tables, and for how long."""

from datetime import timedelta

import sqlalchemy as sa

from domain import telemetry
from domain.backlog import Backlog, BacklogFigures, backlog
from domain.clock import FixedClock
from domain.database import Database
from domain.jobs import Job, JobState, add_job, claim_job
from domain.outbox import add_post, claim_post


def read(database: Database, clock: FixedClock) -> Backlog:
    with database.reading() as session:
        return backlog(session, clock)


def test_where_nothing_waits_all_is_zero(database: Database, clock: FixedClock) -> None:
    assert read(database, clock) == Backlog(0, 0.0, 0, 0.0, {}, {}, is_paused=False)


def test_a_post_is_due_from_its_time_on_until_it_is_sent(database: Database, clock: FixedClock) -> None:
    with database.writing() as session:
        add_post(session, clock, key="due", kind="alert", facts={})
        later = clock.now() + timedelta(hours=1)
        add_post(session, clock, key="later", kind="alert", facts={}, not_before=later)
    clock.at += timedelta(seconds=90)

    assert (read(database, clock).posts_due, read(database, clock).oldest_post_s) == (1, 90.0)

    clock.at += timedelta(hours=1)
    assert read(database, clock).posts_due == 2


def test_a_post_that_is_being_sent_is_still_due(database: Database, clock: FixedClock) -> None:
    with database.writing() as session:
        post = add_post(session, clock, key="due", kind="alert", facts={})
        claim_post(session, post.id)

    assert read(database, clock).posts_due == 1
    assert read(database, clock).posts == {"sending": 1}


def test_jobs_wait_until_somebody_takes_them(database: Database, clock: FixedClock) -> None:
    with database.writing() as session:
        taken = add_job(session, clock, "score", "one", {})
        claim_job(session, taken.id)
        add_job(session, clock, "score", "two", {})
        failed = add_job(session, clock, "score", "three", {})
        session.execute(sa.update(Job).where(Job.id == failed.id).values(state=JobState.FAILED))
    clock.at += timedelta(seconds=7)

    seen = read(database, clock)

    assert (seen.jobs_waiting, seen.oldest_job_s) == (1, 7.0)
    assert seen.jobs == {"running": 1, "queued": 1}, "and what is over is not counted"


def test_the_backlog_is_read_when_the_figures_are_asked_for(database: Database, clock: FixedClock) -> None:
    figures = BacklogFigures(database, clock)
    before = telemetry.exposition([figures]).decode()
    with database.writing() as session:
        add_post(session, clock, key="due", kind="alert", facts={})

    after = telemetry.exposition([figures]).decode()

    assert "pacesetter_posts_due 0.0" in before
    assert "pacesetter_posts_due 1.0" in after
    assert 'pacesetter_post_rows{state="queued"} 1.0' in after
