"""Locking that does not make anybody wait: asked for in Slack, done by workers once the cards are newest."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock
from domain.closing.posts import tell_locked, tell_not_locked
from domain.closing.service import close_view, lock, require_reason
from domain.errors import BadInput, Refusal
from domain.jobs import Job, JobState, add_job, open_job
from domain.loads import latest_load_id
from domain.periods import Period
from domain.scoring.model import RunState, ScoreRun
from domain.scoring.published import published_run
from domain.scoring.service import batch_of, is_under_way

LOCK_JOB = "lock_period"
"""Args: `period`, `person_id` of who asked, and `because`."""
GIVEN_UP = (JobState.FAILED, JobState.QUARANTINED)


@dataclass(frozen=True)
class LockProgress:
    """Of a lock that was asked for: how many parts of the company are scored; 0 of 0: none yet."""

    done: int
    total: int


def ask_for_lock(
    session: Session,
    clock: Clock,
    viewer: Viewer,
    period: Period,
    because: str,
    correlation_id: str | None = None,
) -> None:
    """Have a period locked as soon as it is scored on the newest data. Asked twice, it is done once.

    Raises NotAllowed, or BadInput where it has not ended or is locked, or where something is open and there
    is no reason.
    """
    view = close_view(session, clock, viewer, period)
    if not view.may_be_locked:
        raise BadInput(
            "{period} cannot be locked now: it has not ended, or it is locked already.", period=period.key
        )
    if view.open_items:
        because = require_reason(because)
    if _open_lock(session, period) is None:
        earlier = sa.select(sa.func.count()).where(Job.key.startswith(_prefix(period), autoescape=True))
        args = {"period": period.key, "person_id": viewer.person_id, "because": because.strip()}
        key = f"{_prefix(period)}{session.scalar(earlier)}"
        add_job(session, clock, LOCK_JOB, key, args, correlation_id=correlation_id)


def lock_progress(session: Session, viewer: Viewer, period: Period) -> LockProgress | None:
    """None where no lock is under way."""
    access.require_hr(viewer)
    if _open_lock(session, period) is None:
        return None
    run_id = session.scalar(
        sa.select(sa.func.max(ScoreRun.id)).where(
            ScoreRun.period == period.key, ScoreRun.state == RunState.COMPUTING
        )
    )
    if run_id is None:
        return LockProgress(0, 0)
    parts = sa.select(sa.func.count(), sa.func.count().filter(Job.state == JobState.DONE)).where(
        Job.batch == batch_of(run_id)
    )
    total, done = session.execute(parts).one()
    return LockProgress(done, total)


def is_ready(session: Session, period: Period) -> bool:
    """Whether the published cards come from the newest inputs, with all days of the period over."""
    run = published_run(session, period)
    return run is not None and run.today >= period.end and run.load_id == latest_load_id(session)


def needs_scoring(session: Session, period: Period, lock_job_id: int) -> bool:
    """Whether somebody has to have it scored: nobody does yet. Raises BadInput where scoring was given up."""
    asked = session.get_one(Job, lock_job_id)
    key_or_batch = sa.or_(
        Job.key.startswith(f"score:{period.key}:", autoescape=True),
        Job.batch.in_([batch_of(run_id) for run_id in _runs_since(session, period, asked)]),
    )
    failed = sa.exists().where(key_or_batch, Job.state.in_(GIVEN_UP), Job.created_at >= asked.created_at)
    if session.scalar(sa.select(failed)):
        raise BadInput(
            "{period} could not be scored, and so not locked: the administrators have been told why.",
            period=period.key,
        )
    return not is_under_way(session, period) and open_job(session, [f"score:{period.key}:"]) is None


def finish_lock(session: Session, clock: Clock, viewer: Viewer, period: Period, because: str) -> bool:
    """Lock it, and tell who asked; false: score it first. What cannot be is told as well."""
    try:
        with session.begin_nested():
            if not lock(session, clock, viewer, period, because):
                return False
    except Refusal as refused:
        tell_not_locked(session, clock, viewer, period, refused)
        return True
    tell_locked(session, clock, viewer, close_view(session, clock, viewer, period))
    return True


def _open_lock(session: Session, period: Period) -> Job | None:
    return open_job(session, [_prefix(period)])


def _runs_since(session: Session, period: Period, asked: Job) -> list[int]:
    return list(
        session.scalars(
            sa.select(ScoreRun.id).where(
                ScoreRun.period == period.key, ScoreRun.created_at >= asked.created_at
            )
        )
    )


def _prefix(period: Period) -> str:
    return f"lock:{period.key}:"
