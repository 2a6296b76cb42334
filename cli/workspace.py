"""The Slack workspace that the app is installed in by OAuth."""

import typer

from cli.common import errors, installation
from domain.encryption import new_key as make_key
from domain.errors import NotFound
from domain.installation import NOT_YET, THE_ONE, Installation

app = typer.Typer(no_args_is_help=True, help="The workspace that the app is installed in by OAuth.")


@app.command()
def show() -> None:
    """Which workspace it is, and since when."""
    with installation() as services, services.database.reading() as session:
        if services.settings.oauth is None:
            errors.print("The bot uses SLACK_BOT_TOKEN: it is installed on Slack's page of the app.")
        found = session.get(Installation, THE_ONE)
        if found is None:
            raise NotFound(NOT_YET)
        typer.echo(f"{found.team_name} ({found.team_id})")
        typer.echo(f"installed {found.installed_at:%Y-%m-%d %H:%M} UTC by {found.installed_by}")
        typer.echo(f"scopes {found.scopes}")
        if found.removed_at is not None:
            typer.echo(f"removed {found.removed_at:%Y-%m-%d %H:%M} UTC ({found.removed_by}): messages wait")


@app.command("new-key")
def new_key() -> None:
    """Make a key for PACESETTER_ENCRYPTION_KEY."""
    typer.echo(make_key())
