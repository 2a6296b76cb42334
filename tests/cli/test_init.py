"""`pacesetter init`: questions, checks against a workspace, and what is said to be missing."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.oauth import flow
from cli.init.oauth_checks import INSTALL_PATH
from cli.init.slack_checks import check_channels, check_people, client
from cli.main import app
from cli.manifest import MANIFEST
from domain.clock import SystemClock
from domain.database import Database
from domain.encryption import Vault, new_key
from domain.installation import Arrival, install
from domain.overview import Overview
from sandbox.client import Operator
from sandbox.server import Sandbox
from tests.builders import CompanyFolder
from tests.sandbox.builders import APP_TOKEN, BOT_TOKEN, a_workspace

Init = Callable[..., Result]
NONE_OF_THE_TESTERS_OWN = (
    *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "PACESETTER_TRANSPORT"),
    *("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_TEAM_ID"),
    *("PACESETTER_ENCRYPTION_KEY", "PACESETTER_URL"),
)


@pytest.fixture
def workspace() -> Iterator[Sandbox]:
    with Sandbox(a_workspace(), MANIFEST).run_in_thread() as sandbox:
        yield sandbox


@pytest.fixture
def init(home: Path, workspace: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Init:
    """Run it in an empty folder; `answers` are typed one after the other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_API_URL", f"{workspace.url}/api/")
    for name in NONE_OF_THE_TESTERS_OWN:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, answers: tuple[str, ...] = ()) -> Result:
        typed = "".join(f"{answer}\n" for answer in answers)
        return CliRunner().invoke(app, ["init", *map(str, arguments)], input=typed)

    return run


def a_company(folder: Path, **unit: Any) -> Path:
    company = CompanyFolder().plan().unit("Acme", **unit)
    company.person("E1", unit="Acme", email="ada@example.com").target("E1", "sales", "2026-06", 1000)
    company.person("H1", role="hr", unit="Acme", job_family="hr", email="ben@example.com")
    company.person("A1", role="admin", unit="Acme", job_family="it", email="lin@example.com")
    return company.write(folder)


def test_a_company_is_set_up_by_answering_and_keeps_its_answers(init: Init, tmp_path: Path) -> None:
    folder = a_company(tmp_path / "acme", channel="leads")

    result = init("--import", folder, answers=("", BOT_TOKEN, APP_TOKEN, ""))

    assert result.exit_code == 0, result.output
    assert "Socket Mode works." in result.stdout
    assert "The channel leads of Acme is private, and the bot is in it." in result.stdout
    assert "All 3 people are found in Slack." in result.stdout
    kept = (tmp_path / "pacesetter.env").read_text()
    assert f"SLACK_BOT_TOKEN={BOT_TOKEN}\n" in kept
    assert (tmp_path / "pacesetter.env").stat().st_mode & 0o077 == 0
    assert BOT_TOKEN not in result.output


@pytest.mark.parametrize("name", ["pacesetter.env", "of acme.env"])
def test_how_to_load_the_settings_works_in_every_shell(init: Init, tmp_path: Path, name: str) -> None:
    """Only some shells look for a file without a slash in the folder that one is in."""
    folder = a_company(tmp_path / "acme")
    said = init("--settings", name, "--import", folder, answers=("", BOT_TOKEN, APP_TOKEN, "")).stderr

    (load,) = re.findall(r"set -a; .*; set [+]a", said)
    shell = subprocess.run(
        ["sh", "-c", f'{load}; echo "$SLACK_BOT_TOKEN"'],
        cwd=tmp_path,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )

    assert shell.stdout == f"{BOT_TOKEN}\n", shell.stderr


def test_looking_again_asks_nothing(init: Init, tmp_path: Path) -> None:
    init("--import", a_company(tmp_path / "acme"), answers=("", BOT_TOKEN, APP_TOKEN, ""))

    again = init("--check")

    assert again.exit_code == 0, again.output
    assert "Socket Mode works." in again.stdout


