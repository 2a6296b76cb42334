"""The moves of a post on its way out: what is due, who has it, whether it may have left, how it ended.

`sent_channel` is noted before a request leaves for Slack, and taken back once it is certain that nothing was
posted: a post in `sending` with a channel may have arrived, one without has not.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from domain.clock import Clock
from domain.database import db_now_ms
from domain.outbox import LEASE_MS, Post, PostState, claim_post
from domain.people.model import Company
from domain.quiet_hours import Hours

ENDED = (PostState.SENT, PostState.FAILED, PostState.CANCELLED)


class PostLost(Exception):  # noqa: N818 - what happened, not a fault of the caller
    """The lease ran out and somebody else has the post: whoever held it must not send any more."""


@dataclass(frozen=True)
class DuePost:
    """A post to tell a worker of. Equal values mean that nothing has happened to it in between."""

    id: int
    attempts: int
    lease_until_ms: int


def is_paused(session: Session) -> bool:
    """Whether `pacesetter pause` holds all sending."""
    return session.scalar(sa.select(Company.paused_at).where(Company.id == 1)) is not None


def due_posts(session: Session, clock: Clock, limit: int = 500) -> list[DuePost]:
    """Posts that can go now, what somebody has just asked for first, then the oldest; none while paused."""
    if is_paused(session):
        return []
    rows = session.execute(
        sa.select(Post.id, Post.attempts, Post.lease_until_ms)
        .where(*_due(clock))
        .order_by(sa.case((Post.hours == Hours.ANY, 0), else_=1), Post.id)
        .limit(limit)
    )
    return [DuePost(*row) for row in rows]


def claim_due_post(session: Session, clock: Clock, post_id: int, lease_ms: int = LEASE_MS) -> Post | None:
    """Take a post for sending; None where it is not due, taken, or ended."""
    if (
        is_paused(session)
        or session.scalar(sa.select(Post.id).where(Post.id == post_id, *_due(clock))) is None
    ):
        return None
    return claim_post(session, post_id, lease_ms)


def leaving_for(session: Session, post: Post, channel: str, lease_ms: int = LEASE_MS) -> None:
    """Commit this before the request: from now on the post may have been posted to `channel`.

    Raises PostLost.
    """
    _move(session, post, sent_channel=channel, lease_until_ms=db_now_ms() + lease_ms)


def arrived(session: Session, post: Post, channel: str, ts: str) -> None:
    """The message is there. Whoever saw it may say so, lease or not."""
    session.execute(
        sa.update(Post)
        .where(Post.id == post.id)
        .values(state=PostState.SENT, sent_channel=channel, sent_ts=ts, problem=None)
    )


def put_back(
    session: Session,
    post: Post,
    after_ms: int,
    *,
    may_have_left: bool,
    problem: str | None,
    counts: bool = False,
) -> None:
    """Try again after `after_ms`. Only a try that `counts`, or that never came back, stays in `attempts`.

    Raises PostLost.
    """
    _move(
        session,
        post,
        state=PostState.SENDING if may_have_left else PostState.QUEUED,
        sent_channel=Post.sent_channel if may_have_left else None,
        first_tried_ms=Post.first_tried_ms if may_have_left else None,
        attempts=Post.attempts if counts else Post.attempts - 1,
        lease_until_ms=db_now_ms() + after_ms,
        problem=problem,
    )


def put_off(session: Session, post: Post, until: datetime) -> None:
    """The reader keeps quiet hours now: queue it again for `until`, as if it had never been tried.

    Raises PostLost.
    """
    _move(
        session,
        post,
        state=PostState.QUEUED,
        not_before=until,
        sent_channel=None,
        first_tried_ms=None,
        attempts=Post.attempts - 1,
        lease_until_ms=0,
        problem=None,
    )


def cancel(session: Session, post: Post) -> None:
    """End a post that nobody needs any more. Raises PostLost."""
    _move(session, post, state=PostState.CANCELLED, problem=None)


def give_up(session: Session, post: Post, problem: str) -> None:
    """End a post that cannot be sent. Raises PostLost."""
    _move(session, post, state=PostState.FAILED, problem=problem)


def _due(clock: Clock) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Post.state.in_([PostState.QUEUED, PostState.SENDING]),
        Post.lease_until_ms < db_now_ms(),
        Post.not_before <= clock.now(),
        _has_ended(Post.after_id),
        _has_ended(Post.thread_of_id),
    )


def _has_ended(other_id: sa.orm.InstrumentedAttribute[int | None]) -> sa.ColumnElement[bool]:
    """A post whose thread could not be begun, or whose forerunner failed, is still sent."""
    other = aliased(Post)
    return sa.or_(other_id.is_(None), sa.exists().where(other.id == other_id, other.state.in_(ENDED)))


def _move(session: Session, post: Post, **values: object) -> None:
    """Change a post that the caller holds: claimed since by nobody else.

    Tries that are put back take their number with them. Then the lease tells: whoever had the post later
    has left a later one.
    """
    lease_until_ms = session.execute(
        sa.update(Post)
        .where(
            Post.id == post.id,
            Post.state == PostState.SENDING,
            Post.attempts == post.attempts,
            Post.lease_until_ms <= post.lease_until_ms,
        )
        .values(**values)
        .returning(Post.lease_until_ms)
    ).scalar()
    if lease_until_ms is None:
        raise PostLost(post.id)
    post.lease_until_ms = lease_until_ms
