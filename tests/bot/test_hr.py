"""/hr: HR's overview, and one sentence for everybody else."""

import pytest

from tests.bot.calling import Caller, texts


def test_hr_gets_an_overview(caller: Caller) -> None:
    assert caller.command("H1", "/hr").text == "HR at a glance"


@pytest.mark.parametrize("who", ["E3", "M1", "A1"])
@pytest.mark.parametrize("typed", ["", "help", "2026-06"])
def test_others_are_told_whose_it_is(caller: Caller, who: str, typed: str) -> None:
    assert caller.command(who, "/hr", typed).text == "This is for HR: ask them."


def test_help_says_how(caller: Caller) -> None:
    assert "`/hr`" in caller.command("H1", "/hr", "help").shown


def test_what_is_misspelt_is_quoted_with_what_to_type(caller: Caller) -> None:
    said = caller.command("H1", "/hr", "clsoe")
    assert "clsoe" in said.text
    assert "`/hr`" in said.shown
    assert "`/hr last month`" in said.shown


def test_the_home_tab_of_hr_names_the_command_and_no_other_does(caller: Caller) -> None:
    assert "`/hr` for HR" in "\n".join(texts(caller.opens_home("H1")))
    assert "/hr" not in "\n".join(texts(caller.opens_home("E2")))