def test_over_http_the_link_to_make_the_app_names_the_address(init: Init, tmp_path: Path) -> None:
    folder = a_company(tmp_path / "acme")
    address = "https://pacesetter.example.com"

    result = init("--transport", "http", "--import", folder, answers=(address, BOT_TOKEN, "0" * 32, ""))

    assert result.exit_code == 0, result.output
    assert "pacesetter.example.com%2Fslack%2Fevents" in result.stderr.replace("\n", "")
    assert "PACESETTER_TRANSPORT is set already" not in result.stderr, "it has just been given"
    assert "PACESETTER_TRANSPORT=http\n" in (tmp_path / "pacesetter.env").read_text()


def test_what_cannot_be_right_is_asked_for_again(init: Init, tmp_path: Path) -> None:
    folder = a_company(tmp_path / "acme")

    answers = ("carrier pigeon", "socket", APP_TOKEN, BOT_TOKEN, APP_TOKEN, "mysql://x", "")
    result = init("--import", folder, answers=answers)

    assert result.exit_code == 0, result.output
    assert "Write socket or http." in result.stderr
    assert "It begins with xoxb-" in result.stderr
    assert "Pacesetter runs on sqlite and postgresql" in result.stderr.replace("\n", " ")


def test_tokens_that_slack_refuses_are_named(init: Init) -> None:
    result = init(answers=("", "xoxb-of-somebody-else", "xapp-of-somebody-else", ""))

    assert result.exit_code == 1
    assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in result.stdout
    assert "Slack refuses SLACK_APP_TOKEN (invalid_auth)" in result.stdout
    assert "pacesetter init --import DIR" in result.stdout


OAUTH = {"SLACK_CLIENT_ID": "11.22", "SLACK_CLIENT_SECRET": "c" * 32}
ADDRESS = "https://pacesetter.example.com"


@pytest.mark.parametrize("given", [("SLACK_CLIENT_ID",), tuple(OAUTH)], ids=["id", "both"])
def test_with_a_client_id_it_says_how_the_app_is_installed(
    init: Init, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]
) -> None:
    for name in given:
        monkeypatch.setenv(name, OAUTH[name])
    rest = tuple(OAUTH[name] for name in OAUTH if name not in given)

    result = init("--transport", "http", answers=(ADDRESS, *rest, "T0TEAM", "0" * 32, ""))

    assert result.exit_code == 1
    assert "Only the workspace T0TEAM may install the app." in result.stdout
    assert f"start `python -m bot`, open {ADDRESS}/slack/install" in result.stdout
    assert "SLACK_BOT_TOKEN is not set" not in result.output
    kept = (tmp_path / "pacesetter.env").read_text()
    assert "PACESETTER_ENCRYPTION_KEY=" in kept
    assert "SLACK_CLIENT_ID=11.22\n" in kept, "the bot is started from the file alone"
    assert f"SLACK_CLIENT_SECRET={'c' * 32}\n" in kept


