"""Work that happens later, as rows: the truth that the broker's messages only wake.

A worker claims a job by a lease on the database's clock. A worker that dies leaves the lease to run out, the
relay sends the job again, and a job that has cost three workers their lives is quarantined for the admin.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.clock import Clock
from domain.database import Base, UtcDateTime, db_now_ms

LEASE_MS = 60_000
MOST_ATTEMPTS = 3


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


class Job(Base):
    __tablename__ = "jobs"
    __table_args__ = (sa.Index("ix_jobs_state_lease", "state", "lease_until_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    args: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    batch: Mapped[str | None] = mapped_column(sa.String(100), index=True)
    """Names the fan-out that a chunk belongs to."""
    state: Mapped[str] = mapped_column(sa.String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until_ms: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """On the database's clock; also when a queued job may be sent again."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(sa.Text)
    correlation_id: Mapped[str | None] = mapped_column(sa.String(40))


def add_job(
    session: Session,
    clock: Clock,
    kind: str,
    key: str,
    args: dict[str, Any],
    batch: str | None = None,
    correlation_id: str | None = None,
) -> Job:
    """Add a job, or return the one that already has the key."""
    existing = session.scalar(sa.select(Job).where(Job.key == key))
    if existing is not None:
        return existing
    job = Job(
        key=key,
        kind=kind,
        args=args,
        batch=batch,
        state=JobState.QUEUED,
        created_at=clock.now(),
        correlation_id=correlation_id,
    )
    session.add(job)
    session.flush()
    return job


def open_job(session: Session, key_beginnings: Sequence[str]) -> Job | None:
    """The oldest of the jobs that are not over and whose keys begin with one of these."""
    begins_so = (Job.key.startswith(beginning, autoescape=True) for beginning in key_beginnings)
    is_open = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    return session.scalar(sa.select(Job).where(is_open, sa.or_(*begins_so)).order_by(Job.id).limit(1))


def claim_job(session: Session, job_id: int, lease_ms: int = LEASE_MS) -> Job | None:
    """Take the job for `lease_ms`; None where it is done, taken, or was just quarantined."""
    free = sa.or_(
        Job.state == JobState.QUEUED, sa.and_(Job.state == JobState.RUNNING, Job.lease_until_ms < db_now_ms())
    )
    session.execute(
        sa.update(Job)
        .where(Job.id == job_id, free, Job.attempts >= MOST_ATTEMPTS)
        .values(state=JobState.QUARANTINED, problem="its worker died three times")
    )
    claimed = session.execute(
        sa.update(Job)
        .where(Job.id == job_id, free, Job.attempts < MOST_ATTEMPTS)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, lease_until_ms=db_now_ms() + lease_ms)
        .returning(Job.id)
    ).scalar()
    return None if claimed is None else session.get(Job, job_id, populate_existing=True)


def finish_job(session: Session, job_id: int) -> None:
    session.execute(sa.update(Job).where(Job.id == job_id).values(state=JobState.DONE, problem=None))


def fail_job(session: Session, job_id: int, problem: str) -> None:
    """End a job that cannot succeed by being tried again."""
    session.execute(sa.update(Job).where(Job.id == job_id).values(state=JobState.FAILED, problem=problem))


def claim_due_wakeups(session: Session, limit: int = 500, quiet_ms: int = 5_000) -> list[int]:
    """Ids of jobs a worker should be told of; each is named again only after `quiet_ms` without a claim."""
    due = (
        sa.select(Job.id)
        .where(Job.state.in_([JobState.QUEUED, JobState.RUNNING]), Job.lease_until_ms < db_now_ms())
        .order_by(Job.id)
        .limit(limit)
    )
    ids = list(session.scalars(due))
    session.execute(
        sa.update(Job)
        .where(Job.id.in_(ids), Job.state == JobState.QUEUED)
        .values(lease_until_ms=db_now_ms() + quiet_ms)
    )
    return ids


def batch_is_done(session: Session, batch: str) -> bool:
    open_jobs = sa.select(sa.func.count()).where(Job.batch == batch, Job.state != JobState.DONE)
    return session.scalar(open_jobs) == 0
