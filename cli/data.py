"""Loading a folder of files."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import counted, errors, installation, progress_bar, who
from domain.imports.service import import_folder


def import_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with people.csv, targets.csv, …")],
) -> None:
    """Load a folder, all of it or nothing; loading it again changes nothing."""
    with installation() as services:
        with services.database.writing() as session, progress_bar("Importing") as progress:
            result = import_folder(
                session, services.clock, folder, who(), lambda _what, done, total: progress(done, total)
            )
        for warning in result.warnings:
            errors.print(warning, style="yellow", markup=False)
        if not result.changed:
            errors.print("Nothing has changed since the last import.")
            return
        for file, changes in result.changes.items():
            errors.print(f"{file}: {counted(changes, 'change')}", markup=False)
