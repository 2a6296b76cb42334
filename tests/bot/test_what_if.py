"""*What if*, pressed and typed: the window, its choices, one's own numbers."""

from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.blocks import actions
from bot.blocks.actions import CardRef, WhatIfRef
from bot.blocks.inputs import short_key
from domain.people.model import Person, Role
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.what_if import Ending
from domain.services import Services
from tests.bot.builders import JULY, JUNE
from tests.bot.calling import Answer, Caller, button, texts
from tests.bot.fake_slack import FakeSlack


def shown(window: dict[str, Any] | None) -> str:
    return "\n".join(texts(window))


def card_of(services: Services, employee_id: str, period: Period = JULY) -> CardRef:
    with services.database.reading() as session:
        return CardRef(person_by_employee_id(session, employee_id).id, period)


def press_what_if(
    caller: Caller, services: Services, who: str, period: Period = JULY, of: str | None = None
) -> str:
    """What the window shows once it is filled."""
    card = card_of(services, of or who, period)
    opened = caller.press(who, {"action_id": actions.WHAT_IF, "value": str(card)})
    filled = caller.slack.called("views.update")
    if not filled:
        return shown(opened)
    assert "Working it out …" in shown(opened) or "正在计算" in shown(opened)
    return shown(filled[0]["view"])


def own_numbers(caller: Caller, services: Services, who: str, period: Period = JULY) -> dict[str, Any]:
    form = caller.press(who, {"action_id": actions.TRY_OWN, "value": str(card_of(services, who, period))})
    assert form is not None
    return form


def chosen(fields: dict[str, str]) -> dict[str, str]:
    """Fields of the form, their measures by name."""
    return {
        field: short_key(value) if field.startswith("measure") else value for field, value in fields.items()
    }


def if_(caller: Caller, who: str, text: str) -> Answer:
    return caller.command(who, "/myscore", text)


def test_the_window_of_a_running_month_says_what_the_next_tier_takes(caller: Caller, services: Services):
    window = press_what_if(caller, services, "E3")
    # 90 of 1000 by the seventh is 39.9 % of the pace: no points; wins 4 of 10 bring 80 points of weight 40
    assert "If everything goes on as so far, July 2026 ends with score 32, tier C." in window
    assert "*What tier B takes*\nIt begins at 70: 38 points more." in window
    assert "• *sales* 817 instead of 399 (+418): 81.7% of target" in window
    assert "• *win rate* not by itself: it gets to 48 with wins 8 instead of 4 (+4): 80%" in window
    assert "With that alone: score 70.04, tier B." in window
    assert "against its full targets; data up to Jul 7, 2026" in window


def test_the_window_of_a_closed_month_speaks_of_the_past(caller: Caller, services: Services):
    window = press_what_if(caller, services, "E3", JUNE)
    assert "June 2026 is over, with score 80, tier B." in window
    assert "*What tier A would have taken*" in window
    assert "Everything goes on as so far" not in window


def test_a_gate_that_cannot_be_undone_is_said_to_be_the_end(caller: Caller, services: Services):
    # E2 has 87 points and a violation, which allows no more than A
    choice = {
        "action_id": actions.TIER_CHOICE,
        "selected_option": {"value": _ref(services, "E2", tier_level=3)},
    }
    _, view = caller.press_in_view("E2", {"type": "modal"}, choice)
    assert (
        "Gate: violations is 1, 1 or more, so at most tier A. That cannot be undone: A is as far as it goes."
        in shown(view)
    )
    assert "There is none: with everything at its best it would be score 115, tier A." in shown(view)


def _ref(services: Services, who: str, ending: Ending = Ending.OVER, tier_level: int = 1) -> str:
    period = JUNE if ending is Ending.OVER else JULY
    return str(WhatIfRef(card_of(services, who, period), ending, tier_level))


def test_another_ending_takes_the_windows_place(caller: Caller, services: Services):
    option = {"value": _ref(services, "E3", Ending.TODAY)}
    choice = {"action_id": actions.ENDING_CHOICE, "selected_option": option}
    method, view = caller.press_in_view("E3", {"type": "modal"}, choice)
    assert method == "views.update"
    assert "If nothing more came in after Jul 7, 2026, July 2026 would end with score 32, tier C." in shown(
        view
    )
    assert "• *sales* 817 instead of 90 (+727): 81.7% of target" in shown(view)
    (chosen,) = [
        one["initial_option"]["text"]["text"]
        for one in view["blocks"][-1]["elements"]
        if one["action_id"] == actions.ENDING_CHOICE
    ]
    assert chosen == "Nothing more comes in"


