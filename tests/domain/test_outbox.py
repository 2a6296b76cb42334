"""Messages to be sent: each key once, whoever adds it at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import NewPost, Post, add_post, add_posts
from tests.domain.locks import somebody_waits
from tests.sandbox.waiting import until


def test_posts_that_two_workers_add_at_once_are_there_once(
    postgresql_database: Database, clock: FixedClock
) -> None:
    """SQLite has one writer at a time."""
    database = postgresql_database

    def add(*keys: str) -> int:
        with database.writing() as session:
            return add_posts(session, clock, [NewPost(key, "note", {}, channel="C1") for key in keys])

    with ThreadPoolExecutor(1) as elsewhere:
        with database.writing() as session:
            add_posts(session, clock, [NewPost("a", "note", {}, channel="C1")])
            second = elsewhere.submit(add, "a", "b")
            until(lambda: second.done() or somebody_waits(database))
        assert second.result() == 1

    with database.reading() as session:
        assert session.scalars(sa.select(Post.key).order_by(Post.id)).all() == ["a", "b"]


def test_a_post_that_two_workers_add_at_once_is_one_for_both(
    postgresql_database: Database, clock: FixedClock
) -> None:
    database = postgresql_database

    def add() -> int:
        with database.writing() as session:
            return add_post(session, clock, key="a", kind="note", facts={}, channel="C1").id

    with ThreadPoolExecutor(1) as elsewhere:
        with database.writing() as session:
            first = add_post(session, clock, key="a", kind="note", facts={}, channel="C1").id
            second = elsewhere.submit(add)
            until(lambda: second.done() or somebody_waits(database))
        assert second.result() == first
