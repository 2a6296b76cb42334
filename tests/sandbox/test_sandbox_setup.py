"""Starting the sandbox: its files, its port, its own command."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox.__main__ import main
from sandbox.errors import SetupError
from sandbox.manifest import read_manifest
from sandbox.server import Sandbox
from sandbox.workspace import DEFAULT_WORKSPACE, read_workspace
from tests.sandbox.builders import ADA, a_manifest, a_workspace


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
        ({"team": {}}, "is not a workspace"),
        (wrong_workspace(users=[{"id": "U1", "name": "a", "real_name": "A", "colour": "red"}]), "colour"),
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
        ({}, "is not a Slack app manifest"),
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_alone_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    manifest = written(tmp_path / "manifest.json", a_manifest())
    command = [sys.executable, "-W", "error", "-m", "sandbox", "--port", "0", "--manifest", str(manifest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first_line = process.stdout.readline()

        process.send_signal(number)
        _, errors = process.communicate(timeout=10)

    assert first_line.startswith("Sandbox: http://127.0.0.1:")
    assert (process.returncode, errors) == (0, "")
