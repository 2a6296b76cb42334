"""Commands under other names, where ours collide with another app's."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from bot.app import PacesetterApp
from cli.main import app as cli
from domain.errors import BadInput
from domain.services import Services
from domain.settings import CommandNames, Settings
from tests.bot.calling import Caller, texts

RENAMED = {"PACESETTER_COMMANDS": "myscore=score, /ranking=/who-leads"}


@pytest.fixture
def services(services: Services) -> Services:
    names = Settings.from_environment(RENAMED).commands
    return replace(services, settings=replace(services.settings, commands=names))


def test_without_the_setting_the_names_are_ours():
    assert Settings.from_environment({}).commands == CommandNames("/myscore", "/ranking")


def test_one_command_can_be_renamed_alone():
    names = Settings.from_environment({"PACESETTER_COMMANDS": "ranking=rank"}).commands
    assert names == CommandNames("/myscore", "/rank")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "score=myscore",
            "no command of ours: those are /myscore, /ranking, /team, /targets, /hr.",
        ),
        ("myscore", 'says "myscore": write it like myscore=score'),
        ("myscore=My Score", 'says "myscore=My Score": write it like myscore=score'),
        ("myscore=" + "a" * 32, "at most 31 small letters"),
        (
            "myscore=ranking",
            "two commands one name: call them differently (/ranking, /ranking, /team, /targets, /hr).",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_to_write(setting, said):
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({"PACESETTER_COMMANDS": setting})
    assert said in str(refused.value)


def test_the_commands_answer_to_their_new_names(caller: Caller):
    assert caller.command("E2", "/score", "2026-06").text == "June 2026: score 87, tier B"
    assert caller.command("M1", "/who-leads", "East june").text == "Ranking of East, June 2026"


def test_the_old_names_are_left_to_the_other_app(app: PacesetterApp, caller: Caller):
    assert app.dispatch(caller.signed(caller.command_body("E2", "/myscore"))).status == 404


@pytest.mark.parametrize(("command", "typed"), [("/score", "help"), ("/score", "lsat mnth")])
def test_help_and_examples_say_the_new_names(caller: Caller, command, typed):
    shown = caller.command("E2", command, typed).shown
    assert "`/score last month`" in shown
    assert "myscore" not in shown


def test_what_one_may_type_stands_on_the_home_tab_by_its_new_name(caller: Caller):
    home = "\n".join(texts(caller.opens_home("E2")))
    assert "`/score last month`" in home
    assert "`/who-leads`" in home


def test_the_manifest_is_printed_with_the_new_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACESETTER_COMMANDS", RENAMED["PACESETTER_COMMANDS"])
    printed = CliRunner().invoke(cli, ["manifest"])
    described = json.loads(printed.stdout)
    commands = [one["command"] for one in described["features"]["slash_commands"]]
    assert commands == ["/score", "/who-leads", "/team", "/targets", "/hr"]


def test_a_wrong_setting_ends_the_manifest_command_with_the_reason(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACESETTER_COMMANDS", "myscore")
    printed = CliRunner().invoke(cli, ["manifest"])
    assert (printed.exit_code, printed.stdout) == (1, "")
