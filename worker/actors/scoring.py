"""Scoring a period: open a run, compute it in chunks, publish it whole."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.periods import Period
from domain.scoring.model import RunState, ScoredPeriod, ScoreRun
from domain.scoring.service import (
    CHUNK_JOB,
    PUBLISH_JOB,
    chunk_finished,
    compute_chunk,
    publish,
    request_scoring,
)
from worker.runner import Handler, Task

SCORE_JOB = "score_period"


def score_period(task: Task) -> None:
    """Args: `period`, a key such as 2026-07."""
    period = Period.parse(task.args["period"])
    with task.finishing() as session:
        if not _is_locked(session, period):
            request_scoring(session, task.services.clock, period, task.correlation_id)


def score_chunk(task: Task) -> None:
    """Args: `run_id` and `person_ids`."""
    run_id = task.args["run_id"]
    with task.finishing() as session:
        if session.get_one(ScoreRun, run_id).state == RunState.COMPUTING:
            compute_chunk(session, run_id, task.args["person_ids"])
        chunk_finished(session, task.services.clock, run_id, task.correlation_id)


def publish_scores(task: Task) -> None:
    """Args: `run_id`."""
    with task.finishing() as session:
        publish(session, task.services.clock, task.args["run_id"])


def _is_locked(session: Session, period: Period) -> bool:
    scored = session.get(ScoredPeriod, period.key)
    return scored is not None and scored.locked_at is not None


HANDLERS: Mapping[str, Handler] = {
    SCORE_JOB: score_period,
    CHUNK_JOB: score_chunk,
    PUBLISH_JOB: publish_scores,
}
