"""*What if* as blocks: whatever a plan is called and however long it is, in both languages."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.actions import CardRef
from bot.blocks.escaping import mrkdwn
from bot.blocks.own_numbers import own_numbers_form, trial, trial_message
from bot.blocks.what_if import what_if, what_if_message, working
from domain.periods import Period
from domain.plans.rules import Plan
from domain.scoring.rules_moves import Beside
from domain.scoring.rules_what_if import Case, whole
from domain.scoring.views import PersonView
from domain.scoring.what_if import BeforeAndAfter, Ending, PlaceChange, Question, Trial, answer
from tests.bot.builders import CHINESE, ENGLISH, a_card, a_running_card
from tests.bot.calling import texts
from tests.bot.contracts import OutgoingContracts
from tests.domain.scoring_builders import OVERDUE, SALES, VIOLATIONS, ended, person, plan, target

JUNE = Period.month(2026, 6)
WRITERS = pytest.mark.parametrize("writer", [ENGLISH, CHINESE], ids=["en", "zh"])
BARRING = """
[[gates]]
ratio = ["overdue_amount", "loan_balance"]
above = 0.05
cap = "B"
"""
LONG = """
[[indicators]]
name = "NAME"
measure = "NAME"
weight = 1
curve = [[0, 0], [1, 120]]
"""


def question(of: Plan, running: bool = False, **values: str | int) -> Question:
    """June of somebody with a target of 1000 for sales."""
    case = Case(of, ended(JUNE, of), person(values, [target(1000, JUNE)]))
    if not running:
        return Question(a_card(), of, {Ending.OVER: case}, None)
    today = replace(case, window=whole(case.window))
    return Question(a_running_card(), of, {Ending.PACE: today, Ending.TODAY: today}, case)


def drawn(of: Question) -> str:
    return "\n".join(texts(what_if(ENGLISH, answer(of))["blocks"]))


def tried(of: Question, **change: str | int) -> Trial:
    changes = {measure: Decimal(more) for measure, more in change.items()}

    def changed(case: Case) -> BeforeAndAfter:
        after = {measure: case.value(measure) + more for measure, more in changes.items()}
        return BeforeAndAfter(case.as_it_is, case.card(after))

    return Trial(
        changes,
        None if of.so_far is None else changed(of.so_far),
        {ending: changed(case) for ending, case in of.endings.items()},
        (PlaceChange("East", 8, 3, 2),),
    )


LOANS = {"overdue_amount": 1, "loan_balance": 100}


def test_at_the_top_there_is_nothing_to_reach():
    shown = drawn(question(plan(), won_amount=1200, overdue_amount=0, loan_balance=100))
    assert (
        "June 2026 is over, with score 120, tier S. S is the highest tier: there is none to reach." in shown
    )
    assert "Try your own numbers" in "\n".join(
        texts(what_if(ENGLISH, answer(question(plan(), won_amount=1200, overdue_amount=0, loan_balance=100))))
    )


def test_without_a_score_there_is_a_reason():
    shown = drawn(question(plan(OVERDUE + SALES, head="min_assessed_weight = 1.0\n")))
    assert "June 2026 has no score to go on from. Too little could be assessed" in shown


def test_a_gate_says_what_opens_it():
    shown = drawn(
        question(plan(SALES, OVERDUE, BARRING), won_amount=1200, overdue_amount=6, loan_balance=100)
    )
    assert (
        "Gate: overdue amount ÷ loan balance is 6%, above 5%, so at most tier B. "
        "It opens with overdue amount 5 instead of 6 (-1)."
    ) in shown
    assert "• *sales* not by itself: it brings all it can already" in shown
    assert "• *overdue rate* overdue amount 5 instead of 6 (-1): 5%" in shown


def test_points_enough_but_for_the_gate_are_said():
    gate = '[[gates]]\nmeasure = "complaints"\nabove = 0\ncap = "C"\n'
    shown = drawn(question(plan(SALES, gate, head='stocks = ["complaints"]\n'), won_amount=900, complaints=3))
    assert "It begins at 70. The points are there, a gate is in the way." in shown
    assert "• *sales* not by itself, for the gate stays\n" in shown
    assert "• complaints 0 instead of 3 (-3)\nWith that alone: score 80, tier B." in shown


def test_an_indicator_that_is_barred_has_the_points_but_not_the_tier():
    of = question(plan(SALES, OVERDUE, BARRING), won_amount=600, overdue_amount=6, loan_balance=100)
    shown = "\n".join(texts(what_if(ENGLISH, answer(of, tier_level=2))))
    assert "*What tier A would have taken*" in shown
    assert (
        "• *sales* not by itself, for the gate stays; it has the points with 1,200 instead of 600 (+600)"
        in shown
    )


def test_what_would_no_longer_be_assessed_says_so():
    of = question(plan(SALES, OVERDUE, head="min_assessed_weight = 0.9\n"), won_amount=900, **LOANS)
    shown = "\n".join(texts(trial(ENGLISH, of, tried(of, loan_balance=-100))["blocks"]))
    assert "no score. Too little could be assessed" in shown
    assert "*overdue rate* is not assessed" in shown


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (3, "Still place 3 of 8 in East"),
        (1, "Place 3 → *1* of 8 in East"),
        (Beside.PAST_ABOVE, "Place 3 of 8 in East → *past the next place up*"),
        (Beside.LEVEL_ABOVE, "Place 3 of 8 in East → *level with the next place up*"),
        (Beside.AHEAD_OF_BELOW, "Place 3 of 8 in East → still ahead of the next place down"),
        (Beside.LEVEL_BELOW, "Place 3 of 8 in East → *level with the next place down*"),
        (Beside.BEHIND_BELOW, "Place 3 of 8 in East → *behind the next place down*"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(after, sentence):
    of = question(plan(SALES, OVERDUE), won_amount=900, **LOANS)
    trying = replace(tried(of, won_amount=1), places=(PlaceChange("East", 8, 3, after),))
    shown = "\n".join(texts(trial(ENGLISH, of, trying)["blocks"]))
    assert sentence in shown
    assert "Places: if the scores of all others stay." in shown


def test_without_places_nothing_is_said_of_them():
    of = question(plan(SALES, OVERDUE), won_amount=900, **LOANS)
    trying = replace(tried(of, won_amount=1), places=())
    shown = "\n".join(texts(trial(ENGLISH, of, trying)["blocks"]))
    assert "Computed by the same rules as the card." in shown
    assert "lace" not in shown


def test_a_deduction_shows_the_points_it_takes():
    of = question(plan(SALES, OVERDUE, VIOLATIONS), won_amount=900, **LOANS)
    shown = "\n".join(texts(trial(ENGLISH, of, tried(of, violations=2))["blocks"]))
    assert "*violations* 0 → 2 · -10 points instead of 0" in shown


@WRITERS
def test_all_windows_fit_slack(contracts: OutgoingContracts | None, writer):
    if contracts is None:
        pytest.skip("the contracts are not there")
    indicators = [LONG.replace("NAME", f"{'n' * 90}{n}") for n in range(20)]
    of = plan(SALES, *indicators)
    who = person({"won_amount": 500}, [target(1000, JUNE)])
    who = replace(
        who, targets={**who.targets, **{one.name: (target(10, JUNE),) for one in of.indicators[1:]}}
    )
    long = question(of)
    long = replace(long, endings={Ending.OVER: Case(of, ended(JUNE, of), who)})
    for one in (long, question(plan(), running=True, won_amount=500, **LOANS), question(plan())):
        contracts.check_view(what_if(writer, answer(one)))
        contracts.check_view(own_numbers_form(writer, one))
        contracts.check_view(trial(writer, one, tried(one, won_amount=100)))
        for message in (
            what_if_message(writer, answer(one)),
            trial_message(writer, one, tried(one, won_amount=1)),
        ):
            contracts.check_message(message.text, message.blocks)
    contracts.check_view(working(writer, CardRef(7, JUNE)))


def mrkdwn_texts(value: Any) -> list[str]:
    """What Slack reads marks and links in; plain text shows them as they are."""
    if isinstance(value, list):
        return [text for part in value for text in mrkdwn_texts(part)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" else []
    return own + [text for part in value.values() for text in mrkdwn_texts(part)]


written = st.text(max_size=60) | st.sampled_from(
    ["<!channel>", "*", "_x_", ":smile:", "https://evil.example"]
)


@WRITERS
@settings(deadline=None, max_examples=8)
@given(name=written, measure=written.filter(mrkdwn), unit=written)
def test_no_name_breaks_out_of_what_if(contracts: OutgoingContracts | None, writer, name, measure, unit):
    """The marks and tokens are those that harmless names have."""

    def all_texts(somebody: str, called: str, place: str) -> list[str]:
        of = plan(SALES, OVERDUE, BARRING)
        indicators = (replace(of.indicators[0], measure=called), of.indicators[1])
        of = replace(of, name=somebody, indicators=indicators)
        card = a_card(person=PersonView(7, somebody, somebody), plan_name=somebody)
        asked = question(of, **{called: 500}, overdue_amount=6, loan_balance=100)
        asked = replace(asked, card=card)
        trying = replace(
            tried(asked, **{called: 10}),
            places=tuple(PlaceChange(place, 8, 3, after) for after in (2, 3, *Beside)),
        )
        views = [
            what_if(writer, answer(asked)),
            trial(writer, asked, trying),
            own_numbers_form(writer, asked),
        ]
        if contracts:
            for view in views:
                contracts.check_view(view)
        return [text for view in views for text in mrkdwn_texts(view)]

    shown = all_texts(name, measure, unit)
    harmless = all_texts("a", "a", "a")
    assert [text.count("*") for text in shown] == [text.count("*") for text in harmless]
    assert not any(mark in text for text in shown for mark in ("<", ">", "`", "~", "://"))
