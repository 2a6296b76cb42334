"""Buttons: a window at once, a chart later, and the right to see asked for at every click."""

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.blocks import actions
from bot.blocks.actions import CardRef, UnitRef
from domain.clock import FixedClock
from domain.outbox import Post
from domain.people.model import Person, Role
from domain.people.service import person_by_employee_id
from domain.scoring.chart_requests import ChartKind
from domain.services import Services
from tests.bot.builders import JUNE
from tests.bot.calling import Caller, button, texts
from tests.bot.fake_slack import FakeSlack


def shown(window) -> str:
    return "\n".join(texts(window))


def card_button(services: Services, employee_id: str, action: str) -> dict[str, str]:
    """The button of a person's June card, wherever it was found."""
    with services.database.reading() as session:
        person = person_by_employee_id(session, employee_id)
    return {"action_id": action, "value": str(CardRef(person.id, JUNE))}


def posts(services: Services) -> list[Post]:
    with services.database.reading() as session:
        return list(session.scalars(sa.select(Post).order_by(Post.id)))


def charts_asked_for(services: Services) -> list[Post]:
    return [post for post in posts(services) if post.kind == "chart"]


def test_why_explains_the_card_it_stands_on(caller: Caller):
    answer = caller.command("E2", "/myscore", "last month")
    window = caller.press("E2", button(answer, actions.WHY))
    assert "*Score:* 60 + 32 − 5 = 87" in shown(window)
    assert "*Tier:* 87 reaches B, which starts at 70." in shown(window)


def test_history_shows_the_months_at_once_and_asks_for_the_chart(caller: Caller, services: Services):
    answer = caller.command("E2", "/myscore", "last month")
    window = caller.press("E2", button(answer, actions.HISTORY))
    assert "*April 2026* score 92, tier B" in shown(window)
    (post,) = charts_asked_for(services)
    assert post.facts["chart"] == ChartKind.HISTORY
    assert post.facts["viewer_id"] == post.facts["person_id"] == post.person_id


def test_the_chart_of_a_card_is_asked_for(caller: Caller, services: Services):
    window = caller.press("E2", card_button(services, "E2", actions.LINES_CHART))
    assert "It comes to your direct messages" in shown(window)
    (post,) = charts_asked_for(services)
    assert (post.facts["chart"], post.facts["period"]) == (ChartKind.LINES, "2026-06")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (actions.RANKING_CHART, ChartKind.RANKING),
        (actions.DISTRIBUTION_CHART, ChartKind.DISTRIBUTION),
    ],
)
def test_the_charts_of_a_unit_are_asked_for(caller: Caller, services: Services, action, kind):
    answer = caller.command("M1", "/ranking", "East june")
    caller.press("M1", button(answer, action))
    (post,) = charts_asked_for(services)
    assert (post.facts["chart"], post.facts["unit_path"], post.facts["period"]) == (
        kind,
        "Acme/East",
        "2026-06",
    )


def test_the_same_click_sent_again_asks_for_nothing_more(
    caller: Caller, services: Services, clock: FixedClock
):
    click = caller.press_body("E2", card_button(services, "E2", actions.HISTORY))
    caller.press_again(click)
    clock.at = clock.at.replace(hour=clock.at.hour + 1)
    caller.press_again(click)
    assert len(charts_asked_for(services)) == 1


def test_a_double_click_brings_one_chart_and_an_hour_later_another(
    caller: Caller, services: Services, clock: FixedClock
):
    history = card_button(services, "E2", actions.HISTORY)
    caller.press("E2", history)
    caller.press("E2", history)
    assert len(charts_asked_for(services)) == 1
    clock.at = clock.at.replace(hour=clock.at.hour + 1)
    caller.press("E2", history)
    assert len(charts_asked_for(services)) == 2


@pytest.mark.parametrize("action", [actions.WHY, actions.HISTORY, actions.LINES_CHART])
def test_a_manager_may_press_the_buttons_of_the_own_people(caller: Caller, services: Services, action):
    assert "may not" not in shown(caller.press("M1", card_button(services, "E2", action)))


@pytest.mark.parametrize("action", [actions.WHY, actions.HISTORY, actions.LINES_CHART])
@pytest.mark.parametrize("stranger", ["E1", "M2", "A1"])
def test_somebody_elses_button_does_nothing_but_explain(caller: Caller, services: Services, stranger, action):
    window = caller.press(stranger, card_button(services, "E2", action))
    assert "You may not see this person's card: ask their manager or HR." in shown(window)
    assert charts_asked_for(services) == []


def test_an_old_button_in_a_demoted_managers_hands_does_nothing_but_explain(
    caller: Caller, services: Services
):
    why = card_button(services, "E2", actions.WHY)
    assert "*Score:*" in shown(caller.press("M1", why))
    with services.database.writing() as session:
        session.execute(sa.update(Person).where(Person.employee_id == "M1").values(role=Role.REP))
    assert "You may not see this person's card" in shown(caller.press("M1", why))


@pytest.mark.parametrize("action", [actions.RANKING_CHART, actions.DISTRIBUTION_CHART])
def test_the_chart_of_another_unit_is_refused(caller: Caller, services: Services, action):
    window = caller.press("M2", {"action_id": action, "value": str(UnitRef("Acme/East", JUNE))})
    assert "You may not see the ranking of Acme/East" in shown(window)
    assert charts_asked_for(services) == []


def test_a_button_of_an_older_version_says_that_it_is_out_of_date(caller: Caller):
    window = caller.press("E1", {"action_id": "card.of_old", "value": "1|2026-06"})
    assert "This button is out of date: type the command again for a new one." in shown(window)


def test_a_form_of_an_older_version_says_that_it_is_out_of_date(caller: Caller):
    told = caller.submit("E1", {"type": "modal", "callback_id": "card.form_of_old", "blocks": []})
    assert "This button is out of date: type the command again for a new one." in shown(told["view"])


def test_a_window_that_comes_too_late_is_no_fault_of_ours(
    caller: Caller, services: Services, slack: FakeSlack
):
    slack.errors["views.open"] = "expired_trigger_id"
    with capture_logs() as logs:
        caller.press("E2", card_button(services, "E2", actions.WHY))
    assert "request failed" not in [entry["event"] for entry in logs]


@pytest.mark.parametrize("action", [actions.WHY, actions.RANKING_CHART])
def test_a_button_that_carries_nothing_we_know_says_so(caller: Caller, action):
    window = caller.press("E1", {"action_id": action, "value": "42"})
    assert "This button is out of date: type the command again for a new one." in shown(window)
