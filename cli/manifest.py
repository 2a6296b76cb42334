"""The app manifest, as this installation calls its commands."""

import json
from pathlib import Path

import typer

from cli.common import refusals
from domain.settings import Settings

MANIFEST = Path(__file__).parent.parent / "bot" / "manifest.json"


def manifest() -> None:
    """Print the app manifest for Slack, its commands named as PACESETTER_COMMANDS says."""
    with refusals():
        names = Settings.from_environment().commands.by_default_name()
    described = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for command in described["features"]["slash_commands"]:
        command["command"] = names[command["command"]]
    typer.echo(json.dumps(described, indent=2, ensure_ascii=False))
