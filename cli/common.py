"""What the commands share: opening the installation, refusing with a sentence, showing progress."""

import csv
import getpass
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

import sqlalchemy as sa
import typer
from alembic.util import CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from domain.database import Database
from domain.errors import Refusal
from domain.periods import Period
from domain.services import Services, make_services
from domain.settings import Settings
from migrations import upgrade

errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Format(StrEnum):
    CSV = "csv"
    TABLE = "table"


@contextmanager
def installation() -> Iterator[Services]:
    """The services that the settings name, with their tables up to date; a refusal ends the command."""
    with refusals():
        services = make_services(Settings.from_environment())
        try:
            bring_up_to_date(services.database)
            yield services
        finally:
            services.database.close()


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into its sentence on standard error and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        errors.print(str(refusal), style="red", markup=False)
        raise typer.Exit(1) from None


def period_argument(key: str) -> Period:
    try:
        return Period.parse(key)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None


def who() -> str:
    """Who acts, for the records: the user of this machine."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user without a name
        return f"cli:{os.getuid()}"


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error where that is a terminal; called with what is done and the total."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def counted(number: int, thing: str) -> str:
    """`1 alert`, `2 alerts`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def print_rows(columns: Sequence[str], rows: Iterable[dict[str, str]], output_format: Format) -> None:
    """Rows of text to standard output, as CSV or as a table to read."""
    if output_format is Format.CSV:
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return
    table = Table(*(Column(column, overflow="fold") for column in columns))
    for row in rows:
        table.add_row(*(row[column] for column in columns))
    Console(markup=False, highlight=False).print(table)


def bring_up_to_date(database: Database) -> None:
    """Bring its tables up to date. Raises Refusal where that cannot be."""
    try:
        upgrade(database)
    except CommandError:
        raise Refusal(
            "The database at {url} was made by a newer version of Pacesetter: bring this one up to date.",
            url=database.url.render_as_string(hide_password=True),
        ) from None
    except sa.exc.DatabaseError as problem:
        raise Refusal(
            "The database at {url} cannot be opened: check DATABASE_URL. ({problem})",
            url=database.url.render_as_string(hide_password=True),
            problem=str(problem.orig).splitlines()[0],
        ) from None
