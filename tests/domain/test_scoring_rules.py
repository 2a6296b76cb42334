"""The scoring engine to the last digit: worked examples, edges, and what holds for every card."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import Card, CardStatus, LineKind, LineReason, LineStatus, Miss, Reason
from domain.scoring.rules_exact import exact_sum, half_up, half_up_quotient, quotient
from domain.scoring.rules_inputs import PersonInput, measure_value
from tests.domain.scoring_builders import (
    GATES,
    LONG_AGO,
    MARCH,
    OVERDUE,
    SALES,
    VIOLATIONS,
    ended,
    line,
    line_plan,
    person,
    plan,
    score,
    target,
)

HEALTHY_LOANS = {"overdue_amount": 10, "loan_balance": 1000}


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


# --- rounding ---------------------------------------------------------------------------------------


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


# --- targets ----------------------------------------------------------------------------------------


def target_of(card: Card) -> Decimal | None:
    found = line(card, "sales").target
    return found.amount if found else None


@pytest.mark.parametrize(
    ("hired_on", "expected", "months"),
    [
        (date(2026, 3, 1), "0.00", 0),
        (date(2026, 2, 28), "50.00", 1),
        (date(2026, 1, 1), "75.00", 2),
        (date(2025, 12, 31), "100.00", 3),
        (date(2025, 3, 31), "100.00", 12),
    ],
)
def test_the_ramp_goes_by_months_since_the_month_of_hire(hired_on: date, expected: str, months: int) -> None:
    of = line_plan(head="ramp = [0.0, 0.5, 0.75]\n")

    card = score(of, person(targets=[target(100)], hired_on=hired_on))

    assert target_of(card) == Decimal(expected)
    assert (card.ramp_months, card.in_ramp) == (months, months < 3)


@pytest.mark.parametrize(
    ("hired_on", "left_on", "leaves", "days"),
    [
        (LONG_AGO, None, [], 31),
        (date(2026, 3, 31), None, [], 1),
        (date(2026, 4, 1), None, [], 0),
        (LONG_AGO, date(2026, 3, 1), [], 1),
        (LONG_AGO, date(2026, 2, 28), [], 0),
        (date(2026, 3, 10), date(2026, 3, 19), [(date(2026, 3, 1), date(2026, 3, 10))], 9),
        (LONG_AGO, None, [(date(2026, 3, 5), date(2026, 3, 9)), (date(2026, 3, 7), date(2026, 3, 7))], 26),
        (LONG_AGO, None, [(date(2026, 3, 7), date(2026, 3, 9)), (date(2026, 3, 5), date(2026, 3, 8))], 26),
        (LONG_AGO, None, [(date(2025, 1, 1), date.max)], 0),
        (LONG_AGO, None, [(date.min, date(2026, 3, 1)), (date(2026, 3, 31), date(2026, 4, 9))], 29),
    ],
)
def test_eligible_days_are_employed_and_not_on_leave_each_day_once(
    hired_on: date, left_on: date | None, leaves: list[tuple[date, date]], days: int
) -> None:
    card = score(line_plan(), person(targets=[target(31)], hired_on=hired_on, left_on=left_on, leaves=leaves))

    assert card.eligible_days == days
    assert target_of(card) == days


leave_days = st.integers(-10, 45).map(lambda offset: MARCH.start + timedelta(days=offset))
leaves = st.lists(st.tuples(leave_days, leave_days).map(lambda pair: (min(pair), max(pair))), max_size=6)


@given(leaves, leave_days, st.none() | leave_days)
def test_eligible_days_agree_with_counting_day_by_day(
    away: list[tuple[date, date]], hired_on: date, left_on: date | None
) -> None:
    month = [MARCH.start + timedelta(days=offset) for offset in range(MARCH.days)]
    expected = [
        day
        for day in month
        if hired_on <= day <= (left_on or date.max) and not any(first <= day <= last for first, last in away)
    ]

    card = score(line_plan(), person(hired_on=hired_on, left_on=left_on, leaves=away))

    assert card.eligible_days == len(expected)


def test_a_quarter_without_its_own_target_takes_its_months_and_rounds_once() -> None:
    # given 10, 20 and 30 a month; hired on 11 January, away in the last 10 days of March
    of = line_plan(head="ramp = [0.5, 0.75]\n")
    rep = person(
        targets=[target(10, "2026-01"), target(20, "2026-02"), target(30, "2026-03")],
        hired_on=date(2026, 1, 11),
        leaves=[(date(2026, 3, 22), date(2026, 3, 31))],
    )

    card = score(of, rep, "2026-Q1")

    # then 10 × 0.5 × 21/31 + 20 × 0.75 × 28/28 + 30 × 1 × 21/31 = 38.7096…
    assert target_of(card) == Decimal("38.71")
    found = line(card, "sales").target
    assert found
    assert [(part.period.key, part.ramp, part.days) for part in found.parts] == [
        ("2026-01", Decimal("0.5"), 31),
        ("2026-02", Decimal("0.75"), 28),
        ("2026-03", Decimal(1), 31),
    ]


def test_a_week_across_two_months_takes_its_days_of_each() -> None:
    # 2026-W14 is 30 March to 5 April: 2 of 31 days of March, 5 of 30 of April
    rep = person(targets=[target(310, "2026-03"), target(600, "2026-04")])

    assert target_of(score(line_plan(), rep, "2026-W14")) == Decimal("120.00")


def test_only_the_months_with_an_eligible_day_need_a_target() -> None:
    march_only = [target(310, "2026-03")]

    gone_in_march = person(targets=march_only, left_on=date(2026, 3, 31))
    assert target_of(score(line_plan(), gone_in_march, "2026-W14")) == Decimal("20.00")
    assert target_of(score(line_plan(), person(targets=march_only), "2026-W14")) is None


def test_a_period_s_own_target_goes_before_its_months_and_uses_the_ramp_of_its_first_month() -> None:
    of = line_plan(head="ramp = [0.5, 0.75]\n")
    targets = [target(900, "2026-Q1"), target(10, "2026-01"), target(10, "2026-02"), target(10, "2026-03")]

    card = score(of, person(targets=targets, hired_on=date(2025, 12, 1)), "2026-Q1")

    assert target_of(card) == Decimal("675.00")


def test_a_target_changed_in_mid_period_is_blended_over_the_eligible_days() -> None:
    # given 100 from the 1st, 310 from the 11th, and the 1st to the 5th and the 21st on leave
    changed = [target(310, since=date(2026, 3, 11)), target(100)]
    rep = person(
        targets=changed,
        leaves=[(date(2026, 3, 1), date(2026, 3, 5)), (date(2026, 3, 21), date(2026, 3, 21))],
    )

    found = line(score(line_plan(), rep), "sales").target

    # then (100 × 5 + 310 × 20) / 31 = 216.129…
    assert found
    assert found.amount == Decimal("216.13")
    assert found.parts[0].amounts == ((Decimal(100), 5), (Decimal(310), 20))


# --- values -----------------------------------------------------------------------------------------

RECORDS = [
    (date(2026, 2, 28), Decimal(1000)),
    (date(2026, 3, 1), Decimal("1.25")),
    (date(2026, 3, 20), Decimal("-0.5")),
    (date(2026, 3, 20), Decimal("7.0001")),
    (date(2026, 4, 1), Decimal(1000)),
]


@given(st.permutations(RECORDS))
def test_flows_are_summed_and_stocks_count_on_their_latest_day(records: list[tuple[date, Decimal]]) -> None:
    first, last = MARCH.start, MARCH.last_day

    assert measure_value(records, False, first, last) == Decimal("7.7501")
    assert measure_value(records, True, first, last) == Decimal("6.5001")
    assert measure_value(records, True, first, date(2026, 3, 20)) == Decimal("6.5001")
    assert measure_value(records, True, first, date(2026, 3, 19)) == Decimal("1.25")
    assert measure_value(records, True, date(2026, 3, 2), date(2026, 3, 19)) == 0


# --- what is not assessed ---------------------------------------------------------------------------


def test_a_line_without_target_drops_out_and_the_others_carry_the_weight() -> None:
    of = plan(SALES, OVERDUE, head="min_assessed_weight = 0.3\n")

    card = score(of, person({"won_amount": 5, **HEALTHY_LOANS}))

    sales, overdue = line(card, "sales"), line(card, "overdue_rate")
    assert (sales.status, sales.reason, sales.points) == (LineStatus.NOT_ASSESSED, LineReason.NO_TARGET, None)
    assert sales.contribution is None
    assert sales.actual == 5
    assert overdue.contribution == card.score == Decimal("110.00")
    assert (card.assessed_weight, card.total_weight) == (Decimal(20), Decimal(60))
    assert (card.miss, card.exempt_because) == (Miss.EXEMPT, Reason.MISS_INDICATOR_NOT_ASSESSED)


def test_a_target_of_zero_and_a_denominator_of_zero_are_not_assessed() -> None:
    card = score(plan(SALES, OVERDUE), person({"overdue_amount": 5}, [target("0.004")]))

    assert line(card, "sales").reason is LineReason.ZERO_TARGET
    assert line(card, "overdue_rate").reason is LineReason.ZERO_DENOMINATOR
    assert (card.status, card.unscored_because) == (CardStatus.NOT_ASSESSED, Reason.TOO_LITTLE_ASSESSED)


@pytest.mark.parametrize(("least", "status"), [("0.6666", "complete"), ("0.6667", "not_assessed")])
def test_too_little_assessed_weight_leaves_the_card_without_a_score(least: str, status: str) -> None:
    of = plan(SALES, OVERDUE, head=f"min_assessed_weight = {least}\n")

    card = score(of, person({"won_amount": 5}, [target(5)]))  # sales alone: 40 of 60

    assert card.status == status
    if status == "not_assessed":
        assert (card.score, card.tier, card.gates) == (None, None, ())
        assert (card.miss, card.exempt_because) == (Miss.EXEMPT, Reason.TOO_LITTLE_ASSESSED)
        assert card.unranked_because is Reason.TOO_LITTLE_ASSESSED
        assert all(part.contribution is None for part in card.lines)


def test_assessed_weight_right_at_the_minimum_is_enough() -> None:
    third = plan(SALES, OVERDUE.replace("weight = 20", "weight = 120"), head="min_assessed_weight = 0.25\n")

    assert score(third, person({"won_amount": 5}, [target(5)])).status is CardStatus.COMPLETE


def test_nobody_is_scored_for_nothing_even_if_the_plan_asks_for_no_weight() -> None:
    of = plan(SALES, head="min_assessed_weight = 0\n")

    assert score(of, person()).status is CardStatus.NOT_ASSESSED


def test_without_an_eligible_day_there_is_no_card_to_judge() -> None:
    away = person({**HEALTHY_LOANS, "won_amount": 5}, [target(5)], leaves=[(MARCH.start, MARCH.last_day)])

    card = score(plan(OVERDUE, SALES), away)

    assert (card.status, card.unscored_because) == (CardStatus.NOT_ASSESSED, Reason.NO_ELIGIBLE_DAY)
    assert target_of(card) == 0


# --- score, deductions, floor -----------------------------------------------------------------------


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


# --- tiers and gates --------------------------------------------------------------------------------


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


# --- miss, hit, exempt ------------------------------------------------------------------------------


@pytest.mark.parametrize(("won", "outcome"), [("9.9999", Miss.MISS), ("10", Miss.HIT), ("0", Miss.MISS)])
def test_a_miss_is_what_the_plan_says(won: str, outcome: Miss) -> None:
    assert score(plan(SALES), person({"won_amount": won}, [target(10)])).miss is outcome


def exempt(who: PersonInput, head: str = "") -> tuple[Miss | None, Reason | None, Reason | None]:
    card = score(plan(SALES, head=head), who)
    return card.miss, card.exempt_because, card.unranked_because


def test_the_ramp_exempts_and_is_not_ranked() -> None:
    newcomer = person(targets=[target(10)], hired_on=date(2026, 2, 1))

    assert exempt(newcomer, "ramp = [0.5, 0.5]\n") == (Miss.EXEMPT, Reason.IN_RAMP, Reason.IN_RAMP)
    assert exempt(newcomer, "ramp = [0.5]\n") == (Miss.MISS, None, None)


def test_under_half_of_the_days_exempts_and_half_does_not() -> None:
    def away_in_april(days: int) -> Card:
        gone = [(date(2026, 4, 1), date(2026, 4, days))]
        return score(plan(SALES), person(targets=[target(10, "2026-04")], leaves=gone), "2026-04")

    assert (away_in_april(15).miss, away_in_april(15).rankable) == (Miss.MISS, True)
    assert away_in_april(16).exempt_because is Reason.UNDER_HALF_ELIGIBLE
    assert away_in_april(16).unranked_because is Reason.UNDER_HALF_ELIGIBLE
    assert away_in_april(16).status is CardStatus.COMPLETE


def test_scoring_is_a_function_of_its_inputs_alone() -> None:
    rep = person({"won_amount": 12, **HEALTHY_LOANS}, [target(10)])
    window = ended(MARCH)

    assert score_person(plan(), window, rep) == score_person(plan(), window, rep)
    assert Period.parse("2026-03") == window.period
