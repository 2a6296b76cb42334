"""Closing: a lock that HR asked for, and the reminders of the close calendar."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.closing.locking import LOCK_JOB, finish_lock, is_ready, needs_scoring
from domain.closing.posts import tell_not_locked
from domain.closing.reminding import REMIND_JOB, remind
from domain.errors import Refusal
from domain.jobs import add_job
from domain.loads import latest_load_id
from domain.people.model import Person
from domain.periods import Period
from domain.viewers import viewer_of
from worker.actors.scoring import SCORE_JOB
from worker.runner import Handler, NotNow, Task


def lock_period(task: Task) -> None:
    """Args: see LOCK_JOB. Comes again until the period is scored on the newest data; then locks it."""
    clock, period = task.services.clock, Period.parse(task.args["period"])
    with task.services.database.reading() as session:
        ready = is_ready(session, period)
    if not ready and not _given_up(task, clock, period):
        raise NotNow
    if ready:
        with task.finishing() as session:
            viewer = viewer_of(session, clock, session.get_one(Person, task.args["person_id"]))
            if not finish_lock(session, clock, viewer, period, task.args["because"]):
                raise NotNow


def _given_up(task: Task, clock: Clock, period: Period) -> bool:
    """Have it scored; true, and the job is done, where that has failed and whoever asked is told so."""
    try:
        with task.services.database.writing() as session:
            if needs_scoring(session, period, task.id):
                _ask_for_scores(session, clock, period, task)
    except Refusal as refused:
        with task.finishing() as session:
            viewer = viewer_of(session, clock, session.get_one(Person, task.args["person_id"]))
            tell_not_locked(session, clock, viewer, period, refused)
        return True
    return False


def _ask_for_scores(session: Session, clock: Clock, period: Period, task: Task) -> None:
    key = f"score:{period.key}:lock:{task.id}:{latest_load_id(session)}"
    add_job(session, clock, SCORE_JOB, key, {"period": period.key}, correlation_id=task.correlation_id)


def remind_close(task: Task) -> None:
    """No args: what is due today."""
    with task.finishing() as session:
        remind(session, task.services.clock)


HANDLERS: Mapping[str, Handler] = {LOCK_JOB: lock_period, REMIND_JOB: remind_close}
