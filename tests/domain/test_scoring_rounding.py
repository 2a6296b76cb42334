"""The scoring engine to the last digit: a card worked by hand, and where numbers round."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import CardStatus, Miss
from domain.scoring.rules_exact import exact_sum, half_up, half_up_quotient, quotient
from tests.domain.scoring_builders import (
    HEALTHY_LOANS,
    MARCH,
    ended,
    line,
    line_plan,
    person,
    plan,
    score,
    target,
)


def test_a_card_worked_by_hand() -> None:
    # given a target of 80 000, four days of leave in March, 3 % overdue and one violation
    rep = person(
        {"won_amount": "70123.45", "overdue_amount": 30, "loan_balance": 1000, "violations": 1},
        [target(80_000)],
        leaves=[(date(2026, 3, 2), date(2026, 3, 5))],
    )

    card = score(plan(), rep)

    # then 80 000 × 27 / 31 = 69 677.419…; 70 123.45 / 69 677.42 = 1.006401…
    sales = line(card, "sales")
    assert sales.target
    assert (sales.target.amount, card.eligible_days, card.days) == (Decimal("69677.42"), 27, 31)
    assert sales.reading == Fraction(7012345, 6967742)
    assert sales.printed_reading == Decimal("1.006401")
    # 100 + (1.006401… − 1) / 0.2 × 20 = 100.6401; 40 × 100.6401 / 60 = 67.0934
    assert (sales.points, sales.contribution) == (Decimal("100.6401"), Decimal("67.09"))
    # 100 − (0.03 − 0.02) / 0.03 × 40 = 86.6667; 20 × 86.6667 / 60 = 28.8889
    overdue = line(card, "overdue_rate")
    assert (overdue.actual, overdue.denominator) == (Decimal(30), Decimal(1000))
    assert (overdue.points, overdue.contribution) == (Decimal("86.6667"), Decimal("28.89"))
    assert line(card, "violations").contribution == Decimal("-5.00")
    assert (card.status, card.score, card.tier) == (CardStatus.COMPLETE, Decimal("90.98"), "B")
    assert (card.miss, card.rankable, card.deductions) == (Miss.HIT, True, Decimal("5.00"))


def test_scoring_is_a_function_of_its_inputs_alone() -> None:
    rep = person({"won_amount": 12, **HEALTHY_LOANS}, [target(10)])
    window = ended(MARCH)

    assert score_person(plan(), window, rep) == score_person(plan(), window, rep)
    assert Period.parse("2026-03") == window.period


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.00499999999999999999999999999999", 2, "0.00"),
        ("-0.004", 2, "0.00"),
        ("99.995", 2, "100.00"),
        ("99.99499999", 2, "99.99"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("123456789012345678901234567890.125", 2, "123456789012345678901234567890.13"),
    ],
)
def test_a_half_rounds_away_from_zero_and_nothing_is_ever_minus_zero(
    number: str, places: int, rounded: str
) -> None:
    for rounding in (
        half_up(Decimal(number), places),
        half_up(Fraction(number), places),
        half_up_quotient(Decimal(number), Decimal(1), places),
    ):
        assert str(rounding) == rounded


@given(st.decimals(-(10**9), 10**9, places=4), st.decimals(Decimal("0.0001"), 10**6, places=4))
def test_the_two_ways_to_round_a_quotient_agree(numerator: Decimal, denominator: Decimal) -> None:
    assert quotient(numerator, denominator) == Fraction(numerator) / Fraction(denominator)
    assert half_up_quotient(numerator, denominator, 2) == half_up(quotient(numerator, denominator), 2)


@given(st.permutations([Decimal("1e15"), Decimal("0.0001"), Decimal("-1e15"), Decimal("9.99"), Decimal(3)]))
def test_a_sum_is_exact_in_any_order(values: list[Decimal]) -> None:
    assert exact_sum(values) == Decimal("12.9901")


@pytest.mark.parametrize(
    ("actual", "points", "points_score", "tier"),
    [
        ("94.9949", "94.9949", "94.99", "B"),
        ("94.995", "94.9950", "95.00", "A"),
        ("99.995", "99.9950", "100.00", "A"),
        ("99.9949", "99.9949", "99.99", "A"),
        ("69.995", "69.9950", "70.00", "B"),
        ("69.9949", "69.9949", "69.99", "C"),
        ("109.995", "109.9950", "110.00", "S"),
    ],
)
def test_a_score_at_the_edge_of_a_cent_and_of_a_tier(
    actual: str, points: str, points_score: str, tier: str
) -> None:
    card = score(line_plan(), person({"won_amount": actual}, [target(100)]))

    sales = line(card, "sales")
    assert (sales.points, card.score, card.tier) == (Decimal(points), Decimal(points_score), tier)


def test_points_round_before_they_are_weighed() -> None:
    # 1/3 of the target: 33.3333… points, printed 33.3333; 33.33335 would round up to 33.3334
    assert line(score(line_plan(), person({"won_amount": 1}, [target(3)])), "sales").points == Decimal(
        "33.3333"
    )
    card = score(line_plan(), person({"won_amount": "0.3333335"}, [target(1)]))
    assert line(card, "sales").points == Decimal("33.3334")
    assert line(card, "sales").printed_reading == Decimal("0.333334")
