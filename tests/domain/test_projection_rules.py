"""A running period's end, if it goes on as it went."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.plans.rules import Plan
from domain.scoring.rules import score_person
from domain.scoring.rules_inputs import DaySpan, PersonInput, Window, scoring_window
from domain.scoring.rules_projection import NoProjection, ProjectedLine, Projection, project
from domain.scoring.rules_what_if import Case
from tests.domain.scoring_builders import (
    ALL_COVERED,
    GATES,
    MARCH,
    OVERDUE,
    SALES,
    VIOLATIONS,
    ended,
    person,
    plan,
    target,
)

LOANS = {"overdue_amount": 2, "loan_balance": 100}
"""2 % overdue: 100 points."""
SALES_ALONE = "min_assessed_weight = 0.3\n"
MARCH_DAYS = [MARCH.start + timedelta(days=number) for number in range(MARCH.days)]


def until(day: date, of: Plan) -> Window:
    """March as it runs, known up to that day."""
    return replace(scoring_window(of, MARCH, ALL_COVERED, day), last=day)


def march(day: int, of: Plan, who: PersonInput, early: bool = False) -> Projection | NoProjection:
    return project(Case(of, until(date(2026, 3, day), of), who), before_fifth_working_day=early)


def projected(day: int, of: Plan, who: PersonInput) -> Projection:
    found = march(day, of, who)
    assert isinstance(found, Projection)
    return found


def a_rep(values: Mapping[str, str | int], leaves: Iterable[DaySpan] = (), amount: int = 3100) -> PersonInput:
    return person({**LOANS, **values}, [target(amount)], leaves=leaves)


def sales_of(found: Projection) -> ProjectedLine:
    return found.lines[0]


def test_a_result_keeps_its_pace_to_the_end() -> None:
    of = plan()

    found = projected(10, of, a_rep({"won_amount": 900}))

    # 900 of the 1000 due by the tenth: 90 % of 3100, so 80 of 120 points by two thirds of the weight
    assert sales_of(found) == ProjectedLine(
        "sales", Decimal(900), Decimal(2790), Decimal("3100.00"), Decimal("0.900000"), carried=False
    )
    assert (found.score, found.tier) == (Decimal("86.66"), "B")


def test_ratios_and_deductions_stay_as_they_stand_and_gates_count() -> None:
    of = plan()

    found = projected(10, of, a_rep({"won_amount": 1200, "overdue_amount": 6, "violations": 1}))

    assert found.lines[1] == ProjectedLine(
        "overdue_rate", Decimal(6), Decimal(6), None, Decimal("0.060000"), carried=True
    )
    # 120 by two thirds, 48 by one third, 5 off for the violation that there was: 91 is B by itself too
    assert (found.score, found.tier) == (Decimal("91.00"), "B")


def test_a_balance_is_carried_forward() -> None:
    of = plan(head='stocks = ["won_amount"]\n')

    line = sales_of(projected(10, of, a_rep({"won_amount": 900})))

    assert (line.actual, line.carried) == (Decimal(900), True)
    assert line.reading == Decimal("0.290323")


def test_what_is_counted_in_whole_numbers_stays_whole() -> None:
    line = sales_of(projected(9, plan(), a_rep({"won_amount": 2}, amount=10)))

    assert line.actual == 7  # 2 of the 2.90 due: 68.97 % of 10, which is 6.9


def test_days_of_leave_do_not_count_neither_before_nor_after() -> None:
    """Ten days away at the beginning, the last eleven to come: ten of 31 count."""
    away = [(date(2026, 3, 1), date(2026, 3, 10)), (date(2026, 3, 21), date(2026, 3, 31))]

    halfway = sales_of(projected(15, plan(), a_rep({"won_amount": 400}, away)))
    on_the_last_day_of_work = sales_of(projected(20, plan(), a_rep({"won_amount": 400}, away)))

    assert (halfway.target, halfway.actual) == (Decimal("1000.00"), Decimal(800))
    assert (on_the_last_day_of_work.target, on_the_last_day_of_work.actual) == (Decimal("1000.00"), 400)


def test_a_target_raised_in_between_counts_from_its_day() -> None:
    who = person({**LOANS, "won_amount": 1000}, [target(3100), target(6200, since=date(2026, 3, 17))])

    line = sales_of(projected(10, plan(), who))

    assert line.target == Decimal("4600.00")  # 16 days at 100, 15 at 200
    assert line.actual == Decimal(4600)


def test_nothing_is_said_too_early() -> None:
    of, who = plan(), a_rep({"won_amount": 900})
    back_on_the_20th = a_rep({"won_amount": 900}, [(date(2026, 3, 1), date(2026, 3, 19))])

    assert march(10, of, who, early=True) is NoProjection.TOO_EARLY
    assert march(4, of, who) is NoProjection.TOO_EARLY
    assert march(23, of, back_on_the_20th) is NoProjection.TOO_EARLY
    assert isinstance(march(24, of, back_on_the_20th), Projection)


def test_nothing_is_said_without_a_day_that_counts() -> None:
    of = plan()
    away = a_rep({"won_amount": 900}, [(date(2026, 3, 1), date(2026, 3, 20))])

    assert march(20, of, away) is NoProjection.NO_DAY
    unknown = Case(of, replace(until(MARCH.start, of), last=None, missing=("won_amount",)), away)
    assert project(unknown, before_fifth_working_day=False) is NoProjection.NO_DAY


def test_nothing_is_said_of_a_card_without_a_score() -> None:
    without_target = person(LOANS)

    assert march(10, plan(), without_target) is NoProjection.NO_SCORE


PLANS = [
    plan(),
    plan(SALES, head=SALES_ALONE),
    plan(SALES, OVERDUE, VIOLATIONS, head='stocks = ["overdue_amount", "loan_balance"]\n'),
    plan(SALES, VIOLATIONS, GATES, head="ramp = [0.5]\n"),
]
amounts = st.integers(0, 20_000).map(lambda half: Decimal(2 * half + 1) / 10)
"""Each with one decimal: a projection is as fine as what it comes from."""
spans = st.tuples(st.sampled_from(MARCH_DAYS), st.integers(0, 12)).map(
    lambda leave: (leave[0], leave[0] + timedelta(days=leave[1]))
)


@st.composite
def reps(draw: st.DrawFn) -> PersonInput:
    values = {
        "won_amount": draw(amounts),
        "overdue_amount": draw(st.integers(0, 10)),
        "loan_balance": draw(st.integers(0, 100)),
        "violations": draw(st.integers(0, 5)),
    }
    targets = [target(draw(st.integers(1, 5000)))]
    if draw(st.booleans()):
        targets.append(target(draw(st.integers(1, 5000)), since=draw(st.sampled_from(MARCH_DAYS[1:]))))
    left_on = draw(st.none() | st.sampled_from(MARCH_DAYS))
    return person(
        {name: str(value) for name, value in values.items()},
        targets,
        hired_on=draw(st.sampled_from([date(2020, 1, 1), *MARCH_DAYS[:10]])),
        left_on=left_on,
        leaves=draw(st.lists(spans, max_size=3)),
    )


@given(st.sampled_from(PLANS), reps())
def test_on_the_last_day_the_projection_is_the_result(of: Plan, who: PersonInput) -> None:
    found = project(Case(of, until(MARCH.last_day, of), who), before_fifth_working_day=False)
    result = score_person(of, ended(MARCH, of), who)

    if isinstance(found, Projection):
        assert (found.score, found.tier) == (result.score, result.tier)
        ends = [(line.name, line.actual, line.reading) for line in found.lines]
        assert ends == [(line.name, line.actual, line.printed_reading) for line in result.lines[: len(ends)]]
    else:
        assert result.score is None


@given(st.sampled_from(PLANS), reps(), st.sampled_from(MARCH_DAYS), amounts)
def test_more_sold_so_far_is_never_less_in_the_end(
    of: Plan, who: PersonInput, day: date, more: Decimal
) -> None:
    twice_more = 2 * more  # so that one decimal stays one
    sold = replace(who, values={**who.values, "won_amount": who.values["won_amount"] + twice_more})
    first = project(Case(of, until(day, of), who), before_fifth_working_day=False)
    second = project(Case(of, until(day, of), sold), before_fifth_working_day=False)

    assert type(first) is type(second)
    assume(isinstance(first, Projection))
    assert isinstance(first, Projection)
    assert isinstance(second, Projection)
    assert (second.score or 0) >= (first.score or 0)
    assert (sales_of(second).actual or 0) >= (sales_of(first).actual or 0)


@given(st.sampled_from(PLANS), reps(), st.sampled_from(MARCH_DAYS))
def test_a_projection_needs_a_day_that_counts_and_never_shrinks_a_result(
    of: Plan, who: PersonInput, day: date
) -> None:
    case = Case(of, until(day, of), who)
    found = project(case, before_fifth_working_day=False)

    if case.as_it_is.eligible_days == 0:
        assert found is NoProjection.NO_DAY
    if isinstance(found, Projection):
        assert (sales_of(found).actual or 0) >= who.values["won_amount"]


@pytest.mark.parametrize("day", [8, 16, 24, 31])
def test_a_pace_that_never_changes_projects_the_same_every_day(day: int) -> None:
    found = projected(day, plan(), a_rep({"won_amount": 95 * day}))

    assert sales_of(found).actual == 95 * 31
    assert found.score == projected(31, plan(), a_rep({"won_amount": 95 * 31})).score
