"""What Slack knows of the app is what the code does."""

import json
import re
from pathlib import Path

import pytest
from slack_bolt import App, BoltRequest, BoltResponse

from bot.app import PacesetterApp

MANIFEST = json.loads(Path("bot/manifest.json").read_text(encoding="utf-8"))
SCOPES_OF_METHODS = {
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
}
"""From Slack's reference of each method; a method that is not here yet makes the test fail."""
SCOPES_OF_EVENTS = {"app_home_opened": set(), "user_change": {"users:read"}}
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
    assert names_listened_for(app, "command") == {"/myscore", "/ranking"}


def test_every_event_of_the_manifest_is_heard(app: PacesetterApp):
    assert names_listened_for(app, "event") == {"app_home_opened", "user_change"}


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


def test_home_and_buttons_are_switched_on():
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
