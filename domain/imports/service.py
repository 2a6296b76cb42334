"""Importing a folder: all of it or nothing, again and again without change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from domain import audit
from domain.arrivals import Arrival
from domain.clock import Clock, today
from domain.closing.adjusting import take_records
from domain.imports.files import Progress, no_progress, read_header, read_rows
from domain.imports.folder import MEASURE_COLUMNS, FolderContent, read_folder
from domain.imports.rules_across import (
    Known,
    check_leaves,
    check_people,
    check_reporting_lines,
    check_targets,
    check_transfers,
    check_units,
    employee_ids,
    with_ancestors,
)
from domain.imports.rules_credits import check_credits
from domain.imports.rules_former_cards import FORMER_CARDS, check_former_cards
from domain.imports.rules_reporting import Reporting, Transfer
from domain.imports.store_company import DEFAULT_TIME_ZONE, store_company
from domain.imports.store_credits import store_credits
from domain.imports.store_former_cards import store_former_cards
from domain.imports.store_people import (
    ids_of,
    store_employments,
    store_leaves,
    store_people,
    store_states_at_hire,
    store_transfers,
    store_unit_leaders,
    store_unit_paths,
)
from domain.imports.store_plans import check_plans, store_plans, stored_plans
from domain.imports.store_targets import store_targets
from domain.metrics.bench import Bench, open_bench
from domain.metrics.coverage import CoveredDays, cover_everything_until, state_coverage
from domain.metrics.model import Coverage, MeasureRecord
from domain.people.model import Assignment, Company, Employment, Person, Unit
from domain.rows import ImportRefused, Problems

ORIGIN = "import"
BENCH_NAMES = {"employee_id": "employee"}
"""What measures.csv calls the bench's columns, where the names differ."""


@dataclass(frozen=True)
class ImportResult:
    """What an import changed, by file: how many rows were added, corrected or ended."""

    load_id: int | None
    """None: nothing changed, and nothing was written."""
    changes: Mapping[str, int]
    warnings: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return self.load_id is not None


def import_folder(
    session: Session, clock: Clock, folder: Path, by: str, progress: Progress | None = None
) -> ImportResult:
    """Load a folder in the caller's transaction.

    `by` is an employee id or `cli:<user>`. Raises ImportRefused with the bad rows; the caller's transaction
    must then be rolled back, as it is by `Database.writing()`.
    """
    progress = progress or no_progress
    content = read_folder(folder, progress)
    with open_bench() as bench:
        header = read_header(content.measures, MEASURE_COLUMNS)
        has_lines = not bench.lay_out_csv(content.measures, BENCH_NAMES, header, ORIGIN)
        if has_lines:
            _lay_out_with_lines(bench, content, progress)
        arrival = Arrival(session, clock, ORIGIN, by)
        _check(session, clock, content, bench, has_lines, progress)
        changes = _store(arrival, clock, content, bench, progress)
    if arrival.load_id is not None:
        subject = f"load:{arrival.load_id}"
        audit.record(session, clock, by, "import", subject, {"folder": content.name, "changes": changes})
    warnings = [
        *content.warnings,
        *_unknown_indicators(session, content),
        *_never_recorded(session),
        *_scored_by_nobody(session, content),
    ]
    return ImportResult(arrival.load_id, changes, tuple(warnings))


def _lay_out_with_lines(bench: Bench, content: FolderContent, progress: Progress) -> None:
    bench.clear()
    rows = read_rows(content.measures, MEASURE_COLUMNS, progress)
    bench.lay_out_rows(rows, BENCH_NAMES, ORIGIN)


def _check(
    session: Session,
    clock: Clock,
    content: FolderContent,
    bench: Bench,
    has_lines: bool,
    progress: Progress,
) -> None:
    """All that needs the other rows or the database. Raises ImportRefused."""
    problems = Problems()
    known = _known(session)
    check_people(content.people, known, problems)
    check_transfers(content.transfers, content.people, known, problems)
    check_units(content.units, content.people, known, problems)
    check_leaves(content.leaves or [], content.people, known, problems)
    ids = employee_ids(content.people, known)
    check_targets(content.targets, ids, _unit_paths(content) | known.unit_paths, problems)
    check_credits(content.credits, ids, problems)
    check_former_cards(content.former_cards or [], ids, _day(session, clock, content), problems)
    check_plans(content.plans, known.plans, problems)
    problems.refuse_any()
    check_reporting_lines(content.people, content.transfers, known, problems)
    problems.refuse_any()
    bench.know(dict.fromkeys(ids))
    if not bench.is_clean():
        if not has_lines:
            _lay_out_with_lines(bench, content, progress)
        raise ImportRefused(bench.problems(content.measures.name, BENCH_NAMES))


def _day(session: Session, clock: Clock, content: FolderContent) -> date:
    """The company's, in the zone that the folder says or that it had before."""
    company = session.get(Company, 1)
    zone = content.company.time_zone or (company.time_zone if company else DEFAULT_TIME_ZONE)
    return today(clock, zone)


