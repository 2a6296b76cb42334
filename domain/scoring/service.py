"""Scoring a period: a run computes cards in chunks, then is published whole, or locked for good.

Readers see the cards of a period's published run and no others, so a run that is half computed, or whose
worker died, is never seen. The same functions serve the workers' jobs and the command line.
"""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock, today
from domain.database import Database, one_at_a_time
from domain.errors import BadInput, Refusal
from domain.jobs import Job, add_job, batch_is_done, open_job
from domain.loads import latest_load_id
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.scoring import chunks, computing
from domain.scoring.chunks import People, chunks_of_everybody, drop_cards
from domain.scoring.inputs import inputs_of
from domain.scoring.model import Card, RunState, ScoredPeriod, ScoreRun
from domain.scoring.places import store_ranks
from domain.scoring.published import published_run
from domain.scoring.rules_digest import NEWEST_VERSION
from domain.scoring.starting_tiers import keep_starting_tiers

__all__ = ["inputs_of"]

CHUNK_JOB = "score_chunk"
PUBLISH_JOB = "publish_scores"
DROP_JOB = "drop_replaced_cards"
WATCH_JOB = "watch_month"
"""Follows the lock of a month: who has missed three in a row?"""
ACCRUE_JOB = "accrue_month"
"""Follows it too: what does the month pay?"""
RECOGNISE_JOB = "recognise_month"
"""And who was best of it?"""

Progress = Callable[[int, int], None]
"""Called with the people done and the people in all."""


def start_run(session: Session, clock: Clock, period: Period) -> ScoreRun:
    """Open a run on the newest inputs. Raises BadInput for a locked period or one that has not begun."""
    company = people.company(session)
    day = today(clock, company.time_zone)
    if day < period.start:
        raise BadInput("{period} has not begun yet: choose an earlier one.", period=period.key)
    one_at_a_time(session, f"period:{period.key}")
    scored = session.get(ScoredPeriod, period.key)
    if scored is None:
        scored = ScoredPeriod(key=period.key, kind=period.kind, start=period.start)
        session.add(scored)
        session.flush()
    if scored.locked_at is not None:
        raise BadInput("{period} is locked: its cards never change.", period=period.key)
    keep_starting_tiers(session, clock, "system")
    run = ScoreRun(
        period=period.key,
        state=RunState.COMPUTING,
        load_id=latest_load_id(session),
        digest_version=NEWEST_VERSION,
        today=day,
        created_at=clock.now(),
    )
    session.add(run)
    session.flush()
    return run


def score_now(database: Database, clock: Clock, period: Period, progress: Progress | None = None) -> None:
    """Score a period in this process, as the command line does; others see it once it is whole."""
    with database.writing() as session:
        run_id = start_run(session, clock, period).id
        parts = chunks_of_everybody(session, chunks.CHUNK)
    for part in parts:
        compute_chunk(database, run_id, part.people)
        if progress:
            progress(part.up_to_here, parts[-1].up_to_here)
    publish(database, clock, run_id)


def compute_chunk(database: Database, run_id: int, part: People) -> None:
    """Compute the cards of some people and store them; nobody waits while they are computed."""
    with database.reading() as session:
        cards = computing.compute(session, session.get_one(ScoreRun, run_id), part)
    with database.writing() as session:
        computing.store(session, run_id, part, cards)


def publish(database: Database, clock: Clock, run_id: int) -> bool:
    """Rank the run's cards and show them in place of the last run's; false where a newer run was faster."""
    store_ranks(database, run_id)
    with database.writing() as session:
        shown = show(session, clock, run_id)
        replaced = replaced_runs(session, run_id)
    for earlier in replaced:
        drop_replaced(database, earlier)
    return shown


def show(session: Session, clock: Clock, run_id: int) -> bool:
    """Let readers see a run that is ranked; false where it came too late and is replaced itself."""
    run = session.get_one(ScoreRun, run_id)
    one_at_a_time(session, f"period:{run.period}")
    run = session.get_one(ScoreRun, run_id, populate_existing=True)
    scored = session.get_one(ScoredPeriod, run.period, populate_existing=True)
    if scored.published_run_id == run_id:
        return True
    if scored.locked_at is not None or _is_overtaken(session, run, scored):
        run.state = RunState.REPLACED
        return False
    scored.published_run_id = run_id
    run.state = RunState.PUBLISHED
    run.published_at = clock.now()
    session.execute(
        sa.update(ScoreRun)
        .where(ScoreRun.period == run.period, ScoreRun.id < run_id)
        .values(state=RunState.REPLACED)
    )
    return True


def _is_overtaken(session: Session, run: ScoreRun, scored: ScoredPeriod) -> bool:
    """By a later run, or by an amendment of the one that is seen."""
    seen = session.get(ScoreRun, scored.published_run_id) if scored.published_run_id else None
    if seen is None:
        return False
    knows_as_many_days = seen.today >= min(run.today, Period.parse(run.period).end)
    return seen.id > run.id or (seen.load_id > run.load_id and knows_as_many_days)