@pytest.mark.parametrize(
    "value", ["42", "x|pace|7|2026-07", "1|never|7|2026-07", "1|pace|7|2026-13", "1|pace"]
)
def test_a_choice_that_is_none_of_ours_says_so(caller: Caller, value: str):
    choice = {"action_id": actions.ENDING_CHOICE, "selected_option": {"value": value}}
    method, view = caller.press_in_view("E3", {"type": "modal"}, choice)
    assert method == "views.push"
    assert "This button is out of date" in shown(view)


def test_a_tier_that_is_not_above_counts_as_the_next_one(caller: Caller, services: Services):
    choice = {
        "action_id": actions.TIER_CHOICE,
        "selected_option": {"value": _ref(services, "E3", tier_level=0)},
    }
    _, view = caller.press_in_view("E3", {"type": "modal"}, choice)
    assert "*What tier A would have taken*" in shown(view)


@pytest.mark.parametrize("stranger", ["E1", "M2", "A1"])
def test_somebody_elses_button_does_nothing_but_explain(caller: Caller, services: Services, stranger):
    window = press_what_if(caller, services, stranger, JUNE, of="E2")
    assert "You may not see this person's card: ask their manager or HR." in window
    assert caller.slack.called("views.update") == []


def test_a_manager_may_ask_for_the_own_people_until_demoted(caller: Caller, services: Services):
    assert "*Name of E2 (E2), June 2026" in press_what_if(caller, services, "M1", JUNE, of="E2")
    with services.database.writing() as session:
        session.execute(sa.update(Person).where(Person.employee_id == "M1").values(role=Role.REP))
    assert "You may not see this person's card" in press_what_if(caller, services, "M1", JUNE, of="E2")


def test_a_window_that_the_click_has_opened_already_is_filled(
    caller: Caller, services: Services, slack: FakeSlack
):
    """Slack says so to a client that asks again because the first answer was lost."""
    slack.errors["views.open"] = "exchanged_trigger_id"
    with capture_logs() as logs:
        assert "June 2026 is over" in press_what_if(caller, services, "E3", JUNE)
    (opened,), (filled,) = slack.called("views.open"), slack.called("views.update")
    assert filled["external_id"] == opened["view"]["external_id"]
    assert "request failed" not in [entry["event"] for entry in logs]


def test_a_window_that_was_never_filled_is_filled_by_its_own_button(
    caller: Caller, services: Services, slack: FakeSlack
):
    # given a window whose filling got lost on its way
    slack.failing.add("views.update")
    opened = caller.press("E3", {"action_id": actions.WHAT_IF, "value": str(card_of(services, "E3", JUNE))})
    assert "Working it out …" in shown(opened)
    slack.failing.clear()
    slack.calls.clear()

    method, view = caller.press_in_view("E3", opened, button(opened, actions.WHAT_IF_AGAIN))

    assert method == "views.update"
    assert "June 2026 is over" in shown(view)


def test_a_window_closed_in_between_is_no_fault_of_ours(caller: Caller, services: Services, slack: FakeSlack):
    slack.errors["views.update"] = "not_found"
    with capture_logs() as logs:
        press_what_if(caller, services, "E3")
    assert "request failed" not in [entry["event"] for entry in logs]


def test_own_numbers_show_score_tier_and_place_before_and_after(caller: Caller, services: Services):
    form = own_numbers(caller, services, "E3", JUNE)
    told = caller.submit(
        "E3",
        form,
        measure_0=short_key("won_amount"),
        amount_0="100",
        measure_1=short_key("wins"),
        amount_1="1.0",
    )
    assert told["response_action"] == "push"
    window = shown(told["view"])
    assert "*If: won amount +100 and wins +1*" in window
    assert "score 80 → *100*, tier B → *A*" in window
    assert (
        "Place 3 of 6 in East → *past the next place up*\nPlace 4 of 8 in Acme → *past the next place up*"
    ) in window
    assert "*sales* 900 → 1,000 · adds 60 instead of 48" in window
    assert "Unchanged: violations." in window


def test_own_numbers_in_a_running_month_show_today_and_both_ends(caller: Caller, services: Services):
    told = caller.submit(
        "E3",
        own_numbers(caller, services, "E3"),
        measure_0=short_key("won_amount"),
        amount_0="200",
        measure_1=short_key("won_amount"),
        amount_1="227",
    )
    window = shown(told["view"])
    assert "Score so far: 32 → *104*" in window
    assert "At the end, all else going on as so far: score 32 → *71.12*, tier C → *B*" in window
    assert "At the end, if nothing else came in: score 32 → *34.04*, still tier C" in window


