"""A dispute keeps the alert from the managers until it is answered: from the click to the outbox."""

import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.disputes.service import ALERTS_JOB, explain, open_dispute
from domain.disputes.subjects import card_line
from domain.jobs import Job, JobState
from domain.periods import Period
from domain.watch.facts import PERSON_POST, THREAD_POST
from domain.watch.model import Alert, AlertState
from tests.domain.conftest import Load, Lock, Look, load, lock, viewer
from tests.domain.watch_stories import QUARTER, company, posts, rep, watch
from tests.worker.delivery_builders import services_for
from worker.actors.disputes import HANDLERS
from worker.runner import JobRunner

__all__ = ["load", "lock", "viewer"]
MARCH = Period.parse("2026-03")


def test_a_disputed_card_holds_the_alert_until_the_answer(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given: the third miss, and Rita disputes it before anything has left
    load(rep(company(), "RITA", "MMM", manager_id="MW"))
    lock(*QUARTER)
    watch(database, clock, "2026-03")
    rita = viewer("RITA")
    with database.writing() as session:
        subject = card_line(rita.person_id, MARCH, "sales")
        disputed = open_dispute(session, clock, rita, subject, [], "The sale of the 30th is missing.")
        dispute_id = disputed.id

    # when
    do_the_jobs(database, clock)

    # then
    assert state_of_alert(database) == (AlertState.HELD, "open_dispute")
    assert waiting(database) == []

    # when
    with database.writing() as session:
        explain(session, clock, viewer("MW"), dispute_id, "It was booked in April.")
    do_the_jobs(database, clock)

    # then
    assert state_of_alert(database)[0] == AlertState.QUEUED
    assert waiting(database) == [PERSON_POST, THREAD_POST]


def do_the_jobs(database: Database, clock: FixedClock) -> None:
    runner = JobRunner(services_for(database, clock), HANDLERS)
    with database.reading() as session:
        due = sa.select(Job.id).where(Job.kind == ALERTS_JOB, Job.state == JobState.QUEUED)
        ids = session.scalars(due.order_by(Job.id)).all()
    assert [runner.run(job_id) for job_id in ids] == [True]


def state_of_alert(database: Database) -> tuple[str, str | None]:
    with database.reading() as session:
        alert = session.scalars(sa.select(Alert)).one()
        return alert.state, alert.reason


def waiting(database: Database) -> list[str]:
    return [post.kind for post in posts(database, PERSON_POST, THREAD_POST) if post.state == "queued"]
