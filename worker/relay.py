"""The relay: tells workers of what the tables say is due. Messages carry ids and nothing else.

It is the truth's way to the workers. All of Redis may be lost, and it sends everything again.
"""

import time
from dataclasses import dataclass, field

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from domain.clock import Clock
from domain.database import Database
from domain.jobs import claim_due_wakeups
from domain.sending import DuePost, due_posts

RUN_JOB = "run_job"
DELIVER = "deliver"
QUEUE = "default"
QUIET_S = 5.0
MOST_WAITING = 2_000
"""With as many wake-ups in the queue the workers have enough to do; the tables keep the rest."""


@dataclass
class Wake:
    """Sends wake-ups."""

    broker: RedisBroker

    def job(self, job_id: int) -> None:
        self._send(RUN_JOB, job_id)

    def post(self, post_id: int) -> None:
        self._send(DELIVER, post_id)

    def has_room(self) -> bool:
        return int(self.broker.do_qsize(QUEUE)) < MOST_WAITING

    def _send(self, actor: str, row_id: int) -> None:
        self.broker.enqueue(
            dramatiq.Message(queue_name=QUEUE, actor_name=actor, args=(row_id,), kwargs={}, options={})
        )


def wake_due_jobs(database: Database, wake: Wake) -> int:
    """Tell of jobs that nobody works on; how many there were."""
    with database.writing() as session:
        ids = claim_due_wakeups(session)
    for job_id in ids:
        wake.job(job_id)
    return len(ids)


@dataclass
class Relay:
    """Remembers what it told lately, so that a slow worker is not told the same thing at every tick."""

    database: Database
    clock: Clock
    wake: Wake
    quiet_s: float = QUIET_S
    _told: dict[DuePost, float] = field(default_factory=dict)

    def tick(self) -> int:
        """Tell of everything that is due; how much it was."""
        if not self.wake.has_room():
            return 0
        return wake_due_jobs(self.database, self.wake) + self._wake_due_posts()

    def _wake_due_posts(self) -> int:
        with self.database.reading() as session:
            due = due_posts(session, self.clock)
        now = time.monotonic()
        self._told = {post: self._told[post] for post in due if now < self._told.get(post, 0) + self.quiet_s}
        fresh = [post for post in due if post not in self._told]
        for post in fresh:
            self.wake.post(post.id)
            self._told[post] = now
        return len(fresh)
