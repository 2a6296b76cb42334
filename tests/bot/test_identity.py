"""Who asks: by Slack id, else by an e-mail address that Slack vouches for."""

from datetime import date

import pytest
import sqlalchemy as sa

from bot.app import create_app
from bot.slack_users import SlackUsers
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


OUTSIDER = "I answer people of the workspace that I belong to: you are of another one."
SIBLING = {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}


@pytest.mark.parametrize("linked", [False, True])
def test_an_outsider_with_a_colleagues_address_is_told_nothing(
    caller: Caller, slack: FakeSlack, services: Services, linked: bool
):
    """Slack calls nobody a stranger who shares a channel with us."""
    slack.users[slack_id("E1")] |= {"team_id": "TPARTNER", "is_stranger": False}
    if linked:
        link(services, "E1", slack_id=slack_id("E1"))
    answer = caller.command("E1", "/myscore")
    assert answer.text == OUTSIDER
    assert (linked_to(services, "E1") is None) is not linked


@pytest.mark.parametrize("form", ["command", "click"])
def test_an_outsider_is_known_by_the_request_where_slack_tells_nothing_of_the_user(
    caller: Caller, slack: FakeSlack, services: Services, form: str
):
    link(services, "E1", slack_id=slack_id("E1"))
    slack.failing.add("users.info")
    if form == "command":
        body = caller.command_body("E1", "/myscore").replace("team_id=T1", "team_id=TPARTNER")
        shown = str(caller.send(body).body)
    else:
        pressed = {"action_id": "card.why", "value": "1|2026-06"}
        user = {"id": slack_id("E1"), "team_id": "TPARTNER"}
        shown = str(caller.press_again(caller.press_body("E1", pressed, user=user)))
    assert OUTSIDER in shown


@pytest.mark.parametrize("colleague", [{"team_id": "T1"}, SIBLING], ids=["workspace", "organisation"])
def test_people_of_the_same_workspace_or_organisation_are_no_outsiders(
    caller: Caller, slack: FakeSlack, services: Services, colleague: dict[str, object]
):
    slack.identity["enterprise_id"] = "E1"
    caller.app = create_app(services, slack)
    slack.users[slack_id("E1")] |= colleague
    assert caller.command("E1", "/myscore", "2026-06").text == "June 2026: score 98, tier A"


def test_an_outsiders_address_is_no_address_of_ours(slack: FakeSlack):
    slack.users[slack_id("E1")] |= {"team_id": "TPARTNER"}
    assert SlackUsers(slack).find(slack_id("E1")).email is None


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


def test_a_silent_slack_makes_nobody_unknown(caller: Caller, slack: FakeSlack):
    """Who is not linked yet is told to try again, not to ask HR; Slack asks for the Home tab again."""
    slack.errors["users.info"] = "internal_error"

    assert caller.command("E1", "/myscore").text.startswith("Slack did not answer me in time.")
    opened = {"type": "app_home_opened", "user": slack_id("E1"), "channel": "D1", "tab": "home"}
    assert caller.event(opened).status == 503

    slack.errors.clear()
    assert UNKNOWN not in caller.command("E1", "/myscore").text


def test_managers_who_have_left_see_no_scores_of_others(caller: Caller, services: Services):
    with services.database.writing() as session:
        manager = session.scalars(sa.select(Person).where(Person.employee_id == "M1")).one()
        session.execute(
            sa.update(Employment).where(Employment.person_id == manager.id).values(left_on=date(2026, 7, 1))
        )
    shown = caller.command("M1", "/ranking", "East 2026-05").shown
    assert "Name of E1 (E1):" not in shown
