"""Who asks: by Slack id, else by an e-mail address that Slack vouches for."""

from datetime import date

import pytest
import sqlalchemy as sa

from domain.people.model import Employment, Person
from domain.services import Services
from tests.bot.calling import Caller, slack_id
from tests.bot.fake_slack import FakeSlack

UNKNOWN = "I do not know you yet"


def link(services: Services, employee_id: str, **values) -> None:
    with services.database.writing() as session:
        session.execute(sa.update(Person).where(Person.employee_id == employee_id).values(**values))


def linked_to(services: Services, employee_id: str) -> str | None:
    with services.database.reading() as session:
        return session.scalar(sa.select(Person.slack_id).where(Person.employee_id == employee_id))


def test_who_is_found_by_email_is_remembered(caller: Caller, slack: FakeSlack, services: Services):
    assert UNKNOWN not in caller.command("E1", "/myscore").shown
    assert linked_to(services, "E1") == slack_id("E1")
    slack.add_user(slack_id("E1"), "new-address@example.com")
    assert UNKNOWN not in caller.command("E1", "/myscore").shown


def test_the_slack_id_counts_more_than_the_address(caller: Caller, services: Services):
    link(services, "E2", slack_id=slack_id("E1"))
    assert caller.command("E1", "/myscore", "2026-06").text == "June 2026: score 87, tier B"


@pytest.mark.parametrize(
    "flags",
    [
        {"is_email_confirmed": False},
        {"is_stranger": True},
        {"is_bot": True},
        {"deleted": True},
        {"profile": {}},
    ],
    ids=lambda flags: next(iter(flags)),
)
def test_an_address_that_slack_does_not_vouch_for_proves_nothing(
    caller: Caller, slack: FakeSlack, services: Services, flags
):
    slack.users[slack_id("E1")] |= flags
    answer = caller.command("E1", "/myscore")
    assert UNKNOWN in answer.shown
    assert slack_id("E1") in answer.shown
    assert linked_to(services, "E1") is None


def test_an_address_of_two_people_names_nobody(caller: Caller, services: Services):
    link(services, "E2", email="e1@example.com")
    assert UNKNOWN in caller.command("E1", "/myscore").shown


def test_somebody_linked_already_is_not_taken_over_by_address(caller: Caller, services: Services):
    link(services, "E1", slack_id="U0SOMEBODY")
    assert UNKNOWN in caller.command("E1", "/myscore").shown
    assert linked_to(services, "E1") == "U0SOMEBODY"


def test_who_is_known_gets_an_answer_while_slack_tells_us_nothing(
    caller: Caller, slack: FakeSlack, services: Services
):
    link(services, "W1", slack_id=slack_id("W1"))
    slack.failing.add("users.info")
    assert caller.command("W1", "/myscore", "2026-06").text.startswith("2026年6月")


def test_managers_who_have_left_see_no_scores_of_others(caller: Caller, services: Services):
    with services.database.writing() as session:
        manager = session.scalars(sa.select(Person).where(Person.employee_id == "M1")).one()
        session.execute(
            sa.update(Employment).where(Employment.person_id == manager.id).values(left_on=date(2026, 7, 1))
        )
    shown = caller.command("M1", "/ranking", "East 2026-05").shown
    assert "Name of E1 (E1):" not in shown
