"""People of another workspace in a channel that both share, where they may press what ours may."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.app import create_app
from bot.blocks import actions
from bot.blocks.actions import CardRef, card_buttons
from bot.blocks.primitives import Writer
from bot.blocks.primitives import actions as row
from bot.locale import for_locale
from bot.slack_client import client_for_answers
from bot.socket_mode import Connection
from domain.people.service import person_by_employee_id
from domain.services import Services
from domain.settings import Settings
from sandbox.client import Operator, Person
from sandbox.server import Sandbox
from tests.bot.builders import JUNE
from tests.bot.calling import texts
from tests.e2e.whole_installation import BOT, MANIFEST, TOKENS, a_workspace

OUTSIDER = "U0OUTSIDER"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A partner's person has, by whatever means, the e-mail address of one of ours."""
    workspace = a_workspace()
    workspace["other_teams"] = [{"id": "T0PARTNER", "name": "Partner"}]
    workspace["users"].append(
        {"id": OUTSIDER, "name": "olga", "real_name": "Olga", "email": "e1@example.com", "team": "T0PARTNER"}
    )
    workspace["channels"].append(
        {
            "id": "C0JOINT",
            "name": "joint",
            "shared_with": ["T0PARTNER"],
            "members": ["U0E1", OUTSIDER, BOT],
        }
    )
    with Sandbox(workspace, MANIFEST).run_in_thread() as running:
        yield running


@pytest.fixture
def connected(services: Services, sandbox: Sandbox) -> Iterator[Services]:
    settings = Settings.from_environment({"SLACK_BOT_TOKEN": TOKENS["bot"], "SLACK_API_URL": sandbox.api_url})
    found = replace(services, settings=settings)
    connection = Connection(create_app(found), TOKENS["app"])
    connection.open()
    Operator(sandbox.url).wait_for_app()
    yield found
    connection.finish()


@pytest.mark.parametrize("button", [actions.WHY, actions.WHAT_IF, actions.HISTORY])
def test_an_outsider_gets_no_numbers(connected: Services, sandbox: Sandbox, button: str):
    with connected.database.reading() as session:
        card = CardRef(person_by_employee_id(session, "E1").id, JUNE)
    buttons = [row(*card_buttons(Writer(for_locale(None)), card))]
    client_for_answers(connected).chat_postMessage(channel="C0JOINT", text="A card", blocks=buttons)
    outsider = Person(sandbox.url, OUTSIDER)

    outsider.press(outsider.messages("joint")[-1], button)

    (window,) = outsider.modals()
    assert texts(window["blocks"]) == [
        "I answer people of the workspace that I belong to: you are of another one."
    ]
    with connected.database.reading() as session:
        assert person_by_employee_id(session, "E1").slack_id is None
