"""What the week's messages lead to, and the projection in /myscore and on the Home tab."""

from bot.blocks import actions
from bot.blocks.actions import TeamRef
from domain.people.service import unit_tree
from domain.services import Services
from tests.bot.calling import Caller, texts

GOES_ON = "*If July 2026 goes on like this*"
OF_E1 = "*sales* 48.7% of target (487 of 1,000)"
"""110 of the 225.81 due by the seventh."""


def test_myscore_and_home_project_the_month_that_runs(caller: Caller) -> None:
    answer = caller.command("E1", "/myscore").shown
    home = "\n".join(texts(caller.opens_home("E1")))

    for shown in (answer, home):
        assert GOES_ON in shown
        assert OF_E1 in shown


def test_a_month_that_is_over_has_no_projection(caller: Caller) -> None:
    assert "goes on like this" not in caller.command("E1", "/myscore", "2026-06").shown


def test_a_projection_is_spoken_in_the_readers_language(caller: Caller) -> None:
    assert "*如果2026年7月照此继续*" in caller.command("W1", "/myscore").shown


def east(services: Services) -> str:
    with services.database.reading() as session:
        unit = unit_tree(session).find("Acme/East")
    assert unit
    return str(TeamRef(unit.id, None))


def test_the_digest_stays_when_its_team_is_opened(caller: Caller, services: Services) -> None:
    pressed = {"action_id": actions.TEAM_OPEN, "value": east(services)}
    body = caller.press_body("M1", pressed, response_url=f"{caller.response_urls.address}/actions/1")

    assert caller.press_again(body) is None

    (answer,) = caller.response_urls.received
    assert (answer["replace_original"], answer["response_type"]) == (False, "ephemeral")
    assert "*East, July 2026*" in texts(answer["blocks"])[0]


def test_a_button_in_other_hands_opens_nothing_but_an_explanation(caller: Caller, services: Services) -> None:
    for who in ("E1", "M2", "A1"):
        window = caller.press(who, {"action_id": actions.TEAM_OPEN, "value": east(services)})

        assert caller.response_urls.received == []
        assert "You may not see the team of Acme/East" in "\n".join(texts(window))
