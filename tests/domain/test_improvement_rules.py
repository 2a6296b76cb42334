"""An improvement plan's states, its months and check-ins, and its pooled result."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.improvement.rules_result import MonthOfPlan, result
from domain.improvement.rules_states import MOVES, OPEN, NotAMove, State, move
from domain.improvement.rules_timeline import (
    Pause,
    Timeline,
    check_ins,
    first_month,
    judged_months,
    last_day,
    watched_months,
)
from domain.periods import Period
from domain.plans.rules import Bound, Comparison
from domain.working_days import WorkingDays

CHINA = WorkingDays("cn")
NINETY = Bound(Comparison.AT_LEAST, Decimal("0.9"))


def keys(months: tuple[Period, ...]) -> list[str]:
    return [month.key for month in months]


class TestStates:
    @given(st.lists(st.sampled_from(State), max_size=30))
    def test_nothing_is_decided_but_at_the_end_and_what_is_decided_stays(self, wishes: list[State]) -> None:
        state = State.OPENED
        for wish in wishes:
            before = state
            try:
                state = move(state, wish)
            except NotAMove:
                assert wish not in MOVES[before]
                continue
            if state in {State.PASSED, State.FAILED}:
                assert before is State.ENDED
            if before not in OPEN:
                assert (before, state) == (State.PASSED, State.CLOSED)

    def test_a_refusal_says_why(self) -> None:
        with pytest.raises(NotAMove, match="plan that is paused does not become failed"):
            move(State.PAUSED, State.FAILED)


class TestMonths:
    @pytest.mark.parametrize(
        ("began_on", "first"), [(date(2026, 7, 10), "2026-07"), (date(2026, 7, 11), "2026-08")]
    )
    def test_a_month_that_had_begun_without_the_plan_is_not_judged(self, began_on: date, first: str) -> None:
        assert first_month(began_on).key == first

    def test_three_months_end_with_the_third(self) -> None:
        timeline = Timeline(date(2026, 7, 8), 3)
        assert keys(judged_months(timeline)) == ["2026-07", "2026-08", "2026-09"]
        assert last_day(timeline) == date(2026, 9, 30)

    def test_a_month_that_stood_still_for_more_than_half_is_not_judged(self) -> None:
        # given: August has 31 days, and 16 are more than half of them
        fifteen = Pause(date(2026, 8, 1), date(2026, 8, 15))
        sixteen = Pause(date(2026, 8, 1), date(2026, 8, 16))
        # then
        judged = judged_months(Timeline(date(2026, 7, 8), 3, (fifteen,)))
        assert keys(judged) == ["2026-07", "2026-08", "2026-09"]
        judged = judged_months(Timeline(date(2026, 7, 8), 3, (sixteen,)))
        assert keys(judged) == ["2026-07", "2026-09", "2026-10"]

    def test_a_plan_that_stands_still_has_no_last_day(self) -> None:
        with pytest.raises(ValueError, match="end its pause"):
            last_day(Timeline(date(2026, 7, 8), 3, (Pause(date(2026, 8, 1), None),)))

    def test_three_months_are_watched_after_a_pass(self) -> None:
        assert keys(watched_months(judged_months(Timeline(date(2026, 9, 1), 3)))) == [
            *("2026-12", "2027-01", "2027-02")
        ]


class TestCheckIns:
    def test_every_fortnight_on_a_working_day(self) -> None:
        # given: 8 July is a Wednesday; 30 September to 7 October are holidays in China but the first
        found = check_ins(Timeline(date(2026, 7, 8), 3), CHINA)
        # then
        assert found == (
            *(date(2026, 7, 22), date(2026, 8, 5), date(2026, 8, 19)),
            *(date(2026, 9, 2), date(2026, 9, 16), date(2026, 9, 30)),
        )

    def test_one_that_falls_on_a_holiday_waits_for_the_next_working_day(self) -> None:
        # given: 14 days after 18 September is 2 October, within the holidays
        found = check_ins(Timeline(date(2026, 9, 18), 1), CHINA)
        assert found[0] == date(2026, 10, 8)

    def test_days_that_stand_still_do_not_count(self) -> None:
        still = Pause(date(2026, 7, 10), date(2026, 7, 19))
        assert check_ins(Timeline(date(2026, 7, 8), 3, (still,)), CHINA)[0] == date(2026, 8, 3)

    def test_of_a_plan_that_stands_still_there_are_those_before(self) -> None:
        still = Pause(date(2026, 8, 10), None)
        found = check_ins(Timeline(date(2026, 7, 8), 3, (still,)), CHINA)
        assert found == (date(2026, 7, 22), date(2026, 8, 5))


@given(
    began_on=st.dates(date(2024, 1, 1), date(2026, 6, 1)),
    months=st.integers(1, 6),
    pauses=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 90)), max_size=3),
)
def test_whatever_the_pauses_all_months_are_judged_and_no_check_in_is_outside(
    began_on: date, months: int, pauses: list[tuple[int, int]]
) -> None:
    # given
    stood = tuple(
        Pause(began_on + timedelta(start), began_on + timedelta(start + days)) for start, days in pauses
    )
    timeline = Timeline(began_on, months, stood)
    # when
    judged, dates = judged_months(timeline), check_ins(timeline, CHINA)
    # then
    assert len(judged) == months
    assert list(judged) == sorted(set(judged))
    assert all(began_on < day <= last_day(timeline) and CHINA.is_working_day(day) for day in dates)
    assert list(dates) == sorted(dates)


class TestResult:
    def months(self, *achieved: tuple[int | None, int | None]) -> list[MonthOfPlan]:
        month, found = Period.month(2026, 7), []
        for actual, base in achieved:
            parts = (None if number is None else Decimal(number) for number in (actual, base))
            found.append(MonthOfPlan(month, *parts))
            month = month.next()
        return found

    def test_it_is_pooled_not_averaged(self) -> None:
        # given: 50 %, 80 % and 120 % of unequal targets
        came_to = result(NINETY, self.months((50, 100), (80, 100), (360, 300)))
        # then: 490 of 500, where the mean of the three is 83 %
        assert (came_to.reading, came_to.reached) == (Fraction(490, 500), True)

    @pytest.mark.parametrize(("actual", "reached"), [(89_999, False), (90_000, True)])
    def test_the_edge_is_reached(self, actual: int, reached: bool) -> None:
        assert result(NINETY, self.months((actual, 100_000))).reached is reached

    def test_a_month_that_is_not_assessed_says_nothing(self) -> None:
        came_to = result(NINETY, self.months((95, 100), (None, None)))
        assert (came_to.reached, len(came_to.assessed)) == (True, 1)

    def test_where_nothing_is_assessed_nothing_is_computed(self) -> None:
        came_to = result(NINETY, self.months((None, None)))
        assert (came_to.reading, came_to.reached) == (None, None)
