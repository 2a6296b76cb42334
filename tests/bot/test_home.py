"""The Home tab."""

import sqlalchemy as sa

from domain.people.model import Person, Role
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


def test_an_administrator_reads_what_administrators_can_type(caller: Caller, services: Services):
    home = shown(caller.opens_home("A1"))
    assert "`pacesetter sources` in a terminal: how each source is" in home
    assert "`/" not in home, "they see no rankings and no teams, and this one has no card"

    with services.database.writing() as session:
        session.execute(sa.update(Person).where(Person.employee_id == "E1").values(role=Role.ADMIN))
    home = shown(caller.opens_home("E1"))
    assert "`pacesetter sources` in a terminal" in home
    assert "`/myscore` your score, line by line" in home
    assert "`/ranking`" not in home
    assert "`/team`" not in home


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


def slack_tells_of_a_move(caller: Caller, slack: FakeSlack, employee_id: str, time_zone: str) -> int:
    slack.users[slack_id(employee_id)]["tz"] = time_zone
    return caller.event({"type": "user_change", "user": slack.users[slack_id(employee_id)]}).status


def zone_of(services: Services, employee_id: str) -> str | None:
    with services.database.reading() as session:
        return session.scalar(sa.select(Person.slack_time_zone).where(Person.employee_id == employee_id))


def test_messages_wait_by_the_new_time_zone_of_somebody_who_has_moved(
    caller: Caller, slack: FakeSlack, services: Services
):
    caller.opens_home("E1")
    assert slack_tells_of_a_move(caller, slack, "E1", "Asia/Tokyo") == 200
    assert zone_of(services, "E1") == "Asia/Tokyo"


def test_a_move_of_somebody_unknown_or_to_nowhere_changes_nothing(
    caller: Caller, slack: FakeSlack, services: Services
):
    caller.opens_home("E1")
    assert slack_tells_of_a_move(caller, slack, "E1", "Nowhere/Else") == 200
    assert zone_of(services, "E1") == "Asia/Shanghai"
    assert slack_tells_of_a_move(caller, slack, "E2", "Asia/Tokyo") == 200
    assert zone_of(services, "E2") is None, "nobody has linked the two yet"
