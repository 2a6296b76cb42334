"""Running one job: claim it, hand it to the handler of its kind, end it in the transaction of its work.

A job whose handler raises is tried again, three times in all. One that cost three workers their lives is
quarantined. Either way the administrators are told.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from domain import telemetry
from domain.admins import tell_admins
from domain.database import db_now_ms
from domain.errors import Refusal
from domain.jobs import LEASE_MS, MOST_ATTEMPTS, Job, JobState, claim_job, fail_job, finish_job
from domain.services import Services

RETRY_AFTER_MS = 5_000

log = structlog.get_logger()


class LeaseLost(Exception):  # noqa: N818 - what happened, not a fault of the caller
    """The job was given to another worker meanwhile: what this one did must not count."""


class NotNow(Exception):  # noqa: N818 - an answer
    """There is no room for the job just now: it comes again soon, and this try counts as none.

    `after_s`: not before; a few seconds at least.
    """

    def __init__(self, after_s: int = 0) -> None:
        super().__init__()
        self.after_s = after_s


@dataclass(frozen=True)
class Task:
    """A claimed job in the hands of its handler."""

    services: Services
    id: int
    kind: str
    args: dict[str, Any]
    correlation_id: str
    attempt: int
    given_back: threading.Event = field(default_factory=threading.Event, compare=False)
    """Set before the job is given back: whoever claims it then gets the number of this attempt again."""

    @contextmanager
    def finishing(self) -> Iterator[Session]:
        """One transaction that does the work and ends the job, or neither. Raises LeaseLost."""
        with self.services.database.writing() as session:
            if not self.is_held(session):
                raise LeaseLost(self.id)
            finish_job(session, self.id)
            yield session

    def is_held(self, session: Session) -> bool:
        """Whether the job is still this worker's; if so, it stays so until the transaction ends."""
        running = session.scalar(sa.select(Job.id).where(*_ours(self)).with_for_update())
        return running is not None and not self.given_back.is_set()


Handler = Callable[[Task], None]
"""Does a job's work and ends it with `task.finishing()`."""


class JobRunner:
    def __init__(self, services: Services, handlers: Mapping[str, Handler], lease_ms: int = LEASE_MS) -> None:
        self.services = services
        self.handlers = handlers
        self.lease_ms = lease_ms
        self._running: dict[int, Task] = {}
        self._lock = threading.Lock()

    def run(self, job_id: int) -> bool:
        """Run the job unless it is done or somebody has it; true where it is done afterwards."""
        task = self._claim(job_id)
        if task is None:
            return False
        names = {"job": task.id, "kind": task.kind, "correlation_id": task.correlation_id}
        with (
            structlog.contextvars.bound_contextvars(**names),
            self._listed(task),
            telemetry.job_timed(task.kind),
        ):
            return self._run(task)

    def release(self) -> None:
        """Give back what still runs, for the process ends: others need not wait for its leases to run out.

        Such a run counts as none. Should it come to its end after all, it comes too late.
        """
        with self._lock:
            unfinished = [task for task in self._running.values() if not task.given_back.is_set()]
        for task in unfinished:
            task.given_back.set()
            log.warning("the job is given back unfinished", job=task.id, kind=task.kind)
            with self.services.database.writing() as session:
                _change(session, task, state=JobState.QUEUED, attempts=Job.attempts - 1, lease_until_ms=0)

    @contextmanager
    def _listed(self, task: Task) -> Iterator[None]:
        with self._lock:
            self._running[task.id] = task
        try:
            yield
        finally:
            with self._lock:
                del self._running[task.id]

    def _claim(self, job_id: int) -> Task | None:
        with self.services.database.writing() as session:
            job = claim_job(session, job_id, self.lease_ms)
            if job is not None:
                correlation_id = job.correlation_id or f"job-{job.id}"  # what nobody clicked begins here
                return Task(self.services, job.id, job.kind, dict(job.args), correlation_id, job.attempts)
            quarantined = session.get(Job, job_id, populate_existing=True)
            if quarantined is not None and quarantined.state == JobState.QUARANTINED:
                telemetry.job_ended(quarantined.kind, "quarantined")
                self._tell_admins(session, quarantined)
            return None

    def _run(self, task: Task) -> bool:
        try:
            handler = self.handlers.get(task.kind)
            if handler is None:
                raise Refusal(
                    "No worker knows how to do {kind}: bring every process up to date.", kind=task.kind
                )
            with self._keeping_the_lease(task):
                handler(task)
        except LeaseLost:
            log.warning("another worker has taken the job over")
            telemetry.job_ended(task.kind, "lost")
            return False
        except NotNow as later:
            self._put_off(task, max(RETRY_AFTER_MS, later.after_s * 1000))
            return False
        except Refusal as refusal:
            log.warning("job refused", problem=str(refusal))
            self._give_up(task, str(refusal))
            return False
        except Exception as error:
            log.exception("job failed", attempt=task.attempt)
            problem = f"{type(error).__name__}: {error}"
            if task.attempt < MOST_ATTEMPTS:
                self._try_again(task, problem)
            else:
                self._give_up(task, problem)
            return False
        log.info("job done")
        telemetry.job_ended(task.kind, "done")
        return True

    @contextmanager
    def _keeping_the_lease(self, task: Task) -> Iterator[None]:
        """Renew the lease while the handler works: only a dead worker loses it."""
        ended = threading.Event()

        def renew() -> None:
            while not ended.wait(self.lease_ms / 3000):
                try:
                    self._renew_lease(task)
                except sa.exc.SQLAlchemyError as problem:  # it lasts for two more looks
                    log.warning("a lease was not renewed", job=task.id, problem=type(problem).__name__)

        renewing = threading.Thread(target=renew, name=f"lease of job {task.id}", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            ended.set()
            renewing.join()

    def _renew_lease(self, task: Task) -> None:
        with self.services.database.writing() as session:
            if task.is_held(session):
                _change(session, task, lease_until_ms=db_now_ms() + self.lease_ms)

    def _put_off(self, task: Task, after_ms: int) -> None:
        with self.services.database.writing() as session:
            later = db_now_ms() + after_ms
            _change(session, task, state=JobState.QUEUED, attempts=Job.attempts - 1, lease_until_ms=later)

    def _try_again(self, task: Task, problem: str) -> None:
        telemetry.job_ended(task.kind, "retried")
        with self.services.database.writing() as session:
            if task.is_held(session):
                _change(
                    session,
                    task,
                    state=JobState.QUEUED,
                    problem=problem,
                    lease_until_ms=db_now_ms() + RETRY_AFTER_MS * task.attempt,
                )

    def _give_up(self, task: Task, problem: str) -> None:
        telemetry.job_ended(task.kind, "failed")
        with self.services.database.writing() as session:
            if task.is_held(session):
                fail_job(session, task.id, problem)
                self._tell_admins(session, session.get_one(Job, task.id))

    def _tell_admins(self, session: Session, job: Job) -> None:
        tell_admins(
            session,
            self.services.clock,
            kind="job_quarantined",
            key=f"job_quarantined:{job.id}",
            facts={
                "job_id": job.id,
                "kind": job.kind,
                "attempts": job.attempts,
                "problem": job.problem,
            },
            correlation_id=job.correlation_id,
        )


def _ours(task: Task) -> tuple[sa.ColumnElement[bool], ...]:
    return (Job.id == task.id, Job.state == JobState.RUNNING, Job.attempts == task.attempt)


def _change(session: Session, task: Task, **values: object) -> None:
    session.execute(sa.update(Job).where(*_ours(task)).values(**values))
