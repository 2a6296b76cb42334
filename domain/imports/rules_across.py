"""What rows of a folder must be to each other and to what is already there. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from domain.imports.rules_reporting import Reporting, Transfer, first_loops
from domain.imports.rules_rows import PersonRow, TargetRow, TransferRow, UnitRow
from domain.plans.rules import Plan
from domain.rows import BadRow, Problems

TWICE = "comes twice: keep one row."


class HasLine(Protocol):
    @property
    def line(self) -> int: ...


Line = TypeVar("Line", bound=HasLine)


@dataclass(frozen=True)
class Known:
    """What the database has before an import."""

    reporting: dict[str, Reporting] = field(default_factory=dict)
    """Who reported to whom, by employee id: everybody the database knows."""
    unit_paths: frozenset[str] = frozenset()
    slack_ids: dict[str, str] = field(default_factory=dict)
    """Employee ids by Slack member id."""
    plans: tuple[Plan, ...] = ()


def with_ancestors(paths: Iterable[str]) -> set[str]:
    """The paths and those of all units above them."""
    found: set[str] = set()
    for path in paths:
        names = path.split("/")
        found.update("/".join(names[:depth]) for depth in range(1, len(names) + 1))
    return found


def check_people(people: Sequence[PersonRow], known: Known, problems: Problems) -> None:
    """Ids come once, Slack ids belong to one person, managers are known."""
    _refuse_repeats(
        "people.csv",
        people,
        lambda row: row.employee_id,
        "employee_id",
        TWICE,
        problems,
    )
    slack_ids = {
        slack_id: owner
        for slack_id, owner in known.slack_ids.items()
        if owner not in {row.employee_id for row in people}
    }
    for row in people:
        if row.slack_id and slack_ids.setdefault(row.slack_id, row.employee_id) != row.employee_id:
            reason = f"is already the Slack id of {slack_ids[row.slack_id]}: one of the two is wrong."
            problems.add(BadRow("people.csv", row.line, "slack_id", row.slack_id, reason))
    _refuse_unknown("people.csv", people, "manager_id", employee_ids(people, known), problems)


def check_transfers(
    transfers: Sequence[TransferRow], people: Sequence[PersonRow], known: Known, problems: Problems
) -> None:
    ids = employee_ids(people, known)
    for column in ("employee_id", "manager_id"):
        _refuse_unknown("assignments.csv", transfers, column, ids, problems)
    _refuse_repeats(
        "assignments.csv",
        transfers,
        lambda row: (row.employee_id, row.from_day),
        "from",
        "is the day of two transfers of this person: keep one.",
        problems,
    )


def check_units(
    units: Sequence[UnitRow], people: Sequence[PersonRow], known: Known, problems: Problems
) -> None:
    ids = employee_ids(people, known)
    for column in ("manager_id", "hr_id"):
        _refuse_unknown("units.csv", units, column, ids, problems)
    _refuse_repeats("units.csv", units, lambda row: row.unit, "unit", TWICE, problems)


def check_leaves(
    leaves: Sequence[HasLine], people: Sequence[PersonRow], known: Known, problems: Problems
) -> None:
    _refuse_unknown("leaves.csv", leaves, "employee_id", employee_ids(people, known), problems)


def check_targets(
    targets: Sequence[TargetRow], ids: set[str], unit_paths: set[str], problems: Problems
) -> None:
    for row in targets:
        if row.owner not in ids and row.owner not in unit_paths:
            reason = "is neither an employee id nor a unit's path that is known: correct it, or add it first."
            problems.add(BadRow("targets.csv", row.line, "owner", row.owner, reason))
        elif row.owner in ids and row.owner in unit_paths:
            reason = "is both an employee id and a unit's path: rename one of them."
            problems.add(BadRow("targets.csv", row.line, "owner", row.owner, reason))
    reason = "has a second target for the same indicator, period and from: keep one."
    _refuse_repeats("targets.csv", targets, lambda row: row.key, "owner", reason, problems)


def check_reporting_lines(
    people: Sequence[PersonRow], transfers: Sequence[TransferRow], known: Known, problems: Problems
) -> None:
    """Nobody may, on any day, be their own manager's manager."""
    lines: dict[tuple[str, date | None], tuple[str, int]] = {}
    moves: dict[str, dict[date, str | None]] = defaultdict(dict)
    for row in transfers:
        moves[row.employee_id][row.from_day] = row.manager_id
        lines[row.employee_id, row.from_day] = ("assignments.csv", row.line)
    reporting = dict(known.reporting)
    for person in people:
        lines[person.employee_id, None] = ("people.csv", person.line)
        earlier = reporting.get(person.employee_id)
        reporting[person.employee_id] = Reporting(
            person.hired_on, person.left_on, person.manager_id, earlier.transfers if earlier else ()
        )
    for employee_id, managers in moves.items():
        history = reporting[employee_id]
        kept = {transfer.from_day: transfer.manager_id for transfer in history.transfers} | managers
        reporting[employee_id] = history.with_transfers(
            [Transfer(from_day, manager_id) for from_day, manager_id in kept.items()]
        )
    for loop in first_loops(reporting):
        step = next((step for step in loop.steps if (step.employee_id, step.from_day) in lines), None)
        if step is None:
            continue  # it was there before
        file, line = lines[step.employee_id, step.from_day]
        chain = " → ".join([*(step.employee_id for step in loop.steps), loop.steps[0].employee_id])
        reason = f"closes a circle of managers from {loop.day} on ({chain}): name somebody above them."
        problems.add(BadRow(file, line, "manager_id", step.manager_id, reason))


def employee_ids(people: Sequence[PersonRow], known: Known) -> set[str]:
    return {row.employee_id for row in people} | known.reporting.keys()


def _refuse_unknown(
    file: str, rows: Sequence[HasLine], column: str, ids: set[str], problems: Problems
) -> None:
    for row in rows:
        value = getattr(row, column)
        if value is not None and value not in ids:
            reason = "is not an employee id that is known: correct it, or add the person to people.csv."
            problems.add(BadRow(file, row.line, column, value, reason))


def _refuse_repeats(
    file: str,
    rows: Sequence[Line],
    key: Callable[[Line], Hashable],
    column: str,
    reason: str,
    problems: Problems,
) -> None:
    first_lines: dict[Hashable, int] = {}
    for row in rows:
        first = first_lines.setdefault(key(row), row.line)
        if first != row.line:
            value = getattr(row, "from_day" if column == "from" else column)
            problems.add(BadRow(file, row.line, column, str(value), f"{reason} (The other is line {first}.)"))
