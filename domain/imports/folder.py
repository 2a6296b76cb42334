"""An import folder, read and checked as far as it can be without the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from domain.imports.files import Columns, Progress, read_header, read_rows
from domain.imports.rules_company_toml import CompanySettings, parse_company
from domain.imports.rules_credits import CreditRow, credit_row
from domain.imports.rules_former_cards import FORMER_CARDS, FormerCardRow, former_card_row
from domain.imports.rules_rows import (
    CoverageRow,
    LeaveRow,
    PersonRow,
    TargetRow,
    TransferRow,
    UnitRow,
    coverage_row,
    leave_row,
    person_row,
    target_row,
    transfer_row,
    unit_row,
)
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.plans.rules_table import PlanError
from domain.rows import BadRow, ImportRefused, Problems, Row

Typed = TypeVar("Typed")

MEASURES = "measures.csv"
MEASURE_COLUMNS = Columns(
    ("record_id", "employee_id", "measure", "occurred_on", "value"), ("customer_id", "source")
)
FILES = {
    "people.csv": Columns(
        (
            *("employee_id", "name", "email", "role", "title", "job_family", "manager_id", "unit"),
            *("hired_on", "left_on", "locale", "time_zone"),
        ),
        ("slack_id",),
    ),
    "targets.csv": Columns(("owner", "indicator", "period", "amount"), ("from",)),
    MEASURES: MEASURE_COLUMNS,
    "leaves.csv": Columns(("employee_id", "from", "to", "kind")),
    "assignments.csv": Columns(("employee_id", "from", "unit", "manager_id", "job_family")),
    "units.csv": Columns(("unit", "manager_id", "hr_id", "channel")),
    "coverage.csv": Columns(("measure", "from", "to")),
    FORMER_CARDS: Columns(("employee_id", "period", "score", "tier"), ("rank", "out_of", "plan", "note")),
    "credits.csv": Columns(("record_id", "employee_id", "share"), ("source",)),
}
REQUIRED = ("people.csv", "targets.csv", MEASURES)


@dataclass(frozen=True)
class PlanFile:
    file: str
    text: str
    plan: Plan


@dataclass(frozen=True)
class FolderContent:
    """What a folder says. None where a file is absent that would state the whole."""

    name: str
    people: list[PersonRow]
    targets: list[TargetRow]
    transfers: list[TransferRow]
    units: list[UnitRow]
    leaves: list[LeaveRow] | None
    coverage: list[CoverageRow] | None
    credits: list[CreditRow]
    former_cards: list[FormerCardRow] | None
    company: CompanySettings
    plans: list[PlanFile]
    measures: Path
    warnings: list[str]


def read_folder(folder: Path, progress: Progress) -> FolderContent:
    """Read all but the measures, whose header alone is checked here. Raises ImportRefused."""
    problems = Problems()
    _check_files_are_there(folder, problems)
    with problems.of_file():
        read_header(folder / MEASURES, MEASURE_COLUMNS)

    def rows(file: str, typed: Callable[[Row], Typed]) -> list[Typed]:
        return _typed_rows(folder / file, typed, problems, progress)

    def rows_if_there(file: str, typed: Callable[[Row], Typed]) -> list[Typed] | None:
        return rows(file, typed) if (folder / file).exists() else None

    content = FolderContent(
        name=folder.resolve().name,
        people=rows("people.csv", person_row),
        targets=rows("targets.csv", target_row),
        transfers=rows_if_there("assignments.csv", transfer_row) or [],
        units=rows_if_there("units.csv", unit_row) or [],
        leaves=rows_if_there("leaves.csv", leave_row),
        coverage=rows_if_there("coverage.csv", coverage_row),
        credits=rows_if_there("credits.csv", credit_row) or [],
        former_cards=rows_if_there(FORMER_CARDS, former_card_row),
        company=_read_company(folder / "company.toml", problems),
        plans=[*_read_plans(folder, problems)],
        measures=folder / MEASURES,
        warnings=_unread_files(folder),
    )
    problems.refuse_any()
    return content


def _check_files_are_there(folder: Path, problems: Problems) -> None:
    if not folder.is_dir():
        raise ImportRefused([BadRow(str(folder), None, None, "", "is not a folder: give an import folder.")])
    for file in REQUIRED:
        if not (folder / file).is_file():
            header = ",".join(FILES[file].required)
            problems.add(
                BadRow(file, None, None, "", f"is missing: add it, at least with the header {header}")
            )
    if not _plan_paths(folder):
        problems.add(
            BadRow("plan.toml", None, None, "", "is missing: add a scoring plan, or several as plans/*.toml.")
        )
    problems.refuse_any()


def _plan_paths(folder: Path) -> list[Path]:
    single = [folder / "plan.toml"] if (folder / "plan.toml").is_file() else []
    return single + sorted(folder.glob("plans/*.toml"))


def _unread_files(folder: Path) -> list[str]:
    known = {*FILES, "company.toml", "plan.toml"}
    return [
        f"{path.name} was not read: an import folder has {', '.join(sorted(known))} and plans/*.toml."
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in (".csv", ".toml") and path.name not in known
    ]


def _typed_rows(
    path: Path, typed: Callable[[Row], Typed], problems: Problems, progress: Progress
) -> list[Typed]:
    found = []
    with problems.of_file():
        for row in read_rows(path, FILES[path.name], progress):
            with problems.of_row(row.file, row.line):
                found.append(typed(row))
    return found


def _read_company(path: Path, problems: Problems) -> CompanySettings:
    if not path.exists():
        return CompanySettings()
    with problems.of_file(), _wrong_toml_refused(path.name):
        return parse_company(_text(path, path.name))
    return CompanySettings()


def _read_plans(folder: Path, problems: Problems) -> Iterator[PlanFile]:
    for path in _plan_paths(folder):
        file = path.relative_to(folder).as_posix()
        with problems.of_file(), _wrong_toml_refused(file):
            text = _text(path, file)
            yield PlanFile(file, text, parse_plan(text))


def _text(path: Path, file: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused([BadRow(file, None, None, "", "is not UTF-8: save it as UTF-8.")]) from None


@contextmanager
def _wrong_toml_refused(file: str) -> Iterator[None]:
    try:
        yield
    except PlanError as error:
        raise ImportRefused([BadRow(file, error.line, None, "", error.sentence)]) from None