def test_the_form_says_what_is_recorded(caller: Caller, services: Services):
    form = own_numbers(caller, services, "E3", JUNE)
    (options,) = [
        block["element"]["options"] for block in form["blocks"] if block.get("block_id") == "measure.0"
    ]
    assert [(one["text"]["text"], one["description"]["text"]) for one in options] == [
        ("won amount", "900 recorded"),
        ("wins", "4 recorded"),
        ("closed deals", "10 recorded"),
        ("violations", "0 recorded"),
    ]


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {"measure.0": "Choose what."}),
        ({"measure_0": "won_amount"}, {"amount.0": "Write a number such as 20000"}),
        ({"measure_0": "won_amount", "amount_0": "1e999"}, {"amount.0": "Write a number"}),
        ({"measure_0": "won_amount", "amount_0": "1.00001"}, {"amount.0": "Write a number"}),
        ({"measure_0": "nonsense", "amount_0": "1"}, {"measure.0": "Choose what."}),
        ({"measure_0": "wins", "amount_0": "1", "amount_2": "5"}, {"measure.2": "Choose what."}),
        ({"measure_0": "wins", "amount_0": "-5"}, {"amount.0": "wins: there is 4 now"}),
        (
            {"measure_0": "wins", "amount_0": "1", "measure_1": "won_amount", "amount_1": "999999999999"},
            {"amount.1": "won amount: that is more than can be recorded."},
        ),
    ],
)
def test_what_is_wrong_is_said_below_its_field(caller: Caller, services: Services, fields, errors):
    told = caller.submit("E3", own_numbers(caller, services, "E3", JUNE), **chosen(fields))
    assert told["response_action"] == "errors"
    assert told["errors"].keys() == errors.keys()
    for field, beginning in errors.items():
        assert told["errors"][field].startswith(beginning)


def test_a_form_of_somebody_who_may_not_see_the_card_any_more_does_nothing_but_explain(
    caller: Caller, services: Services
):
    form = own_numbers(caller, services, "E3")
    told = caller.submit("E1", form, measure_0=short_key("wins"), amount_0="1")
    assert told["response_action"] == "update"
    assert "You may not see this person's card" in shown(told["view"])


@pytest.mark.parametrize("text", ["what if", "what-if?", "What If", "whatif", "if", "如果", "假如"])
def test_typed_it_says_what_the_next_tier_takes(caller: Caller, text: str):
    answer = if_(caller, "E3", text)
    assert "*What tier B takes*" in answer.shown
    assert answer.text == "If everything goes on as so far, July 2026 ends with score 32, tier C."


@pytest.mark.parametrize("text", ["what if last month", "if june", "如果 上个月"])
def test_typed_with_a_period_it_is_about_that(caller: Caller, text: str):
    assert "June 2026 is over, with score 80, tier B." in if_(caller, "E3", text).shown


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("if sales +200", "won amount +200"),
        ("what if I close 20 000 more", "won amount +20,000"),
        ("what if I close 20,000 more, and wins +1", "won amount +20,000 and wins +1"),
        ("if 20k", "won amount +20,000"),
        ("if won_amount 200.50; win rate +2", "won amount +200.5 and wins +2"),
        ("if 3 more wins and 2 wins", "wins +5"),
        ("if 2 fewer wins", "wins -2"),
        ("if wins -2", "wins -2"),
        ("如果 多卖 2万", "won amount +20,000"),
        ("如果 销售额 +200，赢单数 +1", "won amount +200 and wins +1"),
        ("if violations 1", "violations +1"),
    ],
)
def test_typed_with_numbers_it_tries_them(caller: Caller, text: str, changes: str):
    assert if_(caller, "E3", text).text == f"If: {changes}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("if slaes +200", "Nothing here is called slaes. These come close: sales"),
        (
            "if the moon +1",
            "Nothing here is called moon. What can change: won amount, wins, closed deals, and",
        ),
        ("if sales", 'I do not understand "sales" as a number of something: write it like sales +20000.'),
        ("if sales 2 3", 'I do not understand "sales 2 3" as a number of something'),
        ("if sales 0.00001", "0.00001 is not a number that can be recorded"),
        ("if sales -5000", "won amount: there is 90 now, so no more than that can be taken away."),
        ("if sales 99999999999999", "99999999999999 is not a number that can be recorded"),
    ],
)
def test_typed_nonsense_gets_a_sentence_and_examples(caller: Caller, text: str, sentence: str):
    answer = if_(caller, "E3", text)
    assert sentence in answer.text
    assert "`/myscore what if`" in answer.shown


def test_those_without_a_card_hear_so(caller: Caller):
    assert "You have no card of your own" in if_(caller, "M1", "what if").shown


def test_typed_it_leads_to_the_window_and_to_the_form(caller: Caller, services: Services):
    answer = if_(caller, "E3", "what if")
    buttons = {one["action_id"]: one["value"] for one in answer.blocks[-1]["elements"]}
    assert buttons == dict.fromkeys((actions.WHAT_IF, actions.TRY_OWN), str(card_of(services, "E3")))
