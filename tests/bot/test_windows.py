"""Windows in a workspace as strict as Slack: three of them at most, and none that waits for ever."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.app import PacesetterApp, create_app
from bot.blocks import actions
from bot.blocks.inputs import short_key
from bot.listeners import what_if as what_if_listeners
from bot.socket_mode import Connection
from domain.people.model import Person as Employee
from domain.people.model import Role
from domain.services import Services
from domain.settings import Settings
from sandbox.client import Operator, Person, RefusedError, View
from sandbox.server import Sandbox
from tests.bot.calling import texts
from tests.e2e.whole_installation import MANIFEST, TOKENS, a_workspace
from tests.sandbox.waiting import PATIENT

MOST = 3


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(a_workspace(), MANIFEST, timing=PATIENT).run_in_thread() as running:
        yield running


@pytest.fixture
def operator(sandbox: Sandbox) -> Operator:
    return Operator(sandbox.url)


@pytest.fixture
def connected_app(services: Services, sandbox: Sandbox) -> PacesetterApp:
    settings = Settings.from_environment({"SLACK_BOT_TOKEN": TOKENS["bot"], "SLACK_API_URL": sandbox.api_url})
    return create_app(replace(services, settings=settings))


@pytest.fixture(autouse=True)
def connection(connected_app: PacesetterApp, operator: Operator) -> Iterator[Connection]:
    opened = Connection(connected_app, TOKENS["app"])
    opened.open()
    operator.wait_for_app()
    yield opened
    opened.finish()


@pytest.fixture
def manager(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, "U0M1")


@pytest.fixture
def rep(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, "U0E3")


def top(person: Person) -> View:
    return person.modals()[-1]


def shown(person: Person) -> str:
    return "\n".join(texts(top(person)["blocks"]))


def try_own_numbers(person: Person) -> None:
    person.press_in(top(person), actions.TRY_OWN)
    assert top(person)["callback_id"] == "card.try_own_form"
    person.submit({"measure.0": short_key("won_amount"), "amount.0": "100"})


def test_a_manager_tries_numbers_from_a_card_of_the_teams_list(manager: Person):
    (team,) = manager.command("/team last month", "general")
    manager.press(team, actions.TEAM_PEOPLE)
    manager.press_in(top(manager), actions.OPEN_CARD)
    manager.press_in(top(manager), actions.WHAT_IF)
    assert len(manager.modals()) == MOST

    try_own_numbers(manager)

    assert "*If: won amount +100*" in shown(manager)
    assert len(manager.modals()) == MOST
    manager.close()
    assert "Name of" in shown(manager)  # the card below is still there
    assert len(manager.modals()) == MOST - 1


@pytest.mark.parametrize("button", [actions.WHY, actions.WHAT_IF, actions.HISTORY, actions.LINES_CHART])
def test_every_button_of_a_card_in_a_full_stack_is_answered(manager: Person, button: str):
    (team,) = manager.command("/team last month", "general")
    manager.press(team, actions.TEAM_PEOPLE)
    manager.press_in(top(manager), actions.OPEN_CARD)

    manager.press_in(top(manager), button)

    assert len(manager.modals()) == MOST
    assert "Working it out" not in shown(manager)


def test_numbers_are_tried_on_top_while_there_is_room(rep: Person):
    (card,) = rep.command("/myscore last month", "general")
    rep.press(card, actions.WHAT_IF)

    try_own_numbers(rep)

    assert len(rep.modals()) == MOST
    rep.close()
    assert top(rep)["callback_id"] == "card.try_own_form"


def test_a_refusal_in_a_full_stack_is_seen(manager: Person, services: Services):
    (team,) = manager.command("/team last month", "general")
    manager.press(team, actions.TEAM_PEOPLE)
    manager.press_in(top(manager), actions.OPEN_CARD)
    manager.press_in(top(manager), actions.WHAT_IF)
    with services.database.writing() as session:
        session.execute(sa.update(Employee).where(Employee.employee_id == "M1").values(role=Role.REP))

    manager.press_in(top(manager), actions.TRY_OWN)

    assert "You may not see this person's card" in shown(manager)
    assert len(manager.modals()) == MOST


def test_a_window_is_filled_although_slacks_word_that_it_opened_was_lost(operator: Operator, rep: Person):
    (card,) = rep.command("/myscore last month", "general")
    operator.faults(lose_replies=1.0, methods=["views.open"])

    rep.press(card, actions.WHAT_IF)

    assert "June 2026 is over, with score 80, tier B." in shown(rep)


def test_a_window_on_top_of_another_is_filled_although_slacks_word_was_lost(
    operator: Operator, manager: Person
):
    (team,) = manager.command("/team last month", "general")
    manager.press(team, actions.TEAM_PEOPLE)
    manager.press_in(top(manager), actions.OPEN_CARD)
    operator.faults(lose_replies=1.0, methods=["views.push"])

    manager.press_in(top(manager), actions.WHAT_IF)

    assert "June 2026 is over" in shown(manager)


def test_what_goes_wrong_after_the_window_opened_is_said_in_it(rep: Person, monkeypatch: pytest.MonkeyPatch):
    def breaks(*_: object) -> None:
        raise ArithmeticError("a fault of ours")

    (card,) = rep.command("/myscore last month", "general")
    monkeypatch.setattr(what_if_listeners, "answer", breaks)

    with capture_logs():
        rep.press(card, actions.WHAT_IF)

    (window,) = rep.modals()
    assert "Something went wrong on our side" in str(window["blocks"])


def test_a_slack_that_opens_no_window_in_time_is_said_below_the_message(operator: Operator, rep: Person):
    (card,) = rep.command("/myscore last month", "general")
    operator.faults(slow_ms=2500, methods=["views.open", "views.update"])

    rep.press(card, actions.WHY)

    assert rep.messages("general")[-1]["text"].startswith("Slack did not answer me in time.")


def test_a_slack_that_opens_no_window_on_top_of_another_marks_the_button(operator: Operator, rep: Person):
    (card,) = rep.command("/myscore last month", "general")
    rep.press(card, actions.WHAT_IF)
    operator.faults(rate_limit_next=9, retry_after=30, methods=["views.push"])

    with pytest.raises(RefusedError, match="The click failed"):
        rep.press_in(top(rep), actions.TRY_OWN)
