"""Putting a worker together: the broker, and the two actors that every wake-up goes to."""

from dataclasses import dataclass

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.delivery import Delivery
from domain import jobs, outbox
from domain.clock import Clock
from domain.scoring.sharing import tell_owner
from domain.services import Services
from domain.watch.unreached import tell_hr
from worker.actors import all_handlers
from worker.actors.sending import Drawer, deliver_all
from worker.broker import WhenStopped, make_broker
from worker.pace import BETWEEN_MESSAGES_MS, RedisPace
from worker.relay import DELIVER, QUEUE, RUN_JOB, Wake, wake_due_jobs
from worker.runner import JobRunner

SOONER, LATER = 0, 10
"""Messages go before jobs: people wait for them."""


@dataclass(frozen=True)
class Timing:
    """Leases on the database's clock, and the pace of one conversation."""

    job_lease_ms: int = jobs.LEASE_MS
    post_lease_ms: int = outbox.LEASE_MS
    between_messages_ms: int = BETWEEN_MESSAGES_MS


def _tell_those_concerned(session: Session, clock: Clock, post: outbox.Post) -> None:
    """Of a post that was given up."""
    tell_hr(session, clock, post)
    tell_owner(session, clock, post)


def make_worker(
    services: Services, server: redis.Redis, slack: WebClient, timing: Timing | None = None
) -> RedisBroker:
    """A broker whose actors take an id, read the row again, and return early where there is nothing to do."""
    timing = timing or Timing()
    broker = make_broker(server)
    wake = Wake(broker)
    pace = RedisPace(server, timing.between_messages_ms)
    delivery = Delivery(services, slack, Drawer(services), pace, timing.post_lease_ms, _tell_those_concerned)
    runner = JobRunner(services, all_handlers(delivery), timing.job_lease_ms)
    broker.add_middleware(WhenStopped(runner.release))

    @dramatiq.actor(broker=broker, queue_name=QUEUE, actor_name=RUN_JOB, priority=LATER)
    def run_job(job_id: int) -> None:
        if runner.run(job_id):
            wake_due_jobs(services.database, wake)  # the job may have added others

    @dramatiq.actor(broker=broker, queue_name=QUEUE, actor_name=DELIVER, priority=SOONER)
    def deliver(post_ids: list[int]) -> None:
        deliver_all(delivery, post_ids)

    return broker
