"""Setting targets in Slack: HR begins and publishes, managers split their units, nonsense gets sentences."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import target_rounds as blocks
from bot.blocks.inputs import short_key
from bot.blocks.target_proposals import TAKE
from domain.people.model import Unit
from domain.services import Services
from tests.bot.calling import Caller, button, buttons
from tests.bot.target_builders import target_of
from tests.bot.test_targets import pressed_in, shown


def begun(caller: Caller, **fields: Any) -> dict[str, Any]:
    """What HR is told after filling in the form for new targets."""
    form = caller.press("H1", button(caller.command("H1", "/targets"), blocks.NEW))
    assert form is not None
    return caller.submit(
        "H1", form, **{"indicator": short_key("sales"), "span": "2026-08", "amount": "8000", **fields}
    )


def round_window(caller: Caller, who: str) -> dict[str, Any]:
    """Of the first round that `/targets` lists."""
    window = caller.press(who, buttons(caller.command(who, "/targets"), blocks.LOOK)[0])
    assert window is not None
    return window


def at_unit(caller: Caller, who: str, path: str) -> dict[str, Any]:
    window = round_window(caller, who)
    options = [one for block in window["blocks"] for one in block.get("elements", [{}])[0].get("options", ())]
    value = next(one["value"] for one in options if one["text"]["text"] == path)
    chosen = {"action_id": blocks.UNIT, "type": "static_select", "selected_option": {"value": value}}
    return pressed_in(caller, who, window, chosen)


def by_hand(caller: Caller, who: str, window: dict[str, Any], *amounts: object) -> dict[str, Any]:
    """Fill in the parts from the first on."""
    form = pressed_in(caller, who, window, button(window, blocks.BY_HAND))
    names = [block["block_id"].replace(".", "_") for block in form["blocks"] if block["type"] == "input"]
    typed = {name: str(amount) for name, amount in zip(names, amounts, strict=False)}
    return caller.submit(who, form, **typed)


def test_from_one_amount_to_targets_that_people_are_asked_about(caller: Caller, services: Services) -> None:
    # given: HR begins, the company splits by headcount
    told = begun(caller)
    assert "Amount: *8,000*. *8,000 left* to split." in shown(told["view"])
    window = round_window(caller, "H1")
    after = pressed_in(caller, "H1", window, button(window, blocks.BY_HEADCOUNT))
    assert "*East* *6,000* · *6,000 left* to split." in shown(after)
    # when: each manager splits the own unit
    west = round_window(caller, "M2")
    assert "West" in shown(west)
    after = pressed_in(caller, "M2", west, button(west, blocks.BY_HEADCOUNT))
    assert "全部已分解" in shown(after) or "All of it is split." in shown(after)
    east = round_window(caller, "M1")
    told = by_hand(caller, "M1", east, 1100, 1100, 1000, 1000, 900, 900)
    assert "All of it is split." in shown(told["view"])
    assert "usual month 1,100" in shown(told["view"])
    # then
    form = pressed_in(caller, "H1", window, button(window, blocks.PUBLISH))
    assert "The whole tree is split to the last step." in shown(form)
    told = caller.submit("H1", form)
    assert "Published: 11 monthly targets have changed." in shown(told["view"])
    assert target_of(services, "E1") == Decimal(1100)
    assert "1 target waits for your answer." in caller.command("E1", "/targets").text
    assert buttons(caller.command("H1", "/targets"), blocks.LOOK) == []


def test_what_is_left_needs_a_reason(caller: Caller, services: Services) -> None:
    # given
    begun(caller)
    window = round_window(caller, "H1")
    by_hand(caller, "H1", window, 5000, 2000)
    # when
    form = pressed_in(caller, "H1", window, button(window, blocks.PUBLISH))
    # then
    assert "*1,000 left* to split." in shown(form)
    assert "8 have no amount yet." in shown(form)
    told = caller.submit("H1", form, reason="A reserve for the new team.")
    assert "Published: 3 monthly targets have changed." in shown(told["view"])


def test_a_manager_sees_and_splits_the_own_unit_only(caller: Caller) -> None:
    # given
    begun(caller)
    # then
    window = round_window(caller, "M1")
    assert "East" in shown(window)
    assert buttons(window, blocks.PUBLISH) == []
    own = button(window, blocks.BY_HAND)
    other = {**own, "value": f"{own['value'].partition('|')[0]}|1"}
    assert "You may not split the targets of this unit" in shown(caller.press("M1", other))
    publishing = {**other, "action_id": blocks.PUBLISH}
    assert "You may not split" in shown(caller.press("M1", publishing))


@pytest.mark.parametrize("who", ["E1", "A1", "M1"])
def test_who_is_not_hr_cannot_begin(caller: Caller, who: str) -> None:
    assert buttons(caller.command(who, "/targets"), blocks.NEW) == []
    refused = caller.press(who, {"action_id": blocks.NEW, "type": "button", "value": "new"})
    assert "You may not set these targets: that is for HR." in shown(refused)


def test_hr_of_a_unit_begins_for_that_unit_and_no_other(caller: Caller, services: Services) -> None:
    # given
    with services.database.writing() as session:
        session.execute(sa.update(Unit).where(Unit.path != "Acme/East").values(hr_id=None))
        west = session.scalars(sa.select(Unit.id).where(Unit.path == "Acme/West")).one()
    # when
    told = begun(caller)
    # then
    assert "Acme/East: sales, August 2026" in shown(told["view"])
    refused = begun(caller, span="2026-09", for_unit=str(west))
    assert "You may not set these targets: that is for HR." in shown(refused["view"])


def test_other_units_are_a_choice_away(caller: Caller) -> None:
    begun(caller)
    assert "Acme/West: sales, August 2026" in shown(at_unit(caller, "H1", "Acme/West"))


def test_dropped_it_is_gone(caller: Caller) -> None:
    begun(caller)
    window = round_window(caller, "H1")
    told = pressed_in(caller, "H1", window, button(window, blocks.DROP))
    assert "Dropped: no target has changed." in shown(told)
    again = caller.press("H1", button(window, blocks.BY_HAND))
    assert "not being set any more" in shown(again)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"span": "soon"}, "span", "Write a year, a quarter or a month"),
        ({"span": "2026-W11"}, "span", "week 11 of 2026 is a week"),
        ({"amount": "-5"}, "amount", "Write a number of at least 0"),
        ({"amount": "8001", "step": "10"}, "amount", "in steps of 10"),
        ({"step": "0"}, "step", "Write a number of at least 0"),
        ({"season": "1, 2"}, "season", "each of the 1 months"),
        ({"season": "nonsense"}, "season", "each of the 1 months"),
    ],
)
def test_nonsense_in_the_form_gets_its_sentence(
    caller: Caller, fields: dict[str, str], field: str, sentence: str
) -> None:
    told = begun(caller, **fields)
    assert list(told["errors"]) == [field]
    assert sentence in told["errors"][field]


def test_one_round_at_a_time(caller: Caller) -> None:
    begun(caller)
    assert "being set already" in begun(caller)["errors"]["span"]


@pytest.mark.parametrize(("typed", "sentence"), [("many", "Write a number"), ("0.5", "in steps of 1")])
def test_nonsense_in_a_split_gets_its_sentence(caller: Caller, typed: str, sentence: str) -> None:
    begun(caller)
    told = by_hand(caller, "H1", round_window(caller, "H1"), typed)
    ((field, said),) = told["errors"].items()
    assert field.startswith("unit.")
    assert sentence in said


def by_share(caller: Caller, who: str, window: dict[str, Any], *shares: object) -> dict[str, Any]:
    form = pressed_in(caller, who, window, button(window, blocks.BY_SHARE))
    names = [block["block_id"].replace(".", "_") for block in form["blocks"] if block["type"] == "input"]
    return caller.submit(who, form, **{n: str(s) for n, s in zip(names, shares, strict=False)})


def test_split_by_share_goes_in_proportion_and_leaves_nothing(caller: Caller) -> None:
    begun(caller)
    told = by_share(caller, "H1", round_window(caller, "H1"), 70, 20)
    assert "Amount: *8,000*. All of it is split." in shown(told["view"])
    assert "*East* *6,222*" in shown(told["view"])
    assert "*West* *1,778*" in shown(told["view"])


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        (("many",), "Write a number of at least 0"),
        (("-1", "2"), "Write a number of at least 0"),
        (("0", "0"), "nothing to split the amount of Acme by"),
        ((), "nothing to split the amount of Acme by"),
    ],
)
def test_shares_that_cannot_be_get_their_sentence(
    caller: Caller, shares: tuple[str, ...], sentence: str
) -> None:
    begun(caller)
    told = by_share(caller, "H1", round_window(caller, "H1"), *shares)
    ((_, said),) = told["errors"].items()
    assert sentence in said
    assert "*8,000 left* to split." in shown(round_window(caller, "H1"))


def proposed(caller: Caller, who: str, window: dict[str, Any], **fields: str) -> dict[str, Any]:
    form = pressed_in(caller, who, window, button(window, blocks.PROPOSE))
    return caller.submit(who, form, **{"growth": "5", "months": "6", **fields})


def test_history_proposes_and_nothing_is_set_before_it_is_taken(caller: Caller, services: Services) -> None:
    # given: each of the eight has three months; E3 sold 900 in each
    begun(caller)
    window = round_window(caller, "H1")
    # when
    told = proposed(caller, "H1", window)
    # then
    assert "Usual month of the last 3 months, and 5%." in shown(told["view"])
    assert "Name of E3 (E3) *945* · usual month 900 · reached in 0 of 3 months" in shown(told["view"])
    assert "*8,000 left* to split." in shown(round_window(caller, "H1"))
    # when
    after = pressed_in(caller, "H1", told["view"], button(told["view"], TAKE))
    # then
    assert "All of it is split." in shown(after)
    form = pressed_in(caller, "H1", after, button(after, blocks.PUBLISH))
    assert "The whole tree is split to the last step." in shown(form)
    caller.submit("H1", form)
    assert target_of(services, "E3") == Decimal(945)


def test_the_growth_is_shown_with_all_its_digits(caller: Caller) -> None:
    begun(caller)
    told = proposed(caller, "H1", round_window(caller, "H1"), growth="2.1875")
    assert "and 2.1875%." in shown(told["view"])


def test_a_manager_proposes_for_the_own_unit(caller: Caller) -> None:
    begun(caller)
    told = proposed(caller, "M1", round_window(caller, "M1"))
    after = pressed_in(caller, "M1", told["view"], button(told["view"], TAKE))
    assert "Name of E3 (E3) *945*" in shown(after)
    stolen = button(told["view"], TAKE)
    assert "You may not split" in shown(caller.press("M2", stolen))


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"growth": "much"}, "growth", "Write a number of percent"),
        ({"growth": ""}, "growth", "Write a number of percent"),
        ({"growth": "900"}, "growth", "Growth is in percent, from -90 to 500."),
        ({"months": "7"}, "months", "Choose how many months."),
    ],
)
def test_terms_that_cannot_be_get_their_sentence(
    caller: Caller, fields: dict[str, str], field: str, sentence: str
) -> None:
    begun(caller)
    told = proposed(caller, "H1", round_window(caller, "H1"), **fields)
    assert list(told["errors"]) == [field]
    assert sentence in told["errors"][field]


def test_a_button_with_other_terms_is_refused(caller: Caller) -> None:
    begun(caller)
    told = proposed(caller, "H1", round_window(caller, "H1"))
    taken = button(told["view"], TAKE)
    for value in ("", "1|1", "1|1|x|6", "1|1|5|x", taken["value"].rpartition("|")[0] + "|99"):
        said = shown(caller.press("H1", {**taken, "value": value}))
        assert "out of date" in said or "Look back over 1 to 12 months." in said
