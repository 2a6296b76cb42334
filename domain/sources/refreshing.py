"""What administrators see of a source in Slack keeps up with it: Home tabs, and its failure's message."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.admins import admins_in_office
from domain.clock import Clock
from domain.jobs import add_job
from domain.outbox import Post
from domain.sources.asking import being_read
from domain.sources.model import WELL, SourceRun
from domain.sources.telling import failure_facts, failure_key

REFRESH_JOB = "refresh_sources"


def ask_for_refresh(
    session: Session, clock: Clock, source: str, after: str, correlation_id: str | None = None
) -> None:
    """Have it drawn anew; `after` names what it follows from, once for each."""
    key = f"{REFRESH_JOB}:{source}:{after}"
    add_job(session, clock, REFRESH_JOB, key, {"source": source}, None, correlation_id)


def renew_failure_posts(session: Session, clock: Clock, source: str) -> list[int]:
    """Let the messages of the newest failure say how the source is now; the ids of those that changed."""
    failed = _newest_failure(session, source)
    if failed is None:
        return []
    first, last = failed
    is_over = _newest(session, source, SourceRun.state.in_(WELL)) > last.id
    facts = failure_facts(last)
    if being_read(session, source):
        facts["now"] = "being read"
    elif is_over:
        facts["now"] = "well"
    keys = [failure_key(first, admin_id) for admin_id in admins_in_office(session, clock)]
    changed = []
    for post in session.scalars(sa.select(Post).where(Post.key.in_(keys))):
        if post.facts != facts:
            post.facts = facts
            changed.append(post.id)
    return changed


def _newest_failure(session: Session, source: str) -> tuple[SourceRun, SourceRun] | None:
    """The first and the last run of the newest row of failures."""
    last = session.get(SourceRun, _newest(session, source, SourceRun.state.not_in(WELL)))
    if last is None:
        return None
    well_before = _newest(session, source, SourceRun.state.in_(WELL), SourceRun.id < last.id)
    first_id = session.scalar(
        sa.select(sa.func.min(SourceRun.id)).where(SourceRun.source == source, SourceRun.id > well_before)
    )
    return session.get_one(SourceRun, first_id), last


def _newest(session: Session, source: str, *conditions: sa.ColumnElement[bool]) -> int:
    """The id of the newest run that meets the conditions; 0 where none does."""
    newest = sa.select(sa.func.max(SourceRun.id)).where(SourceRun.source == source, *conditions)
    return session.scalar(newest) or 0
