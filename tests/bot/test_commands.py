"""/myscore and /ranking, as Slack calls them: answered in the acknowledgement, to the asker alone."""

import pytest

from tests.bot.calling import Caller
from tests.bot.fake_slack import FakeSlack


def test_without_a_period_the_month_that_runs_comes_with_the_last_closed_one(caller: Caller):
    answer = caller.command("E5", "/myscore")
    assert "*July 2026*" in answer.shown
    assert "of the pace" in answer.shown
    assert "*June 2026*\n*Score 56, tier C*" in answer.shown


@pytest.mark.parametrize("typed", ["last month", "2026-06", "june", "jun 2026", "上个月", "  Last  Month "])
def test_a_period_is_read_as_people_type_it(caller: Caller, typed):
    assert caller.command("E2", "/myscore", typed).text == "June 2026: score 87, tier B"


def test_missed_months_in_a_row_are_on_the_card(caller: Caller):
    assert "Missed and locked: 3 months in a row, April 2026" in caller.command("E6", "/myscore").shown
    assert "in a row" not in caller.command("E1", "/myscore").shown


def test_the_answer_follows_the_askers_slack_locale(caller: Caller):
    answer = caller.command("W2", "/myscore", "上个月")
    assert answer.text == "2026年6月：得分 32，等级 C"
    assert "*销售额* 完成目标的 30%" in answer.shown


def test_a_small_unit_shows_its_members_no_places(caller: Caller):
    shown = caller.command("W1", "/myscore", "2026-06").shown
    assert "Acme：第 1 名，共 8 人" in shown
    assert "West" not in shown


@pytest.mark.parametrize("command", ["/myscore", "/ranking"])
@pytest.mark.parametrize("typed", ["help", "HELP", "?", "帮助"])
def test_every_command_answers_help_with_examples(caller: Caller, command, typed):
    answer = caller.command("E1", command, typed)
    assert answer.text == f"How to use {command}"
    assert f"`{command} last month`" in answer.shown


def test_a_misspelt_period_is_answered_with_examples(caller: Caller):
    shown = caller.command("E1", "/myscore", "lsat mnth").shown
    assert 'I do not know the period "lsat mnth".' in shown
    assert "`/myscore last month`" in shown


def test_a_month_that_nobody_scored_is_named_as_people_say_it(caller: Caller):
    assert "There is no card for March 2025:" in caller.command("E1", "/myscore", "2025-03").shown


@pytest.mark.parametrize("employee_id", ["M1", "H1"])
@pytest.mark.parametrize("typed", ["", "last month"])
def test_who_is_never_scored_learns_what_to_type_instead(caller: Caller, employee_id, typed):
    shown = caller.command(employee_id, "/myscore", typed).shown
    assert "You have no card of your own: no scoring plan is for your job." in shown
    assert "`/ranking East` another unit" in shown


def test_an_administrator_is_offered_no_rankings(caller: Caller):
    shown = caller.command("A1", "/myscore").shown
    assert "You have no card of your own" in shown
    assert "/ranking" not in shown


def test_what_was_typed_cannot_mention_anybody(caller: Caller):
    shown = caller.command("E1", "/ranking", "<!channel> <https://evil.example|here>").shown
    assert "<" not in shown
    assert "://" not in shown


@pytest.mark.parametrize("command", ["/myscore", "/ranking"])
def test_a_very_long_text_is_quoted_in_part(caller: Caller, command):
    assert len(caller.command("E1", command, "x" * 8000).text) < 1000


def test_members_see_the_ranking_of_their_unit_without_others_scores(caller: Caller):
    shown = caller.command("E4", "/ranking", "june").shown
    assert "*Ranking of East, June 2026*" in shown
    assert "3. Name of E3 (E3)\n3. Name of E4 (E4)\n" in shown
    assert "E5" not in shown
    assert "*Your place: 3 of 6, score 80*\n7 points to the next place up\n24 points ahead" in shown
    assert "98" not in shown


def test_a_manager_sees_the_scores_of_the_own_unit(caller: Caller):
    assert "1. Name of E1 (E1): 98, tier A" in caller.command("M1", "/ranking", "East june").shown


@pytest.mark.parametrize("typed", ["East june", "june East", "east 2026-06", "Acme/East last month"])
def test_unit_and_period_are_read_in_either_order(caller: Caller, typed):
    assert caller.command("M1", "/ranking", typed).text == "Ranking of East, June 2026"


def test_the_ranking_of_another_unit_is_refused(caller: Caller):
    shown = caller.command("M2", "/ranking", "East june").shown
    assert "You may not see the ranking of Acme/East" in shown
    assert "Name of" not in shown


def test_an_administrator_sees_no_scores(caller: Caller):
    assert "see no rankings" in caller.command("A1", "/ranking", "East june").shown


def test_a_misspelt_unit_is_answered_with_suggestions(caller: Caller):
    assert "These come close: West and East." in caller.command("H1", "/ranking", "Esat june").shown


def test_the_members_of_a_small_unit_see_no_ranking(caller: Caller):
    assert "此处参与排名的不足 5 人" in caller.command("W1", "/ranking", "2026-06").shown


def test_a_command_is_one_round_trip_once_the_asker_is_known(caller: Caller, slack: FakeSlack):
    caller.command("E1", "/myscore")
    slack.forget_calls()
    caller.command("E1", "/myscore", "last month")
    caller.command("E1", "/ranking", "june")
    assert slack.calls == []
