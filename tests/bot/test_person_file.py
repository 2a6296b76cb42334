"""Files of people in Slack: HR writes from /hr, the person reads and objects, others see what they may."""

from typing import Any

import pytest

from bot.blocks import disputes, person_file
from bot.blocks import recognition as recognition_blocks
from bot.blocks.person_file import file_message
from bot.blocks.preferences import NAME_ME, RECOGNITION
from domain.people.preferences import preferences_of
from domain.people.service import person_by_employee_id
from domain.recognition.file import FileNews
from domain.services import Services
from tests.bot.builders import CHINESE
from tests.bot.calling import Caller, button, buttons, texts
from tests.bot.file_builders import a_sanction

WARNING = {
    "kind": "sanction",
    "title": "A warning",
    "on_day": "2026-07-01",
    "reason": "Left a customer waiting.",
}


def shown(window: dict[str, Any] | None) -> str:
    return "\n".join(texts(window))


def pressed_in(caller: Caller, who: str, window: dict[str, Any], pressed: dict[str, Any]) -> dict[str, Any]:
    _, view = caller.press_in_view(who, window, pressed)
    assert view is not None
    return view


def id_of(services: Services, employee_id: str) -> str:
    with services.database.reading() as session:
        return str(person_by_employee_id(session, employee_id).id)


def written(caller: Caller, about: str = "E3", **changes: Any) -> dict[str, Any]:
    """HR writes an entry; what Slack is told."""
    form = caller.press("H1", button(caller.command("H1", "/hr"), person_file.ADD))
    assert form is not None
    (found,) = caller.search("H1", form, "person", about)
    return caller.submit("H1", form, person=found["value"], **{**WARNING, **changes})


def own_file(caller: Caller, who: str) -> dict[str, Any]:
    home = caller.opens_home(who)
    assert home is not None
    window = caller.press(who, button(home, person_file.OPEN))
    assert window is not None
    return window


def test_hr_writes_and_the_person_reads_it_and_objects(caller: Caller) -> None:
    # when
    told = written(caller)
    # then
    assert told["response_action"] == "update"
    assert "Sanction, Jul 1, 2026: *A warning*" in shown(told["view"])
    own = own_file(caller, "E3")
    assert "“Left a customer waiting.”" in shown(own)
    assert "Entered by Helen." in shown(own)
    form = pressed_in(caller, "E3", own, button(own, disputes.OPEN))
    after = caller.submit("E3", form, note="I was ill that day.")
    assert "Name of E3 disputed it." in shown(after["view"])
    assert "HR answers by" in shown(after["view"])


def test_hr_looks_at_a_file_and_withdraws_an_entry(caller: Caller, services: Services) -> None:
    # given
    written(caller)
    form = caller.press("H1", button(caller.command("H1", "/hr"), person_file.CHOOSE))
    assert form is not None
    told = caller.submit("H1", form, person=id_of(services, "E3"))
    # when
    asked = pressed_in(caller, "H1", told["view"], button(told["view"], person_file.WITHDRAW))
    after = caller.submit("H1", asked, reason="It was somebody else.")
    # then
    assert "*Withdrawn:* It was somebody else." in shown(after["view"])
    assert buttons(after["view"], person_file.WITHDRAW) == []


def test_the_manager_reads_it_beside_the_card_and_colleagues_do_not(
    caller: Caller, services: Services
) -> None:
    written(caller)
    look = {"action_id": person_file.OPEN, "value": id_of(services, "E3")}
    assert "A warning" in shown(caller.press("M1", look))
    for who in ("E4", "M2", "A1"):
        assert "A warning" not in shown(caller.press(who, look))
    window = caller.press("M1", look)
    assert window is not None
    assert buttons(window, person_file.WITHDRAW) == buttons(window, disputes.OPEN) == []


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"kind": None}, "kind", "Choose what it is."),
        ({"on_day": None}, "on_day", "Choose a day."),
        ({"on_day": "2026-07-08"}, "on_day", "still to come"),
        ({"title": " "}, "title", "Fill this in"),
    ],
)
def test_nonsense_gets_its_sentence_at_the_field(
    caller: Caller, changes: dict[str, Any], field: str, sentence: str
) -> None:
    told = written(caller, **changes)
    assert list(told["errors"]) == [field]
    assert sentence in told["errors"][field]


def test_only_hr_is_offered_the_forms(caller: Caller) -> None:
    for action in (person_file.ADD, person_file.CHOOSE, person_file.WITHDRAW):
        for who in ("E3", "M1", "A1"):
            assert "This is for HR" in shown(caller.press(who, {"action_id": action, "value": "1"}))


def wants_to_be_named(services: Services, who: str) -> bool:
    with services.database.reading() as session:
        return preferences_of(session, person_by_employee_id(session, who).id).recognition


def test_a_winner_answers_by_a_button_and_changes_it_on_home(caller: Caller, services: Services) -> None:
    # given
    asked = {"action_id": recognition_blocks.NAME_ME, "value": id_of(services, "E3")}
    assert not wants_to_be_named(services, "E3")
    # when
    assert "You are named from now on" in shown(caller.press("E3", asked))
    assert wants_to_be_named(services, "E3")
    # then
    home = caller.opens_home("E3")
    assert home is not None
    window = caller.press("E3", button(home, "preferences.open"))
    assert window is not None
    (block,) = [one for one in window["blocks"] if one.get("block_id") == RECOGNITION]
    assert [one["value"] for one in block["element"]["initial_options"]] == [NAME_ME]
    caller.submit("E3", window, **{RECOGNITION: []})
    assert not wants_to_be_named(services, "E3")


def test_nobody_answers_for_another(caller: Caller, services: Services) -> None:
    asked = {"action_id": recognition_blocks.NAME_ME, "value": id_of(services, "E3")}
    assert "Only the person who was asked" in shown(caller.press("E4", asked))
    assert not wants_to_be_named(services, "E3")
    assert not wants_to_be_named(services, "E4")


def test_hr_sees_disputes_in_its_overview(caller: Caller) -> None:
    written(caller)
    own = own_file(caller, "E3")
    caller.submit("E3", pressed_in(caller, "E3", own, button(own, disputes.OPEN)), note="I was ill.")
    assert "Disputes that wait for your answer" in caller.command("H1", "/hr").shown


def test_the_message_in_chinese() -> None:
    assert "处分" in file_message(CHINESE, a_sanction(), FileNews.ADDED).text
