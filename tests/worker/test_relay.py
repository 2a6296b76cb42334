"""The relay: what the tables say is due reaches a worker, though all of Redis be lost."""

from collections.abc import Iterator
from datetime import timedelta

import dramatiq
import pytest
import redis
import sqlalchemy as sa
from dramatiq.brokers.redis import RedisBroker

from domain.clock import FixedClock
from domain.database import Database, db_now_ms
from domain.jobs import Job, JobState, add_job
from domain.outbox import Post, PostState
from domain.people.model import Company
from tests.worker.delivery_builders import a_company, a_post
from worker.broker import make_broker
from worker.relay import BUSY, DELIVER, MOST_WAITING, QUEUE, RUN_JOB, Relay, Wake


@pytest.fixture
def broker(valkey: redis.Redis) -> Iterator[RedisBroker]:
    broker = make_broker(valkey)
    broker.declare_queue(QUEUE)
    yield broker
    broker.close()


@pytest.fixture
def relay(database: Database, clock: FixedClock, broker: RedisBroker) -> Relay:
    a_company(database, clock)
    return Relay(database, clock, Wake(broker))


def a_job(database: Database, clock: FixedClock, key: str = "job") -> int:
    with database.writing() as session:
        return add_job(session, clock, "count", key, {}).id


def told(broker: RedisBroker) -> list[tuple[str, int]]:
    """What the messages in the queue tell of: actor and id. They carry nothing else."""
    rows = [(message.actor_name, message.args[0]) for message in messages(broker)]
    return sorted((actor, each) for actor, ids in rows for each in (ids if actor == DELIVER else [ids]))


def messages(broker: RedisBroker) -> list[dramatiq.Message]:
    raw = broker.client.hgetall(f"{broker.namespace}:{QUEUE}.msgs").values()
    found = [dramatiq.Message.decode(one) for one in raw]
    assert all(len(message.args) == 1 and not message.kwargs for message in found)
    return found


def test_due_jobs_and_posts_are_told_of_by_their_ids(database, clock, relay, broker) -> None:
    job, post = a_job(database, clock), a_post(database, clock)

    relay.tick()

    assert told(broker) == [(DELIVER, post), (RUN_JOB, job)]


def test_what_was_just_told_is_not_told_again(database, clock, relay, broker) -> None:
    a_job(database, clock)
    a_post(database, clock)

    assert relay.tick() == 2
    assert relay.tick() == 0


def test_few_posts_are_told_one_by_one_and_many_share_their_messages(database, clock, relay, broker) -> None:
    few = [a_post(database, clock, f"few {number}") for number in range(3)]
    relay.tick()
    assert [message.args for message in messages(broker)] == [([post],) for post in few]

    many = [a_post(database, clock, f"many {number}") for number in range(200)]
    relay.tick()

    assert told(broker) == [(DELIVER, post) for post in few + many]
    assert max(len(message.args[0]) for message in messages(broker)) == 4


def test_what_waits_in_a_busy_queue_is_not_told_again(database, clock, relay, broker) -> None:
    for number in range(BUSY):
        a_post(database, clock, f"post {number}")
    relay.tick()
    relay.quiet_s = 0

    assert relay.tick() == 0


def test_losing_all_of_redis_loses_nothing(database, clock, relay, broker, valkey) -> None:
    job, post = a_job(database, clock), a_post(database, clock)
    relay.tick()
    valkey.flushall()
    with database.writing() as session:  # the seconds in which it is not told again
        session.execute(sa.update(Job).values(lease_until_ms=0))
    relay.quiet_s = 0

    relay.tick()

    assert told(broker) == [(DELIVER, post), (RUN_JOB, job)]


def test_a_post_that_was_put_back_is_told_of_as_soon_as_it_is_due(
    database, clock, relay, broker, valkey
) -> None:
    post = a_post(database, clock)
    relay.tick()
    valkey.flushall()
    with database.writing() as session:
        session.execute(sa.update(Post).values(lease_until_ms=db_now_ms() - 1))

    relay.tick()

    assert told(broker) == [(DELIVER, post)]


def test_a_post_whose_worker_died_is_told_of_when_its_lease_ran_out(database, clock, relay, broker) -> None:
    post = a_post(database, clock)
    with database.writing() as session:
        held = {"state": PostState.SENDING, "lease_until_ms": db_now_ms() + 60_000}
        session.execute(sa.update(Post).values(**held))
    assert relay.tick() == 0
    with database.writing() as session:
        session.execute(sa.update(Post).values(lease_until_ms=db_now_ms() - 1))

    relay.tick()

    assert told(broker) == [(DELIVER, post)]


def test_posts_wait_for_their_hour_their_forerunner_and_their_thread(database, clock, relay, broker) -> None:
    early = a_post(database, clock, "early")
    a_post(database, clock, "in an hour", not_before=clock.now() + timedelta(hours=1))
    after = a_post(database, clock, "after", after_id=early)
    threaded = a_post(database, clock, "threaded", thread_of_id=early)
    assert relay.tick() == 1

    with database.writing() as session:
        session.get_one(Post, early).state = PostState.FAILED
    relay.tick()

    assert [row for _, row in told(broker)] == [early, after, threaded]


def test_a_pause_holds_posts_and_lets_jobs_run(database, clock, relay, broker) -> None:
    job = a_job(database, clock)
    a_post(database, clock)
    with database.writing() as session:
        session.get_one(Company, 1).paused_at = clock.now()

    relay.tick()

    assert told(broker) == [(RUN_JOB, job)]


def test_a_job_that_is_done_or_held_is_not_told_of(database, clock, relay, broker) -> None:
    done, held = a_job(database, clock, "done"), a_job(database, clock, "held")
    with database.writing() as session:
        session.get_one(Job, done).state = JobState.DONE
        held_values = {"state": JobState.RUNNING, "lease_until_ms": db_now_ms() + 60_000}
        session.execute(sa.update(Job).where(Job.id == held).values(**held_values))

    assert relay.tick() == 0


def test_a_full_queue_is_not_filled_further(database, clock, relay, broker) -> None:
    a_job(database, clock)
    filler = {f"m{number}": b"" for number in range(MOST_WAITING)}
    broker.client.hset(f"{broker.namespace}:{QUEUE}.msgs", mapping=filler)

    assert relay.tick() == 0
