"""What a pull of a source leaves behind: records, coverage, and the story of the try."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.admins import tell_admins
from domain.arrivals import Arrival
from domain.clock import Clock, today
from domain.metrics.bench import Bench
from domain.metrics.coverage import BEGINNING, CoveredDays, state_coverage
from domain.metrics.model import MeasureRecord, RunState, SourceRun
from domain.metrics.records import store_records
from domain.people.model import Company, Person
from domain.rows import BadRow, Problems, Row

SYSTEM = "system"


@dataclass(frozen=True)
class SourceTerms:
    """What an installation has agreed with a source."""

    name: str
    measures: tuple[str, ...]
    """All that it may yield; it alone says which days of these are reported."""
    covered_from: date | None
    """Where it does not say: it reports from this day, else from its first record, to yesterday."""
    removes: bool
    """Whether a record that it no longer yields is gone; otherwise the record stays as it was last seen."""


def last_fingerprint(session: Session, source: str) -> str | None:
    """Of the newest pull that succeeded."""
    return session.scalar(
        sa.select(SourceRun.fingerprint)
        .where(SourceRun.source == source, SourceRun.state == RunState.SUCCEEDED)
        .order_by(SourceRun.id.desc())
        .limit(1)
    )


def last_tried(session: Session) -> dict[str, datetime]:
    """When each source was last pulled, with or without success."""
    newest = sa.select(sa.func.max(SourceRun.id)).group_by(SourceRun.source)
    runs = session.scalars(sa.select(SourceRun).where(SourceRun.id.in_(newest)))
    return {run.source: run.started_at for run in runs}


def store_pull(
    session: Session,
    clock: Clock,
    bench: Bench,
    terms: SourceTerms,
    rows: Iterable[Row],
    covered: Iterable[CoveredDays] | None,
    fingerprint: str,
    started_at: datetime,
) -> SourceRun:
    """Store what a source yielded, under one load if anything changed.

    Raises ImportRefused for bad rows; the caller's transaction must then be rolled back.
    """
    arrival = Arrival(session, clock, terms.name, SYSTEM)
    employees = _employees(session)
    bench.know(employees)
    bench.lay_out_rows(_usable(rows, terms, employees), {}, terms.name)
    bench.refuse_bad_rows(f"source {terms.name}")
    changes = store_records(arrival, bench, employees, [terms.name] if terms.removes else [])
    state_coverage(arrival, _days_to_yesterday(session, clock, terms) if covered is None else covered)
    return _succeeded(arrival, clock, fingerprint, started_at, changes.total)


def confirm_unchanged(
    session: Session,
    clock: Clock,
    terms: SourceTerms,
    says_coverage: bool,
    fingerprint: str,
    started_at: datetime,
) -> SourceRun:
    """Note that a source was read and has nothing new: what it reports now reaches to yesterday.

    A source that says itself which days it reports still says the same.
    """
    arrival = Arrival(session, clock, terms.name, SYSTEM)
    if not says_coverage:
        state_coverage(arrival, _days_to_yesterday(session, clock, terms))
    return _succeeded(arrival, clock, fingerprint, started_at, rows=0)


def record_failure(
    session: Session, clock: Clock, terms: SourceTerms, problem: str, started_at: datetime
) -> SourceRun:
    """Note a pull that failed, and tell every admin once in a row of failures.

    Coverage ends where it was, so the days since stay unknown. A source that never delivered gets a coverage
    of no days: its measures are unknown from the first failure on, not zero by the import's wildcard.
    """
    was_failing = _last_state(session, terms.name) == RunState.FAILED
    arrival = Arrival(session, clock, terms.name, SYSTEM)
    if last_fingerprint(session, terms.name) is None:
        state_coverage(arrival, _no_days(terms))
    run = SourceRun(
        source=terms.name,
        state=RunState.FAILED,
        started_at=started_at,
        finished_at=clock.now(),
        load_id=arrival.load_id,
        rows=0,
        problem=problem,
    )
    session.add(run)
    session.flush()
    if not was_failing:
        tell_admins(
            session,
            clock,
            kind="source_failed",
            key=f"source_failed:{terms.name}:{run.id}",
            facts={"source": terms.name, "problem": problem},
        )
    return run


def _succeeded(
    arrival: Arrival, clock: Clock, fingerprint: str, started_at: datetime, rows: int
) -> SourceRun:
    session = arrival.session
    run = SourceRun(
        source=arrival.origin,
        state=RunState.SUCCEEDED,
        started_at=started_at,
        finished_at=clock.now(),
        fingerprint=fingerprint,
        load_id=arrival.load_id,
        rows=rows,
    )
    session.add(run)
    session.flush()
    if arrival.load_id is not None:
        detail = {"source": arrival.origin, "rows": rows}
        audit.record(session, clock, SYSTEM, "pull", f"load:{arrival.load_id}", detail)
    return run


def _employees(session: Session) -> dict[str, int]:
    """People by employee id, and by e-mail where it belongs to one person only."""
    people = session.execute(sa.select(Person.id, Person.employee_id, Person.email)).all()
    by_email: dict[str, list[int]] = {}
    for person_id, _, email in people:
        if email is not None:
            by_email.setdefault(email, []).append(person_id)
    only_one = {email: ids[0] for email, ids in by_email.items() if len(ids) == 1}
    return only_one | {employee_id: person_id for person_id, employee_id, _ in people}


def _usable(rows: Iterable[Row], terms: SourceTerms, employees: Mapping[str, int]) -> Iterator[Row]:
    """The rows, e-mails in lower case. Raises ImportRefused for measures the source may not yield."""
    problems = Problems()
    reason = f"is not a measure of this source: its measures are {', '.join(terms.measures)}."
    for row in rows:
        measure, employee = row.cells["measure"], row.cells["employee"]
        if measure and measure not in terms.measures:
            problems.add(BadRow(f"source {row.file}", row.line, "measure", measure, reason))
        if employee not in employees and employee.lower() in employees:
            yield replace(row, cells={**row.cells, "employee": employee.lower()})
        else:
            yield row
    problems.refuse_any()


def _days_to_yesterday(session: Session, clock: Clock, terms: SourceTerms) -> list[CoveredDays]:
    """Today is not over: what is reported of it is not all of it."""
    company = session.get(Company, 1)
    yesterday = today(clock, company.time_zone if company else "UTC") - timedelta(days=1)
    first = terms.covered_from or session.scalar(
        sa.select(sa.func.min(MeasureRecord.occurred_on)).where(
            MeasureRecord.source == terms.name, MeasureRecord.ended_in.is_(None)
        )
    )
    if first is None or first > yesterday:
        return _no_days(terms)
    return [CoveredDays(measure, first, yesterday) for measure in terms.measures]


def _no_days(terms: SourceTerms) -> list[CoveredDays]:
    return [CoveredDays(measure, BEGINNING, BEGINNING - timedelta(days=1)) for measure in terms.measures]


def _last_state(session: Session, source: str) -> str | None:
    return session.scalar(
        sa.select(SourceRun.state).where(SourceRun.source == source).order_by(SourceRun.id.desc()).limit(1)
    )
