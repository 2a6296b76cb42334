"""The audit chain from the command line."""

import typer

from cli.common import errors, installation
from domain.audit import first_broken_entry

app = typer.Typer(no_args_is_help=True, help="The audit chain.")


@app.command()
def verify() -> None:
    """Find an entry that was edited, deleted or moved."""
    with installation() as services, services.database.reading() as session:
        broken = first_broken_entry(session)
        if broken is not None:
            errors.print(f"The chain breaks at entry {broken}: it was edited, deleted or moved.", style="red")
            raise typer.Exit(1)
        errors.print("The chain holds.")
