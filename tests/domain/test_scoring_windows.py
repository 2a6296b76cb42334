"""What is known, what is not, and what a card says while its period runs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.metrics.rules import Coverage
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import CardStatus, LineStatus, Miss, Reason
from domain.scoring.rules_inputs import scoring_window
from tests.domain.scoring_builders import (
    FAR_AHEAD,
    LONG_AGO,
    MARCH,
    OVERDUE,
    SALES,
    VIOLATIONS,
    line,
    person,
    plan,
    target,
)

PLAN = plan(SALES, OVERDUE, VIOLATIONS)


def march(day: int) -> date:
    return date(2026, 3, day)


def covered(**measures: tuple[date, date]) -> Coverage:
    """Everything the plan needs is reported, but for what is told otherwise."""
    rows = dict.fromkeys(PLAN.measures_needed, (LONG_AGO, FAR_AHEAD)) | measures
    return Coverage.of((measure, first, last) for measure, (first, last) in rows.items())


# --- coverage ---------------------------------------------------------------------------------------


def test_spans_join_where_they_touch_and_not_across_a_gap() -> None:
    coverage = Coverage.of(
        [
            ("m", march(6), march(9)),
            ("m", march(1), march(5)),
            ("m", march(2), march(3)),
            ("m", march(11), march(20)),
        ]
    )

    assert coverage.covered_to("m", march(1)) == march(9)
    assert coverage.covered_to("m", march(10)) is None
    assert coverage.covered_to("m", march(11)) == march(20)
    assert coverage.uncovered(["m"], march(2), march(9)) == ()
    assert coverage.uncovered(["m"], march(2), march(10)) == ("m",)


def test_everything_covers_each_measure_that_has_no_coverage_of_its_own() -> None:
    coverage = Coverage.of([("*", LONG_AGO, march(9)), ("m", LONG_AGO, march(4))])

    assert coverage.covered_to("n", march(1)) == march(9)
    assert coverage.covered_to("m", march(1)) == march(4)


def test_what_coverage_does_not_name_is_not_reported() -> None:
    assert Coverage.of([("m", march(1), march(9))]).uncovered(["m", "n"], march(1), march(9)) == ("n",)


march_days = st.integers(1, 31)


@given(
    st.lists(st.tuples(march_days, march_days).map(lambda pair: (min(pair), max(pair))), max_size=6),
    march_days,
)
def test_coverage_agrees_with_looking_day_by_day(spans: list[tuple[int, int]], first: int) -> None:
    coverage = Coverage.of([("m", march(start), march(end)) for start, end in spans])
    expected = None
    for day in range(first, 32):
        if not any(start <= day <= end for start, end in spans):
            break
        expected = march(day)

    assert coverage.covered_to("m", march(first)) == expected


# --- incomplete -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last"), [(march(2), FAR_AHEAD), (LONG_AGO, march(30)), (date(2026, 4, 1), FAR_AHEAD)]
)
def test_one_uncovered_day_makes_every_card_incomplete(first: date, last: date) -> None:
    window = scoring_window(PLAN, MARCH, covered(violations=(first, last)), MARCH.end)
    rep = person({"won_amount": 10, "loan_balance": 1}, [target(10)], left_on=march(20))

    card = score_person(PLAN, window, rep)

    assert (card.status, card.missing) == (CardStatus.INCOMPLETE, ("violations",))
    assert (card.score, card.tier, card.miss) == (None, None, Miss.EXEMPT)
    assert card.exempt_because is card.unranked_because is card.unscored_because is Reason.NOT_COVERED
    assert line(card, "sales").status is LineStatus.ASSESSED
    unknown = line(card, "violations")
    assert (unknown.status, unknown.missing) == (LineStatus.UNKNOWN, ("violations",))
    assert (unknown.actual, unknown.points, unknown.contribution) == (None, None, None)


def test_a_ratio_with_one_unknown_measure_is_unknown() -> None:
    window = scoring_window(PLAN, MARCH, covered(loan_balance=(LONG_AGO, march(1))), MARCH.end)

    overdue = line(score_person(PLAN, window, person({"loan_balance": 5})), "overdue_rate")

    assert (overdue.status, overdue.reading, overdue.missing) == (LineStatus.UNKNOWN, None, ("loan_balance",))


def test_incomplete_goes_before_not_assessed() -> None:
    window = scoring_window(PLAN, MARCH, covered(violations=(LONG_AGO, march(1))), MARCH.end)

    assert score_person(PLAN, window, person(left_on=march(1))).status is CardStatus.INCOMPLETE
    assert score_person(PLAN, window, person(hired_on=FAR_AHEAD)).status is CardStatus.INCOMPLETE


def test_a_measure_that_only_a_gate_names_is_needed_too() -> None:
    gated = plan(SALES, '[[gates]]\nmeasure = "complaints"\nat_least = 1\ncap = "C"\n')
    window = scoring_window(gated, MARCH, covered(), MARCH.end)

    assert score_person(gated, window, person(targets=[target(10)])).missing == ("complaints",)


def test_reported_without_a_row_means_zero() -> None:
    window = scoring_window(PLAN, MARCH, covered(), MARCH.end)

    card = score_person(PLAN, window, person({"loan_balance": 1}, [target(10)]))

    assert line(card, "sales").actual == 0
    assert (card.status, card.miss) == (CardStatus.COMPLETE, Miss.MISS)


# --- while the period runs --------------------------------------------------------------------------


def test_a_running_window_ends_where_the_slowest_measure_does_at_most_today() -> None:
    slow = covered(violations=(LONG_AGO, march(10)))

    assert scoring_window(PLAN, MARCH, slow, march(20)).last == march(10)
    assert scoring_window(PLAN, MARCH, slow, march(7)).last == march(7)
    assert scoring_window(PLAN, MARCH, slow, march(31)).is_running
    assert not scoring_window(PLAN, MARCH, slow, MARCH.end).is_running


def test_a_running_card_is_a_pace_and_judges_nobody() -> None:
    # given 10 of 31 days covered, two of them on leave, and a target of 310
    window = scoring_window(PLAN, MARCH, covered(violations=(LONG_AGO, march(10))), march(20))
    rep = person(
        {"won_amount": 60, "loan_balance": 1, "violations": 1}, [target(310)], leaves=[(march(3), march(4))]
    )

    card = score_person(PLAN, window, rep, ranks_so_far=True)

    # then the target so far is 310 × 8 / 31
    sales = line(card, "sales")
    assert sales.target
    assert (sales.target.amount, sales.printed_reading) == (Decimal("80.00"), Decimal("0.75"))
    assert (card.status, card.as_of, card.eligible_days, card.days) == (CardStatus.RUNNING, march(10), 8, 10)
    assert (sales.points, card.score) == (Decimal("50.0000"), Decimal("68.33"))  # 33.33 + 40.00 − 5.00
    assert (card.tier, card.tier_before_gates, card.gates, card.miss) == (None, None, (), None)
    assert card.rankable


def test_a_running_card_is_ranked_only_once_ranks_so_far_are_shown() -> None:
    window = scoring_window(PLAN, MARCH, covered(), march(3))
    rep = person({"loan_balance": 1}, [target(310)])

    assert score_person(PLAN, window, rep).unranked_because is Reason.TOO_EARLY
    assert score_person(PLAN, window, rep, ranks_so_far=True).rankable


def test_ranks_so_far_ask_for_half_of_the_whole_periods_days() -> None:
    window = scoring_window(PLAN, MARCH, covered(), march(18))
    late = person({"loan_balance": 1}, [target(310)], hired_on=march(17))
    in_time = person({"loan_balance": 1}, [target(310)], hired_on=march(16))

    assert score_person(PLAN, window, late, ranks_so_far=True).unranked_because is Reason.UNDER_HALF_ELIGIBLE
    assert score_person(PLAN, window, in_time, ranks_so_far=True).rankable


def test_without_a_covered_day_a_running_card_names_the_measures_it_waits_for() -> None:
    window = scoring_window(PLAN, MARCH, covered(violations=(march(2), march(9))), march(10))

    card = score_person(PLAN, window, person({"won_amount": 5}, [target(310)]), ranks_so_far=True)

    assert (card.status, card.score, card.as_of, card.missing) == (
        CardStatus.RUNNING,
        None,
        None,
        ("violations",),
    )
    assert card.unranked_because is Reason.NOT_COVERED
    assert {part.status for part in card.lines} == {LineStatus.UNKNOWN}


def test_a_running_quarter_adds_up_the_elapsed_days_of_its_months() -> None:
    quarter = MARCH.containing("quarter", MARCH.start)
    window = scoring_window(PLAN, quarter, covered(), date(2026, 2, 7))
    rep = person(targets=[target(310, "2026-01"), target(280, "2026-02")])

    sales = line(score_person(PLAN, window, rep), "sales")

    assert sales.target
    assert sales.target.amount == Decimal("380.00")


def test_before_its_first_eligible_day_a_running_card_has_no_score() -> None:
    window = scoring_window(PLAN, MARCH, covered(), march(10))

    card = score_person(PLAN, window, person(targets=[target(310)], hired_on=march(20)))

    assert (card.status, card.score, card.unscored_because) == (
        CardStatus.RUNNING,
        None,
        Reason.NO_ELIGIBLE_DAY,
    )


def test_a_period_that_has_not_begun_has_no_window() -> None:
    with pytest.raises(ValueError, match="2026-03 has not begun on 2026-02-28"):
        scoring_window(PLAN, MARCH, covered(), MARCH.start - timedelta(days=1))
