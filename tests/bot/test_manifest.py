"""What Slack knows of the app is what the code does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from typer.testing import CliRunner

from bot.app import PacesetterApp
from bot.http.site import EVENTS_PATH
from bot.oauth.flow import REDIRECT_PATH
from cli.main import app as cli

MANIFEST = json.loads(Path("bot/manifest.json").read_text(encoding="utf-8"))
SCOPES_OF_METHODS = {
    "apps_uninstall": set(),
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"im:history", "groups:history"},
    "conversations_replies": {"im:history", "groups:history"},
    "conversations_info": {"groups:read", "channels:read"},
    "conversations_list": {"groups:read"},
    "conversations_members": {"groups:read"},
    "conversations_open": {"im:write"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "users_info": {"users:read", "users:read.email"},
    "users_list": {"users:read", "users:read.email"},
    "users_lookupByEmail": {"users:read.email"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
"""From Slack's reference of each method; a method that is not here yet makes the test fail."""
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
CALL = re.compile(r"(?:client|slack|_client)\.((?:[a-z]+_)+[a-zA-Z0-9_]+)\(")
CALL_BY_NAME = re.compile(r"\"((?:conversations|users|chat|files|views)\.[a-zA-Z]+)\"")


def methods_called() -> set[str]:
    found: set[str] = set()
    for folder in ("bot", "worker"):
        for file in Path(folder).rglob("*.py"):
            source = file.read_text(encoding="utf-8")
            found |= set(CALL.findall(source))
            found |= {name.replace(".", "_") for name in CALL_BY_NAME.findall(source)}
    return {name for name in found if name != "api_call"}


def names_listened_for(app: App, kind: str) -> set[str]:
    """The commands or events with a listener, found by asking each listener."""
    candidates = {
        "command": {one["command"] for one in MANIFEST["features"]["slash_commands"]} | {"/nonsense"},
        "event": set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) | {"message"},
    }[kind]
    return {name for name in candidates if _is_heard(app, kind, name)}


def _is_heard(app: App, kind: str, name: str) -> bool:
    body = (
        {"command": name, "user_id": "U1"}
        if kind == "command"
        else {"type": "event_callback", "event": {"type": name, "user": "U1"}}
    )
    request = BoltRequest(mode="socket_mode", body=body)
    return any(one.matches(req=request, resp=BoltResponse(status=200)) for one in app._listeners)


def test_every_command_of_the_manifest_is_answered(app: PacesetterApp):
    assert names_listened_for(app, "command") == {"/myscore", "/ranking", "/team", "/targets", "/hr"}


def test_every_event_of_the_manifest_is_heard(app: PacesetterApp):
    assert names_listened_for(app, "event") == set(SCOPES_OF_EVENTS)


def test_the_manifest_asks_for_the_scopes_in_use_and_no_others():
    unknown = methods_called() - set(SCOPES_OF_METHODS)
    assert unknown == set(), "write down which scopes these methods need"
    needed = {"commands"}.union(
        *(SCOPES_OF_METHODS[method] for method in methods_called()),
        *(SCOPES_OF_EVENTS[event] for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]),
    )
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


@pytest.mark.parametrize("command", MANIFEST["features"]["slash_commands"], ids=lambda one: one["command"])
def test_every_command_says_what_it_does_and_how_to_get_help(command):
    assert 0 < len(command["description"]) <= 2000
    assert "help" in command["usage_hint"]
    assert len(command["usage_hint"]) <= 1000


def printed(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(cli, ["manifest", *arguments])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_manifest_for_http_names_the_address_where_the_bot_listens():
    over_http = printed("--transport", "http", "--url", "https://pace.example.com/")

    requests = f"https://pace.example.com{EVENTS_PATH}"
    assert {one["url"] for one in over_http["features"]["slash_commands"]} == {requests}
    settings = over_http["settings"]
    assert settings["event_subscriptions"]["request_url"] == requests
    assert settings["interactivity"]["request_url"] == requests
    assert settings["socket_mode_enabled"] is False
    assert over_http["oauth_config"]["redirect_urls"] == [f"https://pace.example.com{REDIRECT_PATH}"]


def test_the_two_manifests_ask_for_the_same_in_all_other_respects():
    over_http = printed("--transport", "http", "--url", "https://pace.example.com")
    for one in over_http["features"]["slash_commands"]:
        del one["url"]
    settings = over_http["settings"]
    del settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]
    del over_http["oauth_config"]["redirect_urls"]

    assert over_http == MANIFEST | {"settings": settings}
    assert settings | {"socket_mode_enabled": True} == MANIFEST["settings"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--transport", "http"], "give it with --url"),
        (["--transport", "http", "--url", "pace.example.com"], "--url is pace.example.com"),
    ],
)
def test_a_manifest_for_http_needs_an_address(arguments: list[str], sentence: str):
    refused = CliRunner().invoke(cli, ["manifest", *arguments])

    assert refused.exit_code == 1
    assert sentence in refused.stderr


def test_home_and_buttons_are_switched_on():
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
