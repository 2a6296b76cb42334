"""What administrators see of a source in Slack keeps up with it: Home tabs, and its failure's message.

A run that ends as the one before it changes little, and is drawn for those alone who saw it under way.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.admins import admins_in_office
from domain.clock import Clock
from domain.jobs import Job, add_job
from domain.outbox import Post
from domain.sources.asking import OPEN, pull_under_way
from domain.sources.model import WELL, SourceRun
from domain.sources.telling import failure_facts, failure_key

REFRESH_JOB = "refresh_sources"
SEEN_BY = "seen_by"
"""Of a job's arguments: the ids of those who were shown that it is under way."""


def ask_for_refresh(
    session: Session,
    clock: Clock,
    source: str,
    after: str,
    correlation_id: str | None = None,
    only_for: Collection[int] | None = None,
) -> None:
    """Have it drawn anew; `after` names what it follows from, once for each. `only_for`: ids of people."""
    key = f"{REFRESH_JOB}:{source}:{after}"
    args = {"source": source} | ({} if only_for is None else {"only_for": list(only_for)})
    add_job(session, clock, REFRESH_JOB, key, args, None, correlation_id)


def note_seen(session: Session, pulls: Collection[int], person_id: int) -> bool:
    """Note that the person was shown that these jobs are under way; false where one has ended already."""
    under_way = sa.select(Job).where(Job.id.in_(pulls), Job.state.in_(OPEN)).order_by(Job.id)
    jobs = session.scalars(under_way.with_for_update()).all()  # none of them ends until this is noted
    for job in jobs:
        job.args = job.args | {SEEN_BY: sorted({*job.args.get(SEEN_BY, ()), person_id})}
    return len(jobs) == len(pulls)


def seen_by(session: Session, job_id: int) -> list[int]:
    """Who was shown that the job is under way; in the transaction that ends it these are all."""
    return list(session.get_one(Job, job_id).args.get(SEEN_BY, ()))


def renew_failure_posts(session: Session, clock: Clock, source: str) -> list[int]:
    """Let the messages of the newest failure say how the source is now; the ids of those that changed."""
    failed = _newest_failure(session, source)
    if failed is None:
        return []
    first, last = failed
    is_over = _newest(session, source, SourceRun.state.in_(WELL)) > last.id
    facts = failure_facts(last)
    if pull_under_way(session, source) is not None:
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
