"""Targets and values: ramp, eligible days, longer and shorter periods, changes in mid period."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.rules_inputs import measure_value
from tests.domain.scoring_builders import (
    LONG_AGO,
    MARCH,
    line,
    line_plan,
    person,
    score,
    target,
    target_of,
)


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
