"""The app manifest, as this installation calls its commands and is reached."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import refusals
from domain.errors import BadInput
from domain.settings import Settings
from domain.settings_slack import Transport, public_url

MANIFEST = Path(__file__).parent.parent / "bot" / "manifest.json"
REQUESTS, REDIRECT = "/slack/events", "/slack/oauth_redirect"
"""Where the bot listens; a test holds them together."""


def manifest(
    transport: Annotated[
        Transport, typer.Option(help="How Slack reaches the bot: by its own connection, or by HTTP.")
    ] = Transport.SOCKET,
    url: Annotated[
        str | None,
        typer.Option(
            help="For HTTP: the bot's address for Slack, like https://pacesetter.example.com; "
            "by default PACESETTER_URL."
        ),
    ] = None,
) -> None:
    """Print the app manifest for Slack, its commands named as PACESETTER_COMMANDS says."""
    with refusals():
        settings = Settings.from_environment()
        address = public_url(url, "--url") if url else settings.http.public_url
        app = described(settings, transport, address)
    typer.echo(json.dumps(app, indent=2, ensure_ascii=False))


def described(settings: Settings, transport: Transport, address: str | None) -> dict[str, Any]:
    """The manifest. Raises BadInput for HTTP without an address."""
    app: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    _name_commands(app, settings.commands.by_default_name())
    if transport is Transport.HTTP:
        _call_by_http(app, address)
    if address is not None:
        app["oauth_config"]["redirect_urls"] = [address + REDIRECT]
    return app


def _name_commands(described: dict[str, Any], names: dict[str, str]) -> None:
    for command in described["features"]["slash_commands"]:
        command["command"] = names[command["command"]]


def _call_by_http(described: dict[str, Any], address: str | None) -> None:
    """Raises BadInput without an address."""
    if address is None:
        raise BadInput(
            "A manifest for HTTP names the bot's address: give it with --url, like "
            "--url https://pacesetter.example.com, or set PACESETTER_URL."
        )
    for command in described["features"]["slash_commands"]:
        command["url"] = address + REQUESTS
    settings = described["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = address + REQUESTS
    settings["interactivity"]["request_url"] = address + REQUESTS
