"""What a run of a source leaves behind: records, coverage, and the story of the try.

Rows are laid out on a bench while the source is read, which may take as long as the source likes; only then
does a transaction begin, in which they are checked, compared and stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.arrivals import Arrival
from domain.clock import Clock, day_of
from domain.closing.adjusting import take_records
from domain.database import one_at_a_time
from domain.errors import N_, BadInput
from domain.metrics.bench import Bench
from domain.metrics.coverage import BEGINNING, CoveredDays, extend_coverage, state_coverage
from domain.metrics.model import MeasureRecord
from domain.metrics.records import RecordChanges
from domain.people.model import Company, Person
from domain.rows import BadRow, Reason, Row
from domain.sources.model import WELL, RunState, SourceRun
from domain.sources.telling import tell_of_change

SYSTEM = "system"
MOST_REFUSALS = 100
"""So many refused rows are kept of a run; how many there were is counted."""
LONGEST_VALUE = 60


@dataclass(frozen=True)
class SourceTerms:
    """What an installation has agreed with a source."""

    name: str
    measures: tuple[str, ...]
    """All that it may yield; it alone says which days of these are reported."""
    covered_from: date | None = None
    """Where it does not say: it reports from this day, else from its first record, to yesterday."""
    removes: bool = False
    """Whether a record that it no longer yields is gone; otherwise the record stays as it was last seen."""


@dataclass(frozen=True)
class Try:
    """A run that has begun."""

    terms: SourceTerms
    started_at: datetime
    correlation_id: str | None = None

    @property
    def place(self) -> str:
        """How refusals name where a row stands."""
        return f"source {self.terms.name}"


@dataclass
class LaidOut:
    """What was read onto the bench, and what could not even be laid out."""

    read: int = 0
    refused: int = 0
    first_refused: list[BadRow] = field(default_factory=list)

    def refuse(self, row: BadRow) -> None:
        self.refused += 1
        if len(self.first_refused) < MOST_REFUSALS:
            self.first_refused.append(row)


@dataclass(frozen=True)
class Covered:
    """The days that a source says it reports; with `adds` beside those that it said before."""

    days: tuple[CoveredDays, ...]
    adds: bool = False


NO_MORE_DAYS = Covered((), adds=True)
"""Of a delivery: what the source said before stays as it is."""


class RowsRefused(BadInput):
    """Rows that cannot be used, of which `problems` are the first; nothing was stored."""

    def __init__(self, problems: list[BadRow], refused: int, read: int) -> None:
        sentence = N_("{first} ({more} more like this.)") if refused > 1 else "{first}"
        super().__init__(sentence, first=problems[0], more=refused - 1)
        self.problems = problems
        self.refused = refused
        self.read = read


def last_success(session: Session, source: str) -> SourceRun | None:
    return session.scalar(
        sa.select(SourceRun)
        .where(SourceRun.source == source, SourceRun.state.in_(WELL))
        .order_by(SourceRun.id.desc())
        .limit(1)
    )


def has_stated_coverage(session: Session, source: str) -> bool:
    last = last_success(session, source)
    return last is not None and last.states_coverage


def no_other_loads(session: Session) -> None:
    """Until this transaction ends."""
    one_at_a_time(session, "loads")


def overtaken_by(session: Session, attempt: Try, last: SourceRun | None) -> SourceRun | None:
    """The run that began later and has stored its rows already: what this one has read is older.

    `last` is the last success as this run found it. Only runs that ended since then count, so that a clock
    that was put back makes nobody wait. Whoever is about to store takes `no_other_loads` before.
    """
    newest = last_success(session, attempt.terms.name)
    if newest is None or (last is not None and newest.id <= last.id):
        return None
    return newest if newest.started_at > attempt.started_at else None


def last_tried(session: Session) -> dict[str, datetime]:
    """When each source was last read, with or without success."""
    newest = sa.select(sa.func.max(SourceRun.id)).group_by(SourceRun.source)
    runs = session.scalars(sa.select(SourceRun).where(SourceRun.id.in_(newest)))
    return {run.source: run.started_at for run in runs}


def lay_out(bench: Bench, terms: SourceTerms, rows: Iterable[Row | BadRow]) -> LaidOut:
    """Put the rows on the bench; those of measures that the source may not yield are refused."""
    laid = LaidOut()
    bench.lay_out_rows(_usable(rows, terms, laid), {}, terms.name)
    return laid


def match_people(session: Session, bench: Bench, attempt: Try, laid: LaidOut) -> dict[str, int]:
    """Whom the rows may name, for `store_rows`: reading is enough, so nobody who writes has to wait.

    Raises RowsRefused where a row on the bench, or one that never got there, cannot be used.
    """
    people = _employees(session)
    bench.know(dict(people))
    bench.match_employees_in_any_case()
    on_bench = bench.count_bad()
    if not laid.refused and not on_bench:
        return people
    found = bench.problems(attempt.place, {}, MOST_REFUSALS) if on_bench else []
    problems = sorted([*laid.first_refused, *found], key=lambda problem: problem.line or 0)
    raise RowsRefused(problems[:MOST_REFUSALS], laid.refused + on_bench, laid.read)


def store_rows(
    session: Session,
    clock: Clock,
    bench: Bench,
    attempt: Try,
    laid: LaidOut,
    people: Mapping[str, int],
    covered: Covered | None,
    *,
    fingerprint: str | None = None,
    cursor: str | None = None,
) -> SourceRun:
    """Store what a source yielded, under one load if anything changed; `people` are from `match_people`."""
    terms = attempt.terms
    arrival = Arrival(session, clock, terms.name, SYSTEM)
    changes = take_records(arrival, clock, bench, people, [terms.name] if terms.removes else [])
    _cover(arrival, attempt, covered)
    run = _well(arrival, clock, attempt, changes, fingerprint=fingerprint, cursor=cursor)
    run.states_coverage = covered is not None
    run.rows_read = laid.read
    run.rows_unchanged = bench.count("typed") - changes.added - changes.corrected
    return run


def confirm_unchanged(
    session: Session, clock: Clock, attempt: Try, *, says_coverage: bool, fingerprint: str
) -> SourceRun:
    """Note that a source has nothing new: what it reports now reaches to yesterday.

    A source that says itself which days it reports still says the same.
    """
    arrival = Arrival(session, clock, attempt.terms.name, SYSTEM)
    if not says_coverage:
        state_coverage(arrival, _days_to_yesterday(session, attempt))
    run = _well(arrival, clock, attempt, RecordChanges(0, 0, 0), fingerprint=fingerprint, cursor=None)
    run.states_coverage = says_coverage
    return run


def record_failure(session: Session, clock: Clock, attempt: Try, failure: BadInput) -> SourceRun:
    """Note a run that failed, and tell every admin once in a row of failures.

    Coverage ends where it was, so the days since stay unknown. A measure that was never delivered gets a
    coverage of no days: it is unknown from the first failure on, not zero by the import's wildcard.
    """
    arrival = Arrival(session, clock, attempt.terms.name, SYSTEM)
    extend_coverage(arrival, _no_days(attempt.terms))
    run = _run(attempt, clock, RunState.FAILED)
    run.load_id = arrival.load_id
    run.problem = _kept(str(failure))
    if isinstance(failure, RowsRefused):
        run.state = RunState.REFUSED
        run.rows_read, run.rows_refused = failure.read, failure.refused
        run.refusals = [_as_json(problem) for problem in failure.problems]
    else:
        run.problem_said = {
            "sentence": failure.sentence,
            "values": {name: _kept(str(value)) for name, value in failure.values.items()},
        }
    return tell_of_change(session, clock, run)


def _as_json(problem: BadRow) -> dict[str, Any]:
    cut = problem.value if len(problem.value) <= LONGEST_VALUE else problem.value[:LONGEST_VALUE] + "…"
    reason = problem.reason
    said = {"sentence": reason.sentence, "values": reason.values} if isinstance(reason, Reason) else None
    column = problem.column and _kept(problem.column)
    return {"row": problem.line, "column": column, "value": _kept(cut), "reason": reason, "said": said}


def _kept(text: str) -> str:
    """As PostgreSQL can keep it: without NUL characters."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}")