def test_what_the_environment_has_set_is_kept_with_the_answers(
    init: Init, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_company(tmp_path / "acme")
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("UNRELATED", "value")
    init("--import", folder, answers=("", APP_TOKEN, ""))

    monkeypatch.delenv("SLACK_BOT_TOKEN")
    later = init("--check")

    assert later.exit_code == 0, later.output
    assert "UNRELATED" not in (tmp_path / "pacesetter.env").read_text()


def test_an_app_that_anybody_may_install_is_noted(init: Init, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OAUTH.items():
        monkeypatch.setenv(name, value)

    result = init("--transport", "http", answers=(ADDRESS, "", "0" * 32, ""))

    assert "NOTE    SLACK_TEAM_ID is not set: the first workspace that installs the app" in result.stdout


def test_the_token_of_an_installation_is_tried(
    init: Init, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key()
    for name, value in (OAUTH | {"PACESETTER_ENCRYPTION_KEY": key, "SLACK_TEAM_ID": "T0TEAM"}).items():
        monkeypatch.setenv(name, value)
    database = Database(f"sqlite:///{home / 'pacesetter.db'}")
    folder = a_company(tmp_path / "acme")
    arrival = Arrival("T0TEAM", "Acme", None, "A0APP", "U0BOT", "B0BOT", "commands", BOT_TOKEN, "U0ADA")
    with database.writing() as session:
        install(session, SystemClock(), Vault([key]), arrival)

    result = init("--transport", "http", "--import", folder, answers=(ADDRESS, "0" * 32, ""))
    assert result.exit_code == 0, result.output
    assert "with every scope it needs." in result.stdout

    with database.writing() as session:
        install(session, SystemClock(), Vault([key]), replace(arrival, token="xoxb-stale"))
    database.close()
    again = init("--check")
    assert again.exit_code == 1
    assert "Slack refuses the token of the installation (invalid_auth): install the app again" in again.stdout
    assert f"{ADDRESS}{INSTALL_PATH}" in again.stdout


def test_the_page_that_installs_the_app_is_where_init_says() -> None:
    assert INSTALL_PATH == flow.INSTALL_PATH


def test_scopes_that_the_app_was_not_given_are_listed(
    init: Init, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    poor = json.loads(MANIFEST.read_text())
    poor["oauth_config"]["scopes"]["bot"].remove("files:write")
    with Sandbox(a_workspace(), poor).run_in_thread() as sandbox:
        monkeypatch.setenv("SLACK_API_URL", f"{sandbox.url}/api/")
        result = init(answers=("", BOT_TOKEN, APP_TOKEN, ""))

    assert result.exit_code == 1
    assert "SLACK_BOT_TOKEN lacks the scopes files:write" in result.stdout


def test_a_rate_limit_is_waited_for(init: Init, workspace: Sandbox, tmp_path: Path) -> None:
    folder = a_company(tmp_path / "acme", channel="leads")
    Operator(workspace.url).faults(rate_limit_next=2, methods=["users.list", "users.conversations"])

    result = init("--import", folder, answers=("", BOT_TOKEN, APP_TOKEN, ""))

    assert result.exit_code == 0, result.output
    assert "All 3 people are found in Slack." in result.stdout


def test_lists_that_slack_refuses_are_named(init: Init, workspace: Sandbox, tmp_path: Path) -> None:
    folder = a_company(tmp_path / "acme", channel="leads")
    lists = ["users.list", "users.conversations"]
    Operator(workspace.url).faults(rate_limit_next=100, retry_after=0, methods=lists)

    result = init("--import", folder, answers=("", BOT_TOKEN, APP_TOKEN, ""))

    assert result.exit_code == 1
    assert "Slack refuses to list the bot's channels (ratelimited)" in result.stdout
    assert "Slack refuses to list the workspace's people (ratelimited)" in result.stdout


def test_who_has_no_user_in_slack_is_named(init: Init, tmp_path: Path) -> None:
    folder = CompanyFolder().plan().unit("Acme")
    folder.person("E1", unit="Acme", email="ada@example.com").person("E2", unit="Acme")
    folder.write(tmp_path / "acme")

    one = init("--import", tmp_path / "acme", answers=("", BOT_TOKEN, APP_TOKEN, ""))
    folder.person("E3", unit="Acme").write(tmp_path / "acme")
    two = init("--import", tmp_path / "acme", answers=("",))

    assert "1 of 2 people has no user in Slack by id or e-mail: E2." in one.stdout
    assert "2 of 3 people have no user in Slack by id or e-mail: E2, E3." in two.stdout


def test_a_workspace_that_does_not_answer_is_named() -> None:
    nobody = client("xoxb-1", "http://127.0.0.1:9/api/")
    company = Overview("Acme", (), {"leads": ["Acme"]}, (), has_targets=True)

    findings = [check_people(nobody, company), *check_channels(nobody, company)]

    assert len(findings) == 2
    for finding in findings:
        assert not finding.is_good
        assert "Slack does not answer at http://127.0.0.1:9/api/" in finding.what


@pytest.mark.parametrize(
    ("channel", "finding"),
    [("general", "is public"), ("nowhere", "is not among those that the bot is in")],
)
def test_a_channel_that_managers_cannot_be_told_in_is_named(
    init: Init, tmp_path: Path, channel: str, finding: str
) -> None:
    folder = a_company(tmp_path / "acme", channel=channel)

    result = init("--import", folder, answers=("", BOT_TOKEN, APP_TOKEN, ""))

    assert result.exit_code == 1
    assert finding in result.stdout


def test_a_settings_file_that_is_none_is_refused_with_its_line(init: Init, tmp_path: Path) -> None:
    (tmp_path / "pacesetter.env").write_text("# ours\nnonsense\n")

    result = init("--check")

    assert result.exit_code == 1
    assert "pacesetter.env, line 2" in result.stderr.replace("\n", "")
