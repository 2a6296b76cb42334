"""Scoring a period: amend it by a few cards, or open a run, compute it in chunks and publish it whole."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.jobs import add_job
from domain.periods import Period
from domain.scoring import computing
from domain.scoring.amending import amend, amendment_of
from domain.scoring.chunks import People
from domain.scoring.model import ScoredPeriod, ScoreRun
from domain.scoring.places import store_ranks
from domain.scoring.service import (
    CHUNK_JOB,
    DROP_JOB,
    PUBLISH_JOB,
    chunk_finished,
    drop_replaced,
    replaced_runs,
    request_scoring,
    show,
)
from worker.runner import Handler, Task

SCORE_JOB = "score_period"


def score_period(task: Task) -> None:
    """Args: `period`, a key such as 2026-07."""
    period, clock = Period.parse(task.args["period"]), task.services.clock
    with task.services.database.reading() as session:
        amendment = amendment_of(session, clock, period)
    with task.finishing() as session:
        if amendment is not None and amend(session, clock, amendment):
            return
        if not _is_locked(session, period):
            request_scoring(session, clock, period, task.correlation_id)


def score_chunk(task: Task) -> None:
    """Args: `run_id`, and of the people the `first` and the `last` id."""
    run_id, part = task.args["run_id"], People(task.args["first"], task.args["last"])
    with task.services.database.reading() as session:
        cards = computing.compute(session, session.get_one(ScoreRun, run_id), part)
    with task.finishing() as session:
        computing.store(session, run_id, part, cards)
        chunk_finished(session, task.services.clock, run_id, task.correlation_id)


def publish_scores(task: Task) -> None:
    """Args: `run_id`. Ranks are written before, while nobody sees the run."""
    run_id, clock = task.args["run_id"], task.services.clock
    store_ranks(task.services.database, run_id)
    with task.finishing() as session:
        show(session, clock, run_id)
        for replaced in replaced_runs(session, run_id):
            key = f"drop:{replaced}:{run_id}"
            add_job(session, clock, DROP_JOB, key, {"run_id": replaced}, correlation_id=task.correlation_id)


def drop_replaced_cards(task: Task) -> None:
    """Args: `run_id`."""
    drop_replaced(task.services.database, task.args["run_id"])
    with task.finishing():
        pass


def _is_locked(session: Session, period: Period) -> bool:
    scored = session.get(ScoredPeriod, period.key)
    return scored is not None and scored.locked_at is not None


HANDLERS: Mapping[str, Handler] = {
    SCORE_JOB: score_period,
    CHUNK_JOB: score_chunk,
    PUBLISH_JOB: publish_scores,
    DROP_JOB: drop_replaced_cards,
}
