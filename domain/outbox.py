"""Messages to be sent: written in the same transaction as what they tell of, sent once.

`queued → sending → sent`, or `failed`, which is final and on the admin's list.
A row stays `sending` when its worker dies or its reply is lost: whoever claims it next must first look for
the key in the conversation's history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.bulk import insert_mappings, is_one_of
from domain.clock import Clock
from domain.database import Base, UtcDateTime, db_now_ms, one_at_a_time
from domain.people.model import Company
from domain.people.reachability import Habits, habits_of
from domain.quiet_hours import Hours

LEASE_MS = 30_000
UPDATE_JOB = "update_post"
"""A job that changes a sent message to what its row says now. Args: `post_id`."""


class PostState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Post(Base):
    """One message to one conversation."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_state_due", "state", "not_before", "lease_until_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    """Opaque to readers and the only thing the message's metadata carries."""
    kind: Mapped[str] = mapped_column(sa.String(40))
    """Which block builder draws it."""
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    """Goes to this person's direct messages …"""
    channel: Mapped[str | None] = mapped_column(sa.String(100))
    """… or to this channel: an id, or the name of a private channel."""
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id"))
    """Not before this other post was sent (or has failed)."""
    thread_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id"))
    """Goes into the thread of this other post."""
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    """On the injected clock."""
    hours: Mapped[str] = mapped_column(sa.String(8), server_default=Hours.AWAKE)
    """What of the reader's day it waits for: asked when it is queued, and again when it is sent."""
    state: Mapped[str] = mapped_column(sa.String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until_ms: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    first_tried_ms: Mapped[int | None] = mapped_column(sa.BigInteger)
    """When it was first marked `sending`, on the database's clock: history is searched from here."""
    sent_channel: Mapped[str | None] = mapped_column(sa.String(32))
    sent_ts: Mapped[str | None] = mapped_column(sa.String(32))
    problem: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    correlation_id: Mapped[str | None] = mapped_column(sa.String(40))


OUTBOX = Base.metadata.tables[Post.__tablename__]


class Upload(Base):
    """A chart that is already with Slack: the same data is never drawn or uploaded twice."""

    __tablename__ = "uploads"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    file_id: Mapped[str] = mapped_column(sa.String(32))
    alt_text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class NewPost:
    """A message to add; the fields are those of Post."""

    key: str
    kind: str
    facts: dict[str, Any]
    person_id: int | None = None
    channel: str | None = None
    after_id: int | None = None
    thread_of_id: int | None = None
    not_before: datetime | None = None
    """None: now; put off until the reader's `hours` allow it."""
    hours: Hours = Hours.AWAKE
    correlation_id: str | None = None


def add_post(
    session: Session,
    clock: Clock,
    *,
    key: str,
    kind: str,
    facts: dict[str, Any],
    person_id: int | None = None,
    channel: str | None = None,
    after_id: int | None = None,
    thread_of_id: int | None = None,
    not_before: datetime | None = None,
    hours: Hours = Hours.AWAKE,
    correlation_id: str | None = None,
) -> Post:
    """Add a message (see NewPost), or return the one that already has the key."""
    existing = session.scalar(sa.select(Post).where(Post.key == key))
    if existing is not None:
        return existing
    new = NewPost(
        key=key,
        kind=kind,
        facts=facts,
        person_id=person_id,
        channel=channel,
        after_id=after_id,
        thread_of_id=thread_of_id,
        not_before=not_before,
        hours=hours,
        correlation_id=correlation_id,
    )
    # Somebody else may be adding the same key: then this waits for them, and adds nothing.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    columns = _columns(new, clock.now(), _habits(session, [new]))
    session.execute(insert(Post).values(**columns).on_conflict_do_nothing(index_elements=["key"]))
    return session.scalars(sa.select(Post).where(Post.key == key)).one()


def add_posts(session: Session, clock: Clock, posts: Sequence[NewPost]) -> int:
    """Add many messages by one statement, but for those whose keys are there already; how many are new."""
    one_at_a_time(session, "outbox")  # COPY fails on a key that another transaction is about to add
    known = set(
        session.scalars(sa.select(Post.key).where(is_one_of(session, Post.key, [post.key for post in posts])))
    )
    new = [post for post in posts if post.key not in known]
    if new:
        habits, now = _habits(session, new), clock.now()
        insert_mappings(session.connection(), OUTBOX, [_columns(post, now, habits) for post in new])
    return len(new)


def _columns(post: NewPost, now: datetime, habits: Mapping[int | None, Habits]) -> dict[str, Any]:
    earliest = max(post.not_before or now, now)
    reader = habits.get(post.person_id)
    return {
        "key": post.key,
        "kind": post.kind,
        "person_id": post.person_id,
        "channel": post.channel,
        "facts": post.facts,
        "after_id": post.after_id,
        "thread_of_id": post.thread_of_id,
        "not_before": earliest if reader is None else reader.next_moment(earliest, post.hours),
        "hours": post.hours,
        "state": PostState.QUEUED,
        "attempts": 0,
        "lease_until_ms": 0,
        "created_at": now,
        "correlation_id": post.correlation_id,
    }


def _habits(session: Session, posts: Sequence[NewPost]) -> Mapping[int | None, Habits]:
    """Of the readers of those that wait for hours; of nobody before there is a company."""
    waiting = [post for post in posts if post.hours is not Hours.ANY]
    company = session.get(Company, 1) if waiting else None
    if company is None:
        return {}
    readers = {post.person_id for post in waiting if post.person_id is not None}
    return habits_of(session, company, readers)


def claim_post(session: Session, post_id: int, lease_ms: int = LEASE_MS) -> Post | None:
    """Take a post for sending; None where it is sent, taken or cancelled.

    `attempts` of the result is above 1 where somebody has tried before and the outcome is unknown.
    """
    free = sa.and_(Post.state.in_([PostState.QUEUED, PostState.SENDING]), Post.lease_until_ms < db_now_ms())
    claimed = session.execute(
        sa.update(Post)
        .where(Post.id == post_id, free)
        .values(
            state=PostState.SENDING,
            attempts=Post.attempts + 1,
            lease_until_ms=db_now_ms() + lease_ms,
            first_tried_ms=sa.func.coalesce(Post.first_tried_ms, db_now_ms()),
        )
        .returning(Post.id)
    ).scalar()
    return None if claimed is None else session.get(Post, post_id, populate_existing=True)


def call_back(session: Session, post_id: int) -> bool:
    """End a post that has not left; false where it is out, or on its way. Its key is free for another one."""
    ended = session.scalar(
        sa.update(Post)
        .where(Post.id == post_id, Post.state == PostState.QUEUED)
        .values(state=PostState.CANCELLED, key=Post.key + f":called back {post_id}")
        .returning(Post.id)
    )
    return ended is not None
