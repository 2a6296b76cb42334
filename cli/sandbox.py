"""The local Slack workspace by itself, for anyone's bot."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import errors
from sandbox.errors import SetupError
from sandbox.main import run
from sandbox.server import Sandbox


def sandbox(
    manifest: Annotated[Path, typer.Option(help="The app manifest, in Slack's JSON format.")],
    workspace: Annotated[
        Path | None, typer.Option(help="People and channels, in JSON; else a small example.")
    ] = None,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 4000,
    http_url: Annotated[
        str | None, typer.Option(help="Call the app here, signed, instead of by Socket Mode.")
    ] = None,
    not_installed: Annotated[
        bool, typer.Option("--not-installed", help="The app comes in by OAuth, or from the page.")
    ] = False,
    clock_offset: Annotated[
        int,
        typer.Option(envvar="PACESETTER_CLOCK_OFFSET", help="The page shows times so many seconds later."),
    ] = 0,
) -> None:
    """Serve a local Slack workspace until interrupted."""
    try:
        run(
            Sandbox(
                workspace,
                manifest,
                host=host,
                port=port,
                http_url=http_url,
                installed=False if not_installed else None,
                clock_offset_s=clock_offset,
            )
        )
    except SetupError as problem:
        errors.print(str(problem), style="red", markup=False)
        raise typer.Exit(1) from None
