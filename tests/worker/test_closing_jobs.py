"""A lock that HR asked for in Slack, done by workers; and the reminders of the close calendar."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.access import Viewer
from domain.clock import FixedClock
from domain.closing.locking import ask_for_lock, lock_progress
from domain.closing.model import CloseException
from domain.closing.posts import DUE_POST, LOCKED_POST, NOT_LOCKED_POST
from domain.database import Database
from domain.errors import BadInput
from domain.jobs import Job, JobState
from domain.outbox import Post
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.model import ScoredPeriod
from domain.scoring.service import score_and_lock, score_now
from domain.scoring.verification import verify
from domain.viewers import viewer_of
from tests.builders import CompanyFolder
from tests.worker.test_scheduler import a_runner, acme, jobs, load, schedule

__all__ = ["acme"]

JUNE = Period.parse("2026-06")


@pytest.fixture
def hr(database: Database, clock: FixedClock, acme: CompanyFolder, tmp_path: Path) -> Viewer:
    load(database, clock, acme.person("H1", role="hr", job_family=""), tmp_path)
    with database.reading() as session:
        return viewer_of(session, clock, person_by_employee_id(session, "H1"))


def ask(database: Database, clock: FixedClock, hr: Viewer, because: str = "") -> None:
    with database.writing() as session:
        ask_for_lock(session, clock, hr, JUNE, because)


def locked_by(database: Database) -> str | None:
    with database.reading() as session:
        june = session.get(ScoredPeriod, JUNE.key)
        return june.locked_by if june else None


def posts(database: Database, kind: str) -> list[Post]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Post).where(Post.kind == kind).order_by(Post.id)))


def work_in_rounds(database: Database, clock: FixedClock, home: Path, rounds: int = 12) -> None:
    """A lock that waits for its scores is looked at again later, as the relay would do."""
    runner = a_runner(database, clock, home)
    for _ in range(rounds):
        for job in list(jobs(database).values()):
            if job.state == JobState.QUEUED:
                with database.writing() as session:
                    session.execute(sa.update(Job).where(Job.id == job.id).values(lease_until_ms=0))
                runner.run(job.id)


def test_it_is_scored_by_workers_then_locked_and_told(database, clock, hr, tmp_path) -> None:
    # given: June was never scored
    ask(database, clock, hr)
    with database.reading() as session:
        assert lock_progress(session, hr, JUNE) is not None
    # when
    work_in_rounds(database, clock, tmp_path)
    # then
    assert locked_by(database) == "H1"
    (told,) = posts(database, LOCKED_POST)
    assert (told.person_id, told.facts["because"]) == (hr.person_id, None)
    with database.reading() as session:
        assert verify(session, JUNE) == []
        assert lock_progress(session, hr, JUNE) is None


def test_while_it_waits_the_parts_are_counted(database, clock, hr, tmp_path) -> None:
    ask(database, clock, hr)
    work_in_rounds(database, clock, tmp_path, rounds=2)
    with database.reading() as session:
        progress = lock_progress(session, hr, JUNE)
    assert progress is not None
    assert 0 <= progress.done <= progress.total


def test_asked_twice_it_is_done_once(database, clock, hr, tmp_path) -> None:
    ask(database, clock, hr)
    ask(database, clock, hr)
    work_in_rounds(database, clock, tmp_path)
    assert len(posts(database, LOCKED_POST)) == 1


def test_what_was_opened_meanwhile_stops_it_and_is_told(database, clock, hr, acme, tmp_path) -> None:
    # given: nothing is open when it is asked for, then somebody comes without a target
    ask(database, clock, hr)
    load(database, clock, acme.person("E9"), tmp_path)
    # when
    work_in_rounds(database, clock, tmp_path)
    # then
    assert locked_by(database) is None
    (told,) = posts(database, NOT_LOCKED_POST)
    assert "write down why" in told.facts["said"]["sentence"]
    # when
    ask(database, clock, hr, "E9 sells from July on.")
    work_in_rounds(database, clock, tmp_path)
    # then
    assert locked_by(database) == "H1"
    with database.reading() as session:
        assert session.scalars(sa.select(CloseException)).one().because == "E9 sells from July on."


def test_scores_that_fail_are_told_and_the_job_ends(database, clock, hr, tmp_path) -> None:
    ask(database, clock, hr)
    work_in_rounds(database, clock, tmp_path, rounds=1)
    with database.writing() as session:
        session.execute(
            sa.update(Job).where(Job.key.startswith("score:")).values(state=JobState.FAILED, problem="no")
        )
    work_in_rounds(database, clock, tmp_path, rounds=2)
    (told,) = posts(database, NOT_LOCKED_POST)
    assert "could not be scored" in told.facts["said"]["sentence"]
    assert locked_by(database) is None
    with database.reading() as session:
        assert lock_progress(session, hr, JUNE) is None


def test_a_locked_or_running_month_is_refused(database, clock, hr) -> None:
    score_and_lock(database, clock, JUNE, "test")
    for period in (JUNE, JUNE.next()):
        with database.writing() as session, pytest.raises(BadInput, match="cannot be locked now"):
            ask_for_lock(session, clock, hr, period, "because")


def test_hr_is_reminded_on_the_days_of_the_calendar_once_each(database, clock, hr, tmp_path) -> None:
    # given: 7 July is the fifth working day; data was due on the third
    score_now(database, clock, JUNE)
    seen = []
    for _ in range(8):
        schedule(database, clock)
        work_in_rounds(database, clock, tmp_path, rounds=4)
        told = [(post.facts["period"], post.facts["stage"]) for post in posts(database, DUE_POST)]
        seen.append([stage for period, stage in told if period == "2026-06"])
        clock.at += timedelta(days=1)
    assert seen[0] == ["data_due"]
    assert seen[1] == ["data_due", "review_ends"]
    assert seen[3] == ["data_due", "review_ends", "lock_due"]
    assert seen[-1] == ["data_due", "review_ends", "lock_due", "overdue"]
    (post,) = {post.person_id for post in posts(database, DUE_POST)}
    assert post == hr.person_id


def test_a_locked_month_is_not_reminded_of(database, clock, hr, tmp_path) -> None:
    for month in ("2026-04", "2026-05", "2026-06"):
        score_and_lock(database, clock, Period.parse(month), "test")
    assert not any(key.startswith("close:") for key in schedule(database, clock))
