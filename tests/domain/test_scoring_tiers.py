"""From the lines to score and tier: deductions, the floor, gates."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.rules_cards import LineKind
from tests.domain.scoring_builders import (
    GATES,
    HEALTHY_LOANS,
    OVERDUE,
    SALES,
    VIOLATIONS,
    line,
    person,
    plan,
    score,
    target,
)


@pytest.mark.parametrize(
    ("violations", "taken"),
    [
        ("0", "0.00"),
        ("-3", "0.00"),
        ("0.001", "-0.01"),
        ("0.0009", "0.00"),
        ("4", "-20.00"),
        ("4.1", "-20.00"),
    ],
)
def test_a_deduction_lies_between_nothing_and_its_cap(violations: str, taken: str) -> None:
    card = score(plan(SALES, VIOLATIONS), person({"won_amount": 9, "violations": violations}, [target(9)]))

    assert str(line(card, "violations").contribution) == taken
    assert card.score == 100 + Decimal(taken)


def test_a_score_below_zero_is_cut_by_a_part_named_floor() -> None:
    card = score(plan(SALES, VIOLATIONS), person({"violations": 3}, [target(9)]))

    *_, floor = card.lines
    assert (floor.kind, floor.name, floor.contribution) == (LineKind.FLOOR, "floor", Decimal("15.00"))
    assert (card.score, card.tier) == (Decimal("0.00"), "C")


def test_without_a_cap_a_deduction_has_no_limit() -> None:
    of = plan(SALES, VIOLATIONS.replace("cap = 20\n", ""))

    card = score(of, person({"won_amount": 12, "violations": 19}, [target(10)]))

    assert card.score == Decimal("25.00")


amounts = st.decimals(-(10**6), 10**6, places=4)


@given(amounts, amounts, st.decimals(0, 10**6, places=4), amounts, st.decimals(0, 10**6, places=4))
def test_the_parts_always_add_up_to_the_score(
    won: Decimal, overdue: Decimal, balance: Decimal, violations: Decimal, goal: Decimal
) -> None:
    rep = person(
        {"won_amount": str(won), "overdue_amount": str(overdue), "loan_balance": str(balance)}
        | {"violations": str(violations)},
        [target(str(goal))],
    )

    card = score(plan(), rep)

    parts = [part.contribution for part in card.lines if part.contribution is not None]
    if card.score is None:
        assert parts == []
    else:
        assert sum(parts) == card.score >= 0


@given(amounts, amounts)
def test_more_sales_never_score_less(first: Decimal, second: Decimal) -> None:
    low, high = sorted((first, second))

    scores = [
        score(plan(SALES), person({"won_amount": str(won)}, [target(1000)])).score for won in (low, high)
    ]

    assert scores[0] is not None
    assert scores[1] is not None
    assert scores[0] <= scores[1]


@pytest.mark.parametrize(
    ("overdue", "violations", "tier", "lowered"),
    [
        (50, 0, "S", [False, False]),
        (50, 1, "A", [False, True]),
        (51, 0, "B", [True, False]),
        (51, 1, "B", [True, True]),
    ],
)
def test_gates_cap_the_tier_whatever_the_score(
    overdue: int, violations: int, tier: str, lowered: list[bool]
) -> None:
    of = plan(SALES.replace("[1.2, 120]", "[1.2, 300]"), OVERDUE, VIOLATIONS, GATES)
    rep = person(
        {"won_amount": 12, "overdue_amount": overdue, "loan_balance": 1000, "violations": violations},
        [target(10)],
    )

    card = score(of, rep)

    assert (card.tier_before_gates, card.tier) == ("S", tier)
    assert [gate.lowered for gate in card.gates] == lowered


def test_a_gate_over_nothing_does_not_act() -> None:
    of = plan(SALES, '[[gates]]\nratio = ["a", "b"]\nbelow = 1\ncap = "C"\n')

    card = score(of, person({"won_amount": 12}, [target(10)]))

    assert card.tier == "S"
    assert (card.gates[0].value, card.gates[0].holds) == (None, False)


def test_a_gate_on_an_indicator_compares_its_exact_reading() -> None:
    of = plan(SALES, '[[gates]]\nindicator = "sales"\nbelow = 1.1\ncap = "C"\n')

    assert score(of, person({"won_amount": 11}, [target(10)])).tier == "S"
    just_below = score(of, person({"won_amount": "10999999.9999"}, [target(10_000_000)]))
    assert line(just_below, "sales").printed_reading == Decimal("1.1")
    assert just_below.tier == "C"


def test_the_order_of_gates_and_tiers_is_irrelevant() -> None:
    gates = ['[[gates]]\nmeasure = "won_amount"\nabove = 1\ncap = "B"\n', GATES]
    rep = person({"won_amount": 12, "violations": 1, **HEALTHY_LOANS}, [target(10)])

    tiers = {score(plan(SALES, OVERDUE, *order), rep).tier for order in (gates, gates[::-1])}

    assert tiers == {"B"}
