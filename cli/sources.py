"""Sources from the command line: pulled in this process, and what became of each pull."""

import os
from typing import Annotated

import sqlalchemy as sa
import typer

from cli.common import Format, errors, installation, print_rows
from domain.errors import BadInput
from domain.metrics.model import RunState, SourceRun
from domain.services import Services
from worker.sources.config import Source, load_sources
from worker.sources.service import pull as pull_source

COLUMNS = ("source", "every", "last_run", "state", "rows", "problem")


def pull(
    name: Annotated[
        str | None, typer.Argument(help="A source of sources.toml; all of them by default.")
    ] = None,
) -> None:
    """Pull measures from the configured sources now; again without change where nothing is new."""
    with installation() as services:
        failed = False
        for source in _chosen(services, name):
            result = pull_source(services.database, services.clock, source)
            failed = failed or result.state is RunState.FAILED
            said = result.problem or f"{result.rows} records changed"
            errors.print(f"{source.name}: {said}", markup=False)
        if failed:
            raise typer.Exit(1)


def sources(output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """Print the configured sources, each with its last run."""
    with installation() as services:
        configured = load_sources(services.settings.sources_file, os.environ)
        with services.database.reading() as session:
            newest = sa.select(sa.func.max(SourceRun.id)).group_by(SourceRun.source)
            runs = session.scalars(sa.select(SourceRun).where(SourceRun.id.in_(newest)))
            by_name = {run.source: run for run in runs}
        print_rows(COLUMNS, [_row(source, by_name.get(source.name)) for source in configured], output_format)


def _chosen(services: Services, name: str | None) -> list[Source]:
    file = services.settings.sources_file
    configured = load_sources(file, os.environ)
    chosen = [source for source in configured if name in (None, source.name)]
    if not chosen:
        known = ", ".join(source.name for source in configured) or "none"
        raise BadInput("There is no such source in {file}: it names {known}.", file=file, known=known)
    return chosen


def _row(source: Source, run: SourceRun | None) -> dict[str, str]:
    return {
        "source": source.name,
        "every": str(source.every),
        "last_run": run.started_at.isoformat(timespec="seconds") if run else "",
        "state": run.state if run else "never run",
        "rows": str(run.rows) if run else "",
        "problem": (run.problem or "") if run else "",
    }
