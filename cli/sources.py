"""Sources from the command line: how each is, what became of each run, running one now, trying one out."""

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer

from cli.common import Format, counted, errors, installation, print_rows
from domain.errors import BadInput
from domain.services import Services
from domain.sources.health import RunView, SourceHealth, all_sources, one_source, runs_of
from worker.sources.checking import check as check_source
from worker.sources.config import Source
from worker.sources.fields import NAMES
from worker.sources.registry import configured, one_of
from worker.sources.service import pull

COLUMNS = ("source", "kind", "every", "health", "last_run", "state", "read", "rows", "refused", "problem")
WIDE = ("state", "problem")
"""Left to CSV: a table on a terminal has no room for them."""
RUN_COLUMNS = (
    *("run", "started", "seconds", "state", "read"),
    *("new", "corrected", "removed", "as_before", "refused"),
)
REFUSAL_COLUMNS = ("row", "column", "value", "reason")

app = typer.Typer(help="Sources of measures: how they are, running one, trying one out.")

Name = Annotated[str, typer.Argument(help="A source of sources.toml.")]
Output = Annotated[Format, typer.Option("--format")]


@app.callback(invoke_without_command=True)
def sources(context: typer.Context, output_format: Output = Format.TABLE) -> None:
    """Print the configured sources, each with its health and its last run."""
    if context.invoked_subcommand is not None:
        return
    with installation() as services:
        _configured(services)
        with services.database.reading() as session:
            health = all_sources(session, services.clock).health
        shown = [column for column in COLUMNS if output_format is Format.CSV or column not in WIDE]
        print_rows(shown, [_row(one) for one in health], output_format)
        if output_format is Format.TABLE:
            _print_problems(health)


@app.command()
def show(name: Name, output_format: Output = Format.TABLE) -> None:
    """Print a source's last runs, and the rows that the last one refused."""
    with installation() as services:
        one_of(_configured(services), name, services.settings.sources_file)
        with services.database.reading() as session:
            health = one_source(session, services.clock, name)
            runs = runs_of(session, name)
        _say_about(health)
        print_rows(RUN_COLUMNS, [_run_row(run) for run in runs], output_format)
        if health.last is not None and health.last.refusals:
            errors.print(f"Refused: {health.last.refused}. The first of them:")
            print_rows(REFUSAL_COLUMNS, [_texts(one) for one in health.last.refusals], output_format)


@app.command()
def run(
    name: Annotated[
        str | None, typer.Argument(help="A source of sources.toml; all that can be asked by default.")
    ] = None,
) -> None:
    """Read measures from the configured sources now; again without change where nothing is new."""
    with installation() as services:
        failed = False
        for source in _chosen(services, name):
            result = pull(
                services.database, services.clock, source, correlation_id=f"cli-{secrets.token_hex(6)}"
            )
            failed = failed or not result.is_well
            said = result.problem or f"{counted(result.rows, 'record')} changed"
            errors.print(f"{source.name}: {said}", markup=False)
        if failed:
            raise typer.Exit(1)


@app.command()
def check(name: Name, output_format: Output = Format.TABLE) -> None:
    """Connect to a source and print a few of its rows; nothing is stored."""
    with installation() as services:
        source = one_of(_configured(services), name, services.settings.sources_file)
        checked = check_source(services.database, services.clock, source, os.environ)
        if source.delivers:
            errors.print(f"{name} delivers by itself. Its secret is set; docs/sources.md shows how to send.")
            return
        rows = [{column: row.cells.get(column, "") for column in NAMES} for row in checked.rows]
        print_rows(NAMES, rows, output_format)
        for problem in checked.refused:
            errors.print(str(problem), style="red", markup=False)
        if checked.refused:
            raise typer.Exit(1)
        errors.print(f"{name} can be read. Nothing was stored.")


def _configured(services: Services) -> tuple[Source, ...]:
    return configured(services.database, services.clock, services.settings.sources_file)


def _chosen(services: Services, name: str | None) -> list[Source]:
    known, file = _configured(services), services.settings.sources_file
    if name is not None:
        return [one_of(known, name, file)]
    if not known:
        raise BadInput("There is no source in {file}: docs/sources.md shows how to describe one.", file=file)
    return [source for source in known if not source.delivers]


def _print_problems(health: Iterable[SourceHealth]) -> None:
    for one in health:
        if one.last is not None and one.last.problem is not None:
            errors.print(f"{one.source.name}: {one.last.problem}", style="red", markup=False)


def _say_about(health: SourceHealth) -> None:
    source = health.source
    every = "" if source.every_s is None else f", every {_span(source.every_s)}"
    errors.print(f"{source.name} ({source.kind}{every}): {health.verdict}", markup=False)
    last = health.last
    if last is not None and last.problem is not None:
        errors.print(last.problem, style="red", markup=False)
    if last is not None and last.correlation_id is not None:
        errors.print(f"Reference of the last run in the logs: {last.correlation_id}", markup=False)
    if last is not None and last.cursor is not None:
        errors.print(f"The next run goes on at: {last.cursor}", markup=False)


def _row(health: SourceHealth) -> dict[str, str]:
    last, source = health.last, health.source
    return {
        "source": source.name,
        "kind": source.kind,
        "every": "" if source.every_s is None else _span(source.every_s),
        "health": health.verdict,
        "last_run": _moment(last.started_at) if last else "",
        "state": last.state if last else "never run",
        "read": str(last.read) if last else "",
        "rows": str(last.added + last.corrected + last.removed) if last else "",
        "refused": str(last.refused) if last else "",
        "problem": (last.problem or "") if last else "",
    }


def _run_row(run: RunView) -> dict[str, str]:
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return {
        "run": str(run.id),
        "started": _moment(run.started_at),
        "seconds": "" if took is None else f"{took:.1f}",
        "state": run.state,
        "read": str(run.read),
        "new": str(run.added),
        "corrected": str(run.corrected),
        "removed": str(run.removed),
        "as_before": str(run.unchanged),
        "refused": str(run.refused),
    }


def _texts(refusal: dict[str, object]) -> dict[str, str]:
    return {name: "" if refusal[name] is None else str(refusal[name]) for name in REFUSAL_COLUMNS}


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%MZ}"


def _span(seconds: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
