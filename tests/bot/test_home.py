"""The Home tab."""

import sqlalchemy as sa

from domain.people.model import Person
from domain.services import Services
from tests.bot.calling import Caller, slack_id, texts
from tests.bot.fake_slack import FakeSlack


def shown(view) -> str:
    return "\n".join(texts(view))


def test_a_rep_sees_the_own_card_and_what_to_type(caller: Caller):
    home = shown(caller.opens_home("E1"))
    assert "*Hello Name of E1*" in home
    assert "*June 2026*\n*Score 98, tier A*" in home
    assert "`/ranking` who leads in your unit" in home


def test_a_manager_without_a_card_sees_the_own_unit(caller: Caller):
    home = shown(caller.opens_home("M1"))
    assert "*Ranking of East, July 2026*" in home
    assert "Name of E1 (E1)" in home


def test_an_administrator_sees_no_scores(caller: Caller):
    home = shown(caller.opens_home("A1"))
    assert "There is no card of your own here" in home
    assert "Name of" not in home


def test_an_unknown_person_learns_what_to_do(caller: Caller, slack: FakeSlack, services: Services):
    with services.database.writing() as session:
        session.execute(sa.update(Person).where(Person.employee_id == "W1").values(email="other@example.com"))
    home = shown(caller.opens_home("W1"))
    assert f"您的 Slack 成员 ID 是 {slack_id('W1')}" in home


def test_the_messages_tab_is_left_alone(caller: Caller):
    assert caller.opens_home("E1", tab="messages") is None


def test_a_changed_language_counts_at_once(caller: Caller, slack: FakeSlack):
    assert "*Hello Name of E1*" in shown(caller.opens_home("E1"))
    slack.add_user(slack_id("E1"), "e1@example.com", "zh-CN")
    caller.event({"type": "user_change", "user": slack.users[slack_id("E1")]})
    assert "*Name of E1，您好*" in shown(caller.opens_home("E1"))
