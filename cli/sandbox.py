"""The local Slack workspace by itself, for anyone's bot."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import errors
from sandbox.errors import SetupError
from sandbox.main import run


def sandbox(
    manifest: Annotated[Path, typer.Option(help="The app manifest, in Slack's JSON format.")],
    workspace: Annotated[Path | None, typer.Option(help="People and channels; else a small example.")] = None,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 4000,
) -> None:
    """Serve a local Slack workspace until interrupted."""
    try:
        run(manifest=manifest, workspace=workspace, host=host, port=port)
    except SetupError as problem:
        errors.print(str(problem), style="red", markup=False)
        raise typer.Exit(1) from None