def _known(session: Session) -> Known:
    manager = aliased(Person)
    transfers: dict[str, list[Transfer]] = {}
    at_hire: dict[str, str | None] = {}
    for employee_id, is_at_hire, from_day, manager_id in session.execute(
        sa.select(Person.employee_id, Assignment.at_hire, Assignment.from_day, manager.employee_id)
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(manager, manager.id == Assignment.manager_id)
        .where(Assignment.ended_in.is_(None))
    ):
        if is_at_hire:
            at_hire[employee_id] = manager_id
        else:
            transfers.setdefault(employee_id, []).append(Transfer(from_day, manager_id))
    employments = session.execute(
        sa.select(Person.employee_id, Employment.hired_on, Employment.left_on)
        .join(Person, Person.id == Employment.person_id)
        .where(Employment.ended_in.is_(None))
    )
    slack_ids = sa.select(Person.slack_id, Person.employee_id).where(Person.slack_id.is_not(None))
    return Known(
        reporting={
            employee_id: Reporting(hired_on, left_on, at_hire.get(employee_id)).with_transfers(
                transfers.get(employee_id, [])
            )
            for employee_id, hired_on, left_on in employments
        },
        unit_paths=frozenset(session.scalars(sa.select(Unit.path))),
        slack_ids={str(slack_id): owner for slack_id, owner in session.execute(slack_ids)},
        plans=stored_plans(session),
    )


def _unit_paths(content: FolderContent) -> set[str]:
    paths = [person.unit for person in content.people]
    paths += [transfer.unit for transfer in content.transfers]
    paths += [unit.unit for unit in content.units]
    return with_ancestors(path for path in paths if path)


def _store(
    arrival: Arrival, clock: Clock, content: FolderContent, bench: Bench, progress: Progress
) -> dict[str, int]:
    session = arrival.session
    units = store_unit_paths(arrival, _unit_paths(content))
    people = store_people(arrival, content.people)
    ids = ids_of(session)
    people += store_employments(arrival, ids, content.people)
    people += store_states_at_hire(arrival, ids, content.people)
    changes = {
        "people.csv": people,
        "units.csv": units + store_unit_leaders(arrival, ids, content.units),
        "assignments.csv": store_transfers(arrival, ids, content.transfers),
        "company.toml": store_company(arrival, clock, content.company, content.name),
        "plan.toml": store_plans(arrival, content.plans),
        "targets.csv": store_targets(arrival, ids, content.targets),
        "credits.csv": store_credits(arrival, ids.people, content.credits),
    }
    if content.leaves is not None:
        changes["leaves.csv"] = store_leaves(arrival, ids, content.leaves)
    if content.former_cards is not None:
        changes[FORMER_CARDS] = store_former_cards(arrival, ids.people, content.former_cards)
    changes["coverage.csv"] = _store_coverage(arrival, clock, content)
    changes["measures.csv"] = take_records(
        arrival,
        clock,
        bench,
        ids.people,
        progress=lambda done, total: progress("storing measures.csv", done, total),
    ).total
    return {file: count for file, count in changes.items() if count}


def _store_coverage(arrival: Arrival, clock: Clock, content: FolderContent) -> int:
    if content.coverage is not None:
        return state_coverage(
            arrival, [CoveredDays(row.measure, row.first_day, row.last_day) for row in content.coverage]
        )
    company = arrival.session.get_one(Company, 1)
    return cover_everything_until(arrival, today(clock, company.time_zone))


def _unknown_indicators(session: Session, content: FolderContent) -> list[str]:
    known = {indicator.name for plan in stored_plans(session) for indicator in plan.indicators}
    return [
        f'targets.csv names the indicator "{name}", which no plan scores.'
        for name in sorted({row.indicator for row in content.targets} - known)
    ]


def _never_recorded(session: Session) -> list[str]:
    """Measures that a plan scores, and neither a record nor coverage names: misspelt, or zero for all."""
    needed = {measure: plan.name for plan in stored_plans(session) for measure in plan.measures_needed}
    reported = set(session.scalars(sa.select(Coverage.measure).where(Coverage.ended_in.is_(None)).distinct()))
    recorded = sa.select(MeasureRecord.id).limit(1)
    return [
        f'{needed[measure]} scores "{measure}", of which there is no record: it counts as zero for all. '
        "Is it spelt the same in measures.csv?"
        for measure in sorted(needed.keys() - reported)
        if session.scalar(recorded.where(MeasureRecord.measure == measure)) is None
    ]


def _scored_by_nobody(session: Session, content: FolderContent) -> list[str]:
    scored = {plan.job_family for plan in stored_plans(session)}
    moved = {transfer.employee_id for transfer in content.transfers if transfer.unit}
    return [
        f"people.csv, line {row.line}: {row.employee_id} belongs to no unit and gets no card, "
        f"although a plan scores {row.job_family}: add a unit."
        for row in content.people
        if row.unit is None and row.job_family in scored and row.employee_id not in moved
    ]
