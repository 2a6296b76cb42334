"""Scoring a period: a run computes cards in chunks, then is published whole, or locked for good.

Readers see the cards of a period's published run and no others, so a run that is half computed, or whose
worker died, is never seen. The same functions serve the workers' jobs and the command line.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock, today
from domain.database import Database, one_at_a_time
from domain.errors import BadInput, Refusal
from domain.jobs import Job, add_job, batch_is_done
from domain.loads import latest_load_id
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.scoring.inputs import PeriodInputs
from domain.scoring.model import Card, CardLine, CardRank, RunState, ScoredPeriod, ScoreRun
from domain.scoring.rules import score_person
from domain.scoring.rules_ranks import Contender, rank
from domain.scoring.storing import card_values, line_values
from domain.working_days import WorkingDays

CHUNK = 500
RANKS_FROM_WORKING_DAY = 5
CHUNK_JOB = "score_chunk"
PUBLISH_JOB = "publish_scores"
WATCH_JOB = "watch_month"
"""Follows the lock of a month: who has missed three in a row?"""

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
    run = ScoreRun(
        period=period.key,
        state=RunState.COMPUTING,
        load_id=latest_load_id(session),
        today=day,
        created_at=clock.now(),
    )
    session.add(run)
    session.flush()
    return run


def compute_chunk(session: Session, run_id: int, person_ids: Sequence[int]) -> None:
    """Compute the cards of some people; done twice, it comes to the same."""
    run = session.get_one(ScoreRun, run_id)
    if run.state != RunState.COMPUTING:
        return
    _delete_cards(session, sa.and_(Card.run_id == run_id, Card.person_id.in_(person_ids)))
    computed = computed_cards(session, run, person_ids)
    if not computed:
        return
    rows = [{"run_id": run_id, **values} for values, _ in computed]
    ids = session.scalars(sa.insert(Card).returning(Card.id, sort_by_parameter_order=True), rows).all()
    lines = [
        {"card_id": card_id, **line}
        for card_id, (_, lines) in zip(ids, computed, strict=True)
        for line in lines
    ]
    session.execute(sa.insert(CardLine), lines)


def computed_cards(
    session: Session, run: ScoreRun, person_ids: Sequence[int]
) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The columns of each card and of its lines, computed from the run's inputs; nothing is stored."""
    so_far = ranks_so_far(session, run)
    scored = [
        (one, score_person(one.in_force.plan, one.in_force.window, one.person, so_far))
        for one in inputs_of(session, run).people(person_ids)
    ]
    return [(card_values(one, card), line_values(card)) for one, card in scored]


def ranks_so_far(session: Session, run: ScoreRun) -> bool:
    """Whether the run's day has reached the period's fifth working day on the company's calendar."""
    calendar = WorkingDays(people.company(session).calendar)
    return run.today >= calendar.nth_working_day(Period.parse(run.period).start, RANKS_FROM_WORKING_DAY)


def publish(session: Session, clock: Clock, run_id: int) -> bool:
    """Rank the run's cards and show them in place of the last run's; false where a newer run was faster."""
    run = session.get_one(ScoreRun, run_id)
    one_at_a_time(session, f"period:{run.period}")
    scored = session.get_one(ScoredPeriod, run.period, populate_existing=True)
    if run.state == RunState.PUBLISHED:
        return True
    if scored.locked_at is not None or (scored.published_run_id or 0) > run_id:
        _discard(session, run_id)
        return False
    _rank(session, run)
    scored.published_run_id = run_id
    run.state = RunState.PUBLISHED
    run.published_at = clock.now()
    earlier = sa.select(ScoreRun.id).where(
        ScoreRun.period == run.period, ScoreRun.id < run_id, ScoreRun.state != RunState.REPLACED
    )
    for replaced in session.scalars(earlier).all():
        _discard(session, replaced)
    return True


def score_now(database: Database, clock: Clock, period: Period, progress: Progress | None = None) -> None:
    """Score a period in this process, as the command line does; others see it once it is whole."""
    with database.writing() as session:
        run = start_run(session, clock, period)
        roster = inputs_of(session, run).roster()
    for done, chunk in chunks_of(roster):
        with database.writing() as session:
            compute_chunk(session, run.id, chunk)
        if progress:
            progress(done, len(roster))
    with database.writing() as session:
        publish(session, clock, run.id)