def _well(
    arrival: Arrival,
    clock: Clock,
    attempt: Try,
    changes: RecordChanges,
    *,
    fingerprint: str | None,
    cursor: str | None,
) -> SourceRun:
    session = arrival.session
    run = _run(attempt, clock, RunState.SUCCEEDED if changes.total else RunState.UNCHANGED)
    run.fingerprint, run.cursor, run.load_id = fingerprint, cursor, arrival.load_id
    run.rows = changes.total
    run.rows_added, run.rows_corrected, run.rows_removed = changes.added, changes.corrected, changes.removed
    tell_of_change(session, clock, run)
    if arrival.load_id is not None:
        detail = {"source": run.source, "rows": run.rows}
        audit.record(session, clock, SYSTEM, "pull", f"load:{arrival.load_id}", detail)
    return run


def _run(attempt: Try, clock: Clock, state: RunState) -> SourceRun:
    return SourceRun(
        source=attempt.terms.name,
        state=state,
        started_at=attempt.started_at,
        finished_at=clock.now(),
        correlation_id=attempt.correlation_id,
        rows=0,
    )


def _employees(session: Session) -> dict[str, int]:
    """People by employee id, and by e-mail where it belongs to one person only."""
    people = session.execute(sa.select(Person.id, Person.employee_id, Person.email)).all()
    by_email: dict[str, list[int]] = {}
    for person_id, _, email in people:
        if email is not None:
            by_email.setdefault(email, []).append(person_id)
    only_one = {email: ids[0] for email, ids in by_email.items() if len(ids) == 1}
    return only_one | {employee_id: person_id for person_id, employee_id, _ in people}


def _usable(rows: Iterable[Row | BadRow], terms: SourceTerms, laid: LaidOut) -> Iterator[Row]:
    """The rows to lay out; the others are noted in `laid`, each row once."""
    reason = Reason(
        N_("is not a measure of this source: its measures are {measures}."),
        measures=", ".join(terms.measures),
    )
    for row in rows:
        laid.read += 1
        if isinstance(row, BadRow):
            laid.refuse(row)
            continue
        measure = row.cells["measure"]
        if measure and measure not in terms.measures:
            laid.refuse(BadRow(f"source {terms.name}", row.line, "measure", measure, reason))
        else:
            yield row


def _cover(arrival: Arrival, attempt: Try, covered: Covered | None) -> None:
    if covered is None:
        state_coverage(arrival, _days_to_yesterday(arrival.session, attempt))
    elif covered.adds:
        extend_coverage(arrival, covered.days)
    else:
        state_coverage(arrival, covered.days)


def _days_to_yesterday(session: Session, attempt: Try) -> list[CoveredDays]:
    """Up to the day before the run began: what was read of a day that was not over is not all of it."""
    company, terms = session.get(Company, 1), attempt.terms
    yesterday = day_of(attempt.started_at, company.time_zone if company else "UTC") - timedelta(days=1)
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
