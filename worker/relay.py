"""The relay: tells workers of what the tables say is due. Messages carry ids and nothing else.

It is the truth's way to the workers. All of Redis may be lost, and it sends everything again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

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
BUSY = 64
"""With as many, what was told is still among them; below, it may have been lost and is told again."""
MOST_IN_ONE = 50
"""Posts that one wake-up tells of: queueing costs a round trip each, and few fill all workers."""
MOST_POSTS = 10_000
"""Posts told of in one tick."""


@dataclass
class Wake:
    """Sends wake-ups."""

    broker: RedisBroker

    def job(self, job_id: int) -> None:
        self._send(RUN_JOB, job_id)

    def posts(self, post_ids: Sequence[int]) -> None:
        """One by one where they are few, so that all workers get some; many share their wake-ups."""
        size = min(ceil(len(post_ids) / BUSY), MOST_IN_ONE)
        for start in range(0, len(post_ids), size or 1):
            self._send(DELIVER, list(post_ids[start : start + size]))

    def waiting(self) -> int:
        return int(self.broker.do_qsize(QUEUE))

    def _send(self, actor: str, rows: int | list[int]) -> None:
        self.broker.enqueue(
            dramatiq.Message(queue_name=QUEUE, actor_name=actor, args=(rows,), kwargs={}, options={})
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
        waiting = self.wake.waiting()
        if waiting >= MOST_WAITING:
            return 0
        return wake_due_jobs(self.database, self.wake) + self._wake_due_posts(waiting >= BUSY)

    def _wake_due_posts(self, workers_are_busy: bool) -> int:
        with self.database.reading() as session:
            due = due_posts(session, self.clock, MOST_POSTS)
        now = time.monotonic()
        known = {
            post: told
            for post in due
            if (told := self._told.get(post)) is not None and (workers_are_busy or now < told + self.quiet_s)
        }
        fresh = [post for post in due if post not in known]
        self.wake.posts([post.id for post in fresh])
        self._told = known | dict.fromkeys(fresh, now)
        return len(fresh)
