"""Starting the sandbox: its files, its port, its own command."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.__main__ import main
from sandbox.client import Operator, Person
from sandbox.errors import SetupError
from sandbox.main import how_to
from sandbox.manifest_file import read_manifest
from sandbox.server import Sandbox
from sandbox.workspace_file import DEFAULT_WORKSPACE, read_workspace
from tests.sandbox.builders import (
    ADA,
    APP_TOKEN,
    BOT_TOKEN,
    CLIENT_SECRET,
    SIGNING_SECRET,
    a_manifest,
    a_workspace,
)
from tests.sandbox.waiting import PATIENCE_S


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_the_example_workspace_works_with_any_manifest() -> None:
    workspace = read_workspace(DEFAULT_WORKSPACE, read_manifest(a_manifest()))

    assert workspace.app.name == "Tester"
    assert workspace.app.bot_user_id in workspace.users


def wrong_workspace(**changes: Any) -> dict[str, Any]:
    return a_workspace() | changes


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "the whole must be an object"),
        ({"team": {"id": "T1"}}, "has no team.name: add it"),
        ({"team": {"id": "T1", "name": "x"}}, "has no users: add at least one person"),
        (wrong_workspace(user=[]), "it has a field 'user' that means nothing; it may have team"),
        (wrong_workspace(users={"id": "U1"}), "users must be a list"),
        (wrong_workspace(users=["Ada"]), r"users\[0\] must be an object .* not \"Ada\""),
        (wrong_workspace(users=[{"id": "U1", "name": "a"}]), r"has no users\[0\].real_name: add it"),
        (
            wrong_workspace(users=[{"id": "U1", "name": "a", "real_name": "A", "colour": "red"}]),
            r"users\[0\] has a field 'colour' that means nothing; it may have id, name",
        ),
        (wrong_workspace(tokens={"bot": "secret"}), "tokens.bot must begin with xoxb-"),
        (wrong_workspace(app={"installed": "no"}), 'app.installed must be true or false, not "no"'),
        (
            wrong_workspace(channels=[{"id": "C1", "name": "x", "members": [1]}]),
            r"channels\[0\].members\[0\] must be a text, not 1",
        ),
        (
            wrong_workspace(users=[{"id": "U1", "name": "a", "real_name": "A", "team": "T9"}], channels=[]),
            "user U1 is of team T9; add that to other_teams",
        ),
        (
            wrong_workspace(channels=[{"id": "C1", "name": "x", "shared_with": ["T9"]}]),
            "channel x is shared with T9; add that to other_teams",
        ),
        (wrong_workspace(users=a_workspace()["users"][:1] * 2), f"two users with the id {ADA}"),
        (
            wrong_workspace(
                users=[{"id": "U1", "name": "a", "real_name": "A", "tz": "Mars/Base"}], channels=[]
            ),
            "'Mars/Base' of user U1 is not a time zone",
        ),
        (
            wrong_workspace(channels=[{"id": "C1", "name": "x", "members": ["U0NOBODY"]}]),
            "channel x has members who are not among its users: U0NOBODY",
        ),
    ],
)
def test_a_workspace_file_that_is_wrong(tmp_path: Path, content: Any, sentence: str) -> None:
    path = written(tmp_path / "workspace.json", content)

    with pytest.raises(SetupError, match=sentence) as caught:
        read_workspace(path, read_manifest(a_manifest()))

    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON"),
        ({}, "has no display_information.name: add it"),
        ({"display_information": "x"}, "display_information must be an object"),
        (
            {"display_information": {"name": "x"}, "oauth_config": {"scopes": {"bot": "commands"}}},
            "oauth_config.scopes.bot must be a list",
        ),
        (a_manifest(without_scopes=("commands",)), 'add "commands" to oauth_config.scopes.bot'),
        (
            {
                "display_information": {"name": "x"},
                "features": {"slash_commands": [{"command": "Hello"}]},
                "oauth_config": {"scopes": {"bot": ["commands"]}},
            },
            "must start with /",
        ),
    ],
)
def test_a_manifest_that_slack_would_refuse(tmp_path: Path, content: Any, sentence: str) -> None:
    path = written(tmp_path / "manifest.json", content)

    with pytest.raises(SetupError, match=sentence):
        read_manifest(path)


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--manifest", str(tmp_path / "none.json")])

    assert status == 1
    assert "none.json cannot be read: No such file or directory." in capsys.readouterr().err


def test_a_port_that_is_taken(sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = written(tmp_path / "manifest.json", a_manifest())

    status = main(["--manifest", str(manifest), "--port", str(sandbox.port)])

    assert status == 1
    assert capsys.readouterr().err == (
        f"The sandbox cannot listen on 127.0.0.1:{sandbox.port}: Address already in use. "
        "Is it running already? Choose another port with --port.\n"
    )
    with pytest.raises(SetupError, match="Address already in use"):
        Sandbox(None, a_manifest(), port=sandbox.port).run_in_thread()


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ({"port": 70_000}, "choose a port from 0 to 65535 with --port"),
        ({"host": "no.such.host.invalid"}, "Choose an address of this machine with --host"),
    ],
)
def test_an_address_that_cannot_be(where: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        Sandbox(None, a_manifest(), **where).run_in_thread()


def test_it_tells_how_to_come_in_by_socket_mode(sandbox: Sandbox) -> None:
    told = how_to(sandbox)

    assert told.startswith(f"Sandbox: {sandbox.url}\n  The workspace Acme")
    assert "any of its 3 people" in told
    for needed in (sandbox.api_url, BOT_TOKEN, APP_TOKEN):
        assert needed in told
    assert SIGNING_SECRET not in told


def test_it_tells_how_to_come_in_over_http_and_by_oauth(start: Callable[..., Sandbox]) -> None:
    sandbox = start(http_url="http://127.0.0.1:9/slack/events", installed=False)

    told = how_to(sandbox)

    for needed in ("http://127.0.0.1:9/slack/events", SIGNING_SECRET, f"{sandbox.url}/oauth/v2/authorize"):
        assert needed in told
    assert CLIENT_SECRET in told
    assert BOT_TOKEN not in told


def test_the_page_may_show_another_time(start: Callable[..., Sandbox]) -> None:
    sandbox = start(clock_offset_s=-86_400)

    assert Operator(sandbox.url).workspace()["clock_offset_s"] == -86_400
    ts = Person(sandbox.url, ADA).say("Now")
    assert abs(float(ts) - time.time()) < 60, "ids of messages stay on the real clock"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_alone_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    manifest = written(tmp_path / "manifest.json", a_manifest())
    command = [sys.executable, "-W", "error", "-m", "sandbox", "--port", "0", "--manifest", str(manifest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first_line = process.stdout.readline()

        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE_S)

    assert first_line.startswith("Sandbox: http://127.0.0.1:")
    assert (process.returncode, errors) == (0, "")


def test_it_closes_while_an_event_loop_runs_in_the_same_thread(sandbox: Sandbox) -> None:
    async def close() -> None:
        sandbox.close()

    asyncio.run(close())

    with pytest.raises(ConnectionError):
        Operator(sandbox.url).workspace()
    sandbox.close()