def request_scoring(
    session: Session, clock: Clock, period: Period, correlation_id: str | None = None
) -> list[Job]:
    """Score a period by the workers: a job for every chunk; the last one to finish adds the publishing."""
    run = start_run(session, clock, period)
    batch = _batch(run.id)
    chunks = [chunk for _, chunk in chunks_of(inputs_of(session, run).roster())] or [[]]
    return [
        add_job(
            session,
            clock,
            CHUNK_JOB,
            f"{batch}:{number}",
            {"run_id": run.id, "person_ids": chunk},
            batch=batch,
            correlation_id=correlation_id,
        )
        for number, chunk in enumerate(chunks)
    ]


def chunk_finished(
    session: Session, clock: Clock, run_id: int, correlation_id: str | None = None
) -> Job | None:
    """Call in the transaction that finishes a chunk's job: the last one adds the job that publishes."""
    one_at_a_time(session, _batch(run_id))
    if not batch_is_done(session, _batch(run_id)):
        return None
    key = f"{_batch(run_id)}:publish"
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
    run = (
        None
        if scored is None or scored.published_run_id is None
        else session.get(ScoreRun, scored.published_run_id)
    )
    if scored is None or run is None or run.today < period.end or run.load_id != latest_load_id(session):
        return False
    scored.locked_at = clock.now()
    scored.locked_by = by
    audit.record(session, clock, by, "period.lock", period.key, {"run": run.id, "load": run.load_id})
    if period.kind is PeriodKind.MONTH:
        add_job(session, clock, WATCH_JOB, f"watch:{period.key}", {"month": period.key})
    return True


def score_and_lock(
    database: Database, clock: Clock, period: Period, by: str, progress: Progress | None = None
) -> None:
    """Score an ended period once more and lock it; again if data arrived in between."""
    for _ in range(5):
        with database.writing() as session:
            if lock_period(session, clock, period, by):
                return
        score_now(database, clock, period, progress)
    raise Refusal(
        "{period} could not be locked: new data keeps arriving. Try again later.", period=period.key
    )


def inputs_of(session: Session, run: ScoreRun) -> PeriodInputs:
    return PeriodInputs(session, Period.parse(run.period), run.load_id, run.today)


def chunks_of(roster: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """The roster in parts of CHUNK people, each with the number of people up to its end."""
    for start in range(0, len(roster), CHUNK):
        chunk = list(roster[start : start + CHUNK])
        yield start + len(chunk), chunk


def ranks_of(session: Session, run_id: int) -> list[dict[str, int]]:
    """The columns of `CardRank` for every rankable card of a run, computed from the stored scores."""
    tree = people.unit_tree(session)
    rankable = session.execute(
        sa.select(Card.id, Card.plan_version_id, Card.unit_id, Card.score).where(
            Card.run_id == run_id, Card.rankable
        )
    )
    contenders = [
        Contender(card_id, str(plan_id), tree.by_id[unit_id].path, score)
        for card_id, plan_id, unit_id, score in rankable
        if score is not None
    ]
    return [
        {
            "run_id": run_id,
            "card_id": card_id,
            "unit_id": tree.by_path[place.unit_path].id,
            "rank": place.rank,
            "out_of": place.out_of,
        }
        for card_id, places in rank(contenders).items()
        for place in places
    ]


def _rank(session: Session, run: ScoreRun) -> None:
    session.execute(sa.delete(CardRank).where(CardRank.run_id == run.id))
    ranks = ranks_of(session, run.id)
    if ranks:
        session.execute(sa.insert(CardRank), ranks)


def _discard(session: Session, run_id: int) -> None:
    """Drop the cards of a run that nobody will see again; that it was made stays known."""
    session.execute(sa.update(ScoreRun).where(ScoreRun.id == run_id).values(state=RunState.REPLACED))
    session.execute(sa.delete(CardRank).where(CardRank.run_id == run_id))
    _delete_cards(session, Card.run_id == run_id)


def _delete_cards(session: Session, which: sa.ColumnElement[bool]) -> None:
    session.execute(sa.delete(CardLine).where(CardLine.card_id.in_(sa.select(Card.id).where(which))))
    session.execute(sa.delete(Card).where(which))


def _batch(run_id: int) -> str:
    return f"score:{run_id}"
