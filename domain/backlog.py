"""How much waits in the tables, and for how long: read whenever somebody asks for the figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.database import Database
from domain.jobs import Job, JobState
from domain.outbox import Post, PostState
from domain.sending import is_paused

OPEN_POSTS = (PostState.QUEUED, PostState.SENDING)
OPEN_JOBS = (JobState.QUEUED, JobState.RUNNING)
"""What is over only grows in number, and would be counted row by row at every look."""


@dataclass(frozen=True)
class Backlog:
    """Ages are in seconds on the injected clock; 0 where nothing waits."""

    posts_due: int
    oldest_post_s: float
    jobs_waiting: int
    oldest_job_s: float
    posts: dict[str, int]
    """Those that are not over, by state."""
    jobs: dict[str, int]
    """As above."""
    is_paused: bool


def backlog(session: Session, clock: Clock) -> Backlog:
    """A post is due when its time has come, whether or not somebody is trying to send it."""
    now = clock.now()
    due = (Post.state.in_(OPEN_POSTS), Post.not_before <= now)
    posts_due, oldest_post = _count_and_oldest(session, Post.not_before, *due)
    jobs_waiting, oldest_job = _count_and_oldest(session, Job.created_at, Job.state == JobState.QUEUED)
    return Backlog(
        posts_due=posts_due,
        oldest_post_s=_age_s(oldest_post, now),
        jobs_waiting=jobs_waiting,
        oldest_job_s=_age_s(oldest_job, now),
        posts=_by_state(session, Post.state, OPEN_POSTS),
        jobs=_by_state(session, Job.state, OPEN_JOBS),
        is_paused=is_paused(session),
    )


class BacklogFigures:
    """The backlog as gauges, for Prometheus."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> list[Metric]:
        """None in advance: registering must not need the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        with self._database.reading() as session:
            now = backlog(session, self._clock)
        yield _gauge("pacesetter_posts_due", "Posts whose time has come.", now.posts_due)
        yield _gauge(
            "pacesetter_posts_oldest_seconds", "How long the oldest has been due.", now.oldest_post_s
        )
        yield _gauge("pacesetter_jobs_waiting", "Jobs that wait for a worker.", now.jobs_waiting)
        yield _gauge("pacesetter_jobs_oldest_seconds", "How long the oldest has waited.", now.oldest_job_s)
        yield _by_state_gauge("pacesetter_post_rows", "Posts that are not over.", now.posts)
        yield _by_state_gauge("pacesetter_job_rows", "Jobs that are not over.", now.jobs)
        yield _gauge("pacesetter_sending_paused", "1 while all sending is held.", int(now.is_paused))


def _count_and_oldest(
    session: Session, moment: sa.orm.InstrumentedAttribute[datetime], *conditions: sa.ColumnElement[bool]
) -> tuple[int, datetime | None]:
    row = session.execute(sa.select(sa.func.count(), sa.func.min(moment)).where(*conditions)).one()
    return row[0], row[1]


def _age_s(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max((now - moment).total_seconds(), 0.0)


def _by_state(
    session: Session, state: sa.orm.InstrumentedAttribute[str], states: Sequence[str]
) -> dict[str, int]:
    rows = session.execute(sa.select(state, sa.func.count()).where(state.in_(states)).group_by(state))
    return {row[0]: row[1] for row in rows}


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def _by_state_gauge(name: str, help_text: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=["state"])
    for state, count in sorted(counts.items()):
        family.add_metric([state], count)
    return family