def replaced_runs(session: Session, run_id: int) -> list[int]:
    """The runs of the same period that nobody will see again and that still have cards."""
    period = sa.select(ScoreRun.period).where(ScoreRun.id == run_id).scalar_subquery()
    has_cards = sa.exists().where(Card.run_id == ScoreRun.id)
    is_seen = sa.exists().where(ScoredPeriod.published_run_id == ScoreRun.id)
    return list(
        session.scalars(
            sa.select(ScoreRun.id)
            .where(ScoreRun.period == period, ScoreRun.state == RunState.REPLACED, has_cards, ~is_seen)
            .order_by(ScoreRun.id)
        )
    )


def drop_replaced(database: Database, run_id: int) -> None:
    """Drop a replaced run's cards, a chunk at a time; that it was made stays known."""
    with database.reading() as session:
        parts = chunks_of_everybody(session, chunks.CHUNK)
    for part in parts:
        with database.writing() as session:
            drop_cards(session, run_id, part.people)


def request_scoring(
    session: Session, clock: Clock, period: Period, correlation_id: str | None = None
) -> list[Job]:
    """Score a period by the workers: a job for every chunk; the last one to finish adds the publishing."""
    run = start_run(session, clock, period)
    batch = batch_of(run.id)
    parts = [part.people for part in chunks_of_everybody(session, chunks.CHUNK)] or [People(0, 0)]
    return [
        add_job(
            session,
            clock,
            CHUNK_JOB,
            f"{batch}:{number}",
            {"run_id": run.id, "first": part.first, "last": part.last},
            batch=batch,
            correlation_id=correlation_id,
        )
        for number, part in enumerate(parts)
    ]


def chunk_finished(
    session: Session, clock: Clock, run_id: int, correlation_id: str | None = None
) -> Job | None:
    """Call in the transaction that finishes a chunk's job: the last one adds the job that publishes."""
    one_at_a_time(session, batch_of(run_id))
    if not batch_is_done(session, batch_of(run_id)):
        return None
    key = f"{batch_of(run_id)}:publish"
    return add_job(session, clock, PUBLISH_JOB, key, {"run_id": run_id}, correlation_id=correlation_id)


def lock_period(session: Session, clock: Clock, period: Period, by: str) -> bool:
    """Lock an ended period whose published cards come from the newest inputs; false: score it first.

    Raises BadInput where the period has not ended or is locked already.
    """
    one_at_a_time(session, f"period:{period.key}")
    one_at_a_time(session, "loads")
    company = people.company(session)
    if today(clock, company.time_zone) < period.end:
        raise BadInput("{period} has not ended yet: it can be locked after its last day.", period=period.key)
    scored = session.get(ScoredPeriod, period.key, populate_existing=True)
    if scored is not None and scored.locked_at is not None:
        raise BadInput("{period} is locked already.", period=period.key)
    run = published_run(session, period)
    if scored is None or run is None or run.today < period.end or run.load_id != latest_load_id(session):
        return False
    scored.locked_at = clock.now()
    scored.locked_by = by
    audit.record(session, clock, by, "period.lock", period.key, {"run": run.id, "load": run.load_id})
    if period.kind is PeriodKind.MONTH:
        keep_starting_tiers(session, clock, by)
        add_job(session, clock, WATCH_JOB, f"watch:{period.key}", {"month": period.key})
        add_job(session, clock, ACCRUE_JOB, f"accrue:{period.key}", {"month": period.key})
        add_job(session, clock, RECOGNISE_JOB, f"recognise:{period.key}", {"month": period.key})
    return True


def score_and_lock(
    database: Database,
    clock: Clock,
    period: Period,
    by: str,
    progress: Progress | None = None,
    lock: Callable[[Session], bool] | None = None,
) -> None:
    """Score an ended period once more and lock it; again if data arrived in between.

    `lock` does what `lock_period` does, and more.
    """
    for _ in range(5):
        with database.writing() as session:
            if lock(session) if lock else lock_period(session, clock, period, by):
                return
        score_now(database, clock, period, progress)
    raise Refusal(
        "{period} could not be locked: new data keeps arriving. Try again later.", period=period.key
    )


def is_under_way(session: Session, period: Period) -> bool:
    """Whether workers have a run of the period to compute or to publish."""
    computing = sa.select(ScoreRun.id).where(
        ScoreRun.period == period.key, ScoreRun.state == RunState.COMPUTING
    )
    runs = session.scalars(computing).all()
    return bool(runs) and open_job(session, [f"{batch_of(run_id)}:" for run_id in runs]) is not None


def batch_of(run_id: int) -> str:
    """Names the jobs that compute a run's parts."""
    return f"score:{run_id}"
