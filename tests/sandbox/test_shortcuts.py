"""Shortcuts: from anywhere, and on a message."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from sandbox.client import Operator, Person, RefusedError
from sandbox.errors import SetupError
from sandbox.manifest_file import read_manifest
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BOT_TOKEN, a_manifest, modal, section

SHORTCUTS = [
    {"name": "Start", "type": "global", "callback_id": "start", "description": "Starts something"},
    {"name": "File it", "type": "message", "callback_id": "file", "description": "Files a message"},
]


def with_shortcuts(shortcuts: list[dict[str, str]] = SHORTCUTS) -> dict[str, Any]:
    manifest = a_manifest()
    manifest["features"]["shortcuts"] = shortcuts
    return manifest


@pytest.fixture
def sandbox(start: Callable[..., Sandbox]) -> Sandbox:
    return start(with_shortcuts())


def test_a_global_shortcut_may_open_a_modal(
    sandbox: Sandbox, bolt: App, connect: Callable[[Sandbox, App], Any], ada: Person
) -> None:
    @bolt.shortcut("start")
    def begin(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal(section("Started")))

    connect(sandbox, bolt)

    ada.shortcut("start")

    assert ada.wait_for_modal()["blocks"][0]["text"]["text"] == "Started"


def test_a_shortcut_of_a_message_brings_it_along(
    sandbox: Sandbox, bolt: App, connect: Callable[[Sandbox, App], Any], ada: Person
) -> None:
    @bolt.shortcut("file")
    def file(ack: Ack, shortcut: dict[str, Any], respond: Respond) -> None:
        ack()
        respond(f"Filed: {shortcut['message']['text']}")

    connect(sandbox, bolt)
    ada.say("Keep this", "general")

    ada.shortcut("file", ada.messages("general")[0])

    assert ada.wait_for(lambda one: one["text"] == "Filed: Keep this", channel="general")["ephemeral"]


def test_the_page_knows_the_shortcuts(operator: Operator) -> None:
    listed = operator.workspace()["shortcuts"]

    assert [(one["callback_id"], one["name"], one["type"]) for one in listed] == [
        ("start", "Start", "global"),
        ("file", "File it", "message"),
    ]


def test_shortcuts_that_cannot_be_used(sandbox: Sandbox, ada: Person) -> None:
    with pytest.raises(RefusedError, match="The app has no global shortcut 'file'"):
        ada.shortcut("file")
    with pytest.raises(RefusedError, match='Start failed with the error "dispatch_failed"'):
        ada.shortcut("start")
    WebClient(BOT_TOKEN, base_url=sandbox.api_url).auth_revoke()
    with pytest.raises(RefusedError, match="Tester is not installed"):
        Person(sandbox.url, ADA).shortcut("start")


def test_a_shortcut_of_no_kind() -> None:
    with pytest.raises(SetupError, match="the type of a shortcut is global or message, not 'everywhere'"):
        read_manifest(with_shortcuts([SHORTCUTS[0] | {"type": "everywhere"}]))
