"""Files of people from the command line: rewards and sanctions, written, listed and withdrawn."""

from datetime import date
from typing import Annotated

import typer

from cli.common import Format, errors, installation, print_rows, who
from domain.access import CommandLine
from domain.cells import day
from domain.people.service import person_by_employee_id
from domain.recognition import file
from domain.recognition.file import EntryView, NewEntry
from domain.recognition.model import AwardKind, EntryKind
from domain.rows import CellError

COLUMNS = ("id", "kind", "day", "title", "reason", "evidence", "by", "withdrawn")


def day_argument(text: str) -> date:
    try:
        return day({"day": text}, "day")
    except CellError as bad:
        raise typer.BadParameter(f'"{text}" {bad.reason}') from None


Employee = Annotated[str, typer.Argument(metavar="EMPLOYEE", help="An employee id of people.csv")]

app = typer.Typer(
    help="Files of people: rewards and sanctions. Nothing is ever deleted.", no_args_is_help=True
)


@app.command()
def add(
    employee: Employee,
    kind: Annotated[EntryKind, typer.Option(help="reward or sanction")],
    title: Annotated[str, typer.Option(help="In a few words")],
    on_day: Annotated[date, typer.Option("--on", parser=day_argument, metavar="DAY", help="2026-07-01")],
    reason: Annotated[str, typer.Option(help="Why: the person reads it.")],
    evidence: Annotated[str, typer.Option(help="What there is to show for it")] = "",
) -> None:
    """Write an entry into a person's file; the person is told."""
    with installation() as services, services.database.writing() as session:
        person = person_by_employee_id(session, employee)
        new = NewEntry(kind, title, on_day, reason, evidence)
        entry = file.add_entry(session, services.clock, CommandLine(who()), person.id, new)
        errors.print(f"Entry {entry.id} stands in the file of {person.name}.", markup=False)


@app.command("list")
def list_(
    employee: Employee, output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE
) -> None:
    """Print a person's file, what is withdrawn too."""
    with installation() as services, services.database.reading() as session:
        person = person_by_employee_id(session, employee)
        view = file.file_of(session, services.clock, CommandLine(who()), person.id)
        print_rows(COLUMNS, [_row(entry) for entry in view.entries], output_format)


@app.command()
def withdraw(
    entry: Annotated[int, typer.Argument(metavar="ID", help="As `record list` prints it")],
    because: Annotated[str, typer.Option(help="Why: the person reads it.")],
) -> None:
    """Mark an entry as withdrawn; it stays in the file, and the person is told."""
    with installation() as services, services.database.writing() as session:
        file.withdraw_entry(session, services.clock, CommandLine(who()), entry, because)
        errors.print(f"Entry {entry} is withdrawn.")


def _row(entry: EntryView) -> dict[str, str]:
    cells = (
        str(entry.id),
        entry.kind,
        entry.on_day.isoformat(),
        _won(entry) or entry.title,
        entry.reason,
        entry.evidence or "",
        entry.by_name,
        entry.withdrawn_because or "",
    )
    return dict(zip(COLUMNS, cells, strict=True))


def _won(entry: EntryView) -> str | None:
    if entry.award is None:
        return None
    what = "climber" if entry.award.kind is AwardKind.CLIMBER else entry.award.indicator
    return f"{entry.award.month.key}, best of {entry.award.unit}: {what}"
