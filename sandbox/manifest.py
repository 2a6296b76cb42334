"""The app as its Slack manifest describes it: commands, scopes, events, surfaces."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.errors import SetupError

# Slack delivers an event only if the app may also read what the event tells of.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


@dataclass(frozen=True)
class SlashCommand:
    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Manifest:
    """What the sandbox needs of a manifest; see `read_manifest`."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    commands: Mapping[str, SlashCommand]
    bot_events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    interactivity: bool

    def hears(self, event: str) -> bool:
        """Whether the app subscribed to a bot event such as `message.im`, and has the scope it takes."""
        return event in self.bot_events and EVENT_SCOPES.get(event, "") in self.scopes | {""}


def read_manifest(source: Path | str | Mapping[str, Any]) -> Manifest:
    """Read a manifest in Slack's own JSON format, from a file or as already parsed.

    Raises SetupError where Slack would refuse the manifest.
    """
    content, where = _load(source)
    try:
        features = content.get("features", {})
        settings = content.get("settings", {})
        app_home = features.get("app_home", {})
        manifest = Manifest(
            name=content["display_information"]["name"],
            bot_name=features.get("bot_user", {}).get("display_name")
            or content["display_information"]["name"],
            scopes=frozenset(content.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            commands={one["command"]: _command(one) for one in features.get("slash_commands", [])},
            bot_events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            home_tab=bool(app_home.get("home_tab_enabled", False)),
            messages_tab=bool(app_home.get("messages_tab_enabled", True)),
            messages_read_only=bool(app_home.get("messages_tab_read_only_enabled", False)),
            interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SetupError(
            f"{where} is not a Slack app manifest: {error!r} where a field was expected."
        ) from error
    _check(manifest, where)
    return manifest


def _load(source: Path | str | Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    if isinstance(source, Mapping):
        return source, "The manifest"
    path = Path(source)
    try:
        return json.loads(path.read_text(encoding="utf-8")), f"The manifest {path}"
    except OSError as error:
        raise SetupError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SetupError(f"The manifest {path} is not JSON: {error}.") from error


def _command(entry: Mapping[str, Any]) -> SlashCommand:
    return SlashCommand(
        command=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape", False)),
    )


def _check(manifest: Manifest, where: str) -> None:
    if manifest.commands and "commands" not in manifest.scopes:
        raise SetupError(f'{where} has slash commands; add "commands" to oauth_config.scopes.bot.')
    for command in manifest.commands:
        if not command.startswith("/") or command != command.lower() or " " in command:
            raise SetupError(f"{where}: {command!r} must start with / and be lower case, without spaces.")
