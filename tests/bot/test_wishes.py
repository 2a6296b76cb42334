"""Typed wishes: a number is read in one way only, and names keep their words to themselves."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listeners.wishes import changes_in, what_is_wished
from domain.errors import BadInput, Refusal
from domain.plans.rules import Plan
from tests.domain.scoring_builders import SALES, plan


def indicator(name: str) -> str:
    return f'[[indicators]]\nname = "{name}"\nmeasure = "{name}"\nweight = 1\ncurve = [[0, 0], [1, 100]]\n'


OF = plan(SALES, indicator("减免额"), indicator("少儿险"), indicator("赢单数"), indicator("less_returns"))


def wished(text: str, of: Plan = OF) -> dict[str, Decimal]:
    wish = what_is_wished(f"if {text}")
    assert wish is not None
    return changes_in(wish, of)


UNCLEAR = [
    "1,5",
    "0,25",
    "1，5",
    "1,5000",
    "2000,500",
    "1,23,456",
    "1,500,5",
    "20.000,50",
    "20 000,5",
    "1.0.0",
]


@pytest.mark.parametrize("typed", UNCLEAR)
@pytest.mark.parametrize("named", ["{} sales", "sales {}", "{}", "多卖 {}"])
def test_digits_that_can_be_read_in_two_ways_are_refused(typed: str, named: str):
    with pytest.raises(BadInput, match="can be read in more than one way: write"):
        wished(named.format(typed))


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ("sales +1,500", {"won_amount": 1500}),
        ("sales 1,500.25", {"won_amount": Decimal("1500.25")}),
        ("sales +1,234,567", {"won_amount": 1_234_567}),
        ("sales 1.5k", {"won_amount": 1500}),
        ("sales +1, 赢单数 +5", {"won_amount": 1, "赢单数": 5}),
        ("sales +1,赢单数 +5", {"won_amount": 1, "赢单数": 5}),
        ("销售额+200，赢单数+1", {"won_amount": 200, "赢单数": 1}),
    ],
)
def test_digits_that_can_be_read_in_one_way_are_read(typed: str, changes: dict[str, int | Decimal]):
    assert wished(typed) == changes


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ("减免额 +5", {"减免额": 5}),
        ("少儿险 3", {"少儿险": 3}),
        ("多 3 少儿险", {"少儿险": 3}),
        ("少儿险 少 3", {"少儿险": -3}),
        ("减免额减 5", {"减免额": -5}),
        ("减少 5 减免额", {"减免额": -5}),
        ("再多 2 个赢单数", {"赢单数": 2}),
        ("less returns 4", {"less_returns": 4}),
        ("4 fewer less returns", {"less_returns": -4}),
        ("少卖 5", {"won_amount": -5}),
        ("5 less", {"won_amount": -5}),
    ],
)
def test_only_words_around_a_name_turn_the_sign(typed: str, changes: dict[str, int]):
    assert wished(typed) == changes


NUMBERED = plan(
    SALES,
    indicator("5g_plans"),
    indicator("level 2"),
    indicator("level"),
    indicator("第2类"),
    indicator("Q3-v1.5 x"),
)


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ("5g plans +3", {"5g_plans": 3}),
        ("3 more 5G_plans", {"5g_plans": 3}),
        ("level 2 +5", {"level 2": 5}),
        ("level 2: 5", {"level 2": 5}),
        ("level 2 1,500", {"level 2": 1500}),
        ("5 fewer level 2", {"level 2": -5}),
        ("level 2,500", {"level": 2500}),
        ("level 25", {"level": 25}),
        ("level 2 500", {"level 2": 500}),
        ("第2类 +3", {"第2类": 3}),
        ("第2类少 3", {"第2类": -3}),
        ("q3 v1.5 x 7", {"Q3-v1.5 x": 7}),
        ("sales +1, 5g plans +2; level 2 +3", {"won_amount": 1, "5g_plans": 2, "level 2": 3}),
    ],
)
def test_digits_within_a_name_belong_to_the_name(typed: str, changes: dict[str, int]):
    assert wished(typed, NUMBERED) == changes


@pytest.mark.parametrize("typed", ["5g plans", "level 2", "5g plans +3 +4", "sales +3 4"])
def test_a_wish_still_has_one_number(typed: str):
    with pytest.raises(Refusal, match=f'I do not understand "{re.escape(typed)}" as a number'):
        wished(typed, NUMBERED)


def test_a_name_within_a_word_is_not_that_name():
    with pytest.raises(Refusal, match="Nothing here is called wholesales"):
        wished("wholesales +5")


@pytest.mark.parametrize(
    "nonsense", ["", "!!!", "+", "1e5", "5-3 sales", "½ sales", "sales 1 2345", ",5,", "二十"]
)
def test_nonsense_changes_nothing_unseen(nonsense: str):
    try:
        changes = wished(nonsense)
    except Refusal:
        return
    assert changes in ({}, {"won_amount": 5})  # a lone number is that of the first measure


words = st.sampled_from(["sales", "减免额", "少儿险", "少", "more", "fewer", "k", "万", "和", "的"])
marks = st.text(alphabet="0123456789,. +-，、;～%/", max_size=8)


@given(st.lists(words | marks, max_size=8).map("".join))
def test_whatever_is_typed_is_read_or_refused(typed: str):
    try:
        changes = wished(typed)
    except Refusal:
        return
    assert all(measure in OF.measures_needed for measure in changes)
