"""Asking for a source to be read now, and what those who asked are shown of it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.access import Viewer, require_operator
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.errors import BadInput, NotFound
from domain.jobs import Job, JobState, add_job
from domain.sources.model import ConfiguredSource

PULL_JOB = "pull_source"
DELIVERS = "push"
"""The kind of source that delivers by itself."""
OPEN = (JobState.QUEUED, JobState.RUNNING)
SAME_CLICK_S = 5


def ask_for_run(
    session: Session, clock: Clock, viewer: Viewer, name: str, correlation_id: str | None = None
) -> Job:
    """Have a source read now; the job that does it, or the one that is at it already.

    Raises NotAllowed, NotFound, and BadInput for a source that delivers by itself.
    """
    require_operator(viewer)
    source = session.get(ConfiguredSource, name)
    if source is None:
        raise NotFound("There is no source {source} any more: sources.toml does not name it.", source=name)
    if source.kind == DELIVERS:
        raise BadInput(
            "{source} delivers by itself and cannot be asked: let its sender send again.", source=name
        )
    one_at_a_time(session, "sources")
    under_way = _under_way(session, name)
    if under_way is not None:
        return under_way
    # A second click that comes when the first one's job is done already finds that job by its key.
    slot = int(clock.now().timestamp()) // SAME_CLICK_S
    args = {"source": name, "asked_by": viewer.person_id}
    audit.record(session, clock, viewer.employee_id, "run_source", f"source:{name}")
    return add_job(session, clock, PULL_JOB, f"{_prefix(name)}asked:{slot}", args, None, correlation_id)


def pull_under_way(session: Session, name: str) -> int | None:
    """The id of the job that reads it, or is about to."""
    job = _under_way(session, name)
    return None if job is None else job.id


def scheduled_key(name: str, slot: int) -> str:
    """The key of the job that reads a source by the clock."""
    return f"{_prefix(name)}{slot}"


def _under_way(session: Session, name: str) -> Job | None:
    return session.scalar(
        sa.select(Job)
        .where(Job.state.in_(OPEN), Job.kind == PULL_JOB, Job.key.startswith(_prefix(name), autoescape=True))
        .order_by(Job.id)
        .limit(1)
    )


def _prefix(name: str) -> str:
    return f"pull:{name}:"
