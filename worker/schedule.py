"""What is due by the clock, as jobs whose keys name the day or the slot.

The key makes each job once, however many schedulers run: there is no leader to elect and none to lose.
"""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import inbound
from domain.clock import Clock, today
from domain.closing import reminding as closing
from domain.disputes import reminding as disputes
from domain.jobs import add_job, open_job
from domain.loads import latest_load_id
from domain.people.model import Company
from domain.periods import Period, PeriodKind
from domain.scoring.model import ScoredPeriod
from domain.scoring.published import published
from domain.scoring.service import is_under_way
from domain.sources import pushed
from domain.sources.asking import PULL_JOB, scheduled_key
from domain.targets.reminding import REMIND_JOB, is_any_open
from domain.weekly.service import CARDS_JOB, due_week
from worker.actors.scoring import SCORE_JOB
from worker.sources.config import Source


def add_due_jobs(session: Session, clock: Clock, sources: Iterable[Source] = ()) -> None:
    """Add what is due and not there yet: `sources` are those to pull. Nothing before there is a company."""
    company = session.get(Company, 1)
    if company is None:
        return
    day = today(clock, company.time_zone)
    _pull(session, clock, sources)
    _score_what_is_stale(session, clock, day)
    _begin_week(session, clock, company, day)
    _remind_of_targets(session, clock, day)
    _remind_of_closing(session, clock, day)
    _remind_of_disputes(session, clock, day)
    inbound.forget_old(session, clock)
    pushed.forget_old(session, clock)


def _pull(session: Session, clock: Clock, sources: Iterable[Source]) -> None:
    for source in sources:
        if source.every is not None:
            slot = int(clock.now().timestamp() // source.every.total_seconds())
            add_job(session, clock, PULL_JOB, scheduled_key(source.name, slot), {"source": source.name})


def _score_what_is_stale(session: Session, clock: Clock, day: date) -> None:
    """The running periods every day, those that ended last, and all that are open when data has arrived.

    One run of a period at a time: what arrives meanwhile waits for the next one.
    """
    load_id = latest_load_id(session)
    running = [Period.containing(kind, day) for kind in PeriodKind]
    recent = {period.key for each in running for period in (each, each.previous())}
    for key in sorted(recent | _open_periods(session)):
        period, prefix = Period.parse(key), f"score:{key}:"
        if not _is_stale(session, period, day, load_id):
            continue
        if open_job(session, [prefix]) is None and not is_under_way(session, period):
            add_job(session, clock, SCORE_JOB, f"{prefix}{day}:{load_id}", {"period": key})


def _begin_week(session: Session, clock: Clock, company: Company, day: date) -> None:
    """Cards and digests, once a week: on its first working day, or as late in it as the scheduler starts."""
    week = due_week(session, company, day)
    if week is not None:
        add_job(session, clock, CARDS_JOB, f"weekly:{week.key}", {"week": week.key})


def _remind_of_closing(session: Session, clock: Clock, day: date) -> None:
    if closing.is_any_waiting(session, clock):
        add_job(session, clock, closing.REMIND_JOB, f"close:{day}", {})


def _remind_of_targets(session: Session, clock: Clock, day: date) -> None:
    if is_any_open(session):
        add_job(session, clock, REMIND_JOB, f"targets:{day}", {})


def _remind_of_disputes(session: Session, clock: Clock, day: date) -> None:
    if disputes.is_any_open(session):
        add_job(session, clock, disputes.REMIND_JOB, f"disputes:{day}", {})


def _open_periods(session: Session) -> set[str]:
    published = sa.select(ScoredPeriod.key).where(
        ScoredPeriod.locked_at.is_(None), ScoredPeriod.published_run_id.is_not(None)
    )
    return set(session.scalars(published))


def _is_stale(session: Session, period: Period, day: date, load_id: int) -> bool:
    found = published(session, period)
    if found is None:
        return True
    scored, run = found
    return scored.locked_at is None and (run.load_id < load_id or run.today < min(day, period.end))
