"""Scoring by the workers' jobs, from the first request to the cards that are dropped at last."""

from datetime import timedelta

import sqlalchemy as sa

from domain.jobs import Job, JobState
from domain.periods import Period
from domain.scoring.model import Card, CardLine, CardRank, RunState, ScoredPeriod, ScoreRun
from domain.scoring.printing import score_rows
from domain.scoring.service import DROP_JOB
from tests.worker.test_scheduler import acme, load, schedule, work_all_off

__all__ = ["acme"]


def test_replaced_cards_are_dropped_by_a_job_of_their_own(database, clock, acme, tmp_path) -> None:
    schedule(database, clock)
    work_all_off(database, clock, tmp_path)
    clock.at += timedelta(days=1)
    schedule(database, clock)
    work_all_off(database, clock, tmp_path)

    with database.reading() as session:
        drops = session.scalars(sa.select(Job).where(Job.kind == DROP_JOB)).all()
        states = dict(session.execute(sa.select(ScoreRun.id, ScoreRun.state)).all())
        published = set(session.scalars(sa.select(ScoredPeriod.published_run_id)))
        seen = set(session.scalars(sa.select(Card.run_id).distinct()))
        lines = sa.select(CardLine.card_id).where(CardLine.card_id.not_in(sa.select(Card.id)))
        ranks = sa.select(CardRank.card_id).where(CardRank.card_id.not_in(sa.select(Card.id)))
        left_over = session.execute(sa.union_all(lines, ranks)).all()
    assert {job.state for job in drops} == {JobState.DONE}
    assert {job.args["run_id"] for job in drops} == {
        run for run, state in states.items() if state == RunState.REPLACED
    }
    assert seen == published
    assert left_over == []


def test_a_late_record_changes_its_card_and_no_other_is_computed(database, clock, acme, tmp_path) -> None:
    schedule(database, clock)
    work_all_off(database, clock, tmp_path)
    runs = all_runs(database)
    acme.measure("E1", "won_amount", "2026-06-20", 1000)
    load(database, clock, acme, tmp_path)

    schedule(database, clock)
    work_all_off(database, clock, tmp_path)

    assert all_runs(database) == runs
    with database.reading() as session:
        scores = {row["employee_id"]: row["score"] for row in score_rows(session, Period.parse("2026-06"))}
        assert schedule(database, clock) == set()
    assert scores["E1"] == "120.00"


def all_runs(database) -> set[int]:
    with database.reading() as session:
        return set(session.scalars(sa.select(ScoreRun.id)))
