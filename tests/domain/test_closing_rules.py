"""The close calendar: working days after a period's end, and how far it has come."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.closing.rules import CloseCalendar, CloseDays, PeriodState, Stage, stage_reached, state_of
from domain.imports.rules_company_toml import parse_company
from domain.periods import Period, PeriodKind
from domain.plans.rules_table import PlanError
from domain.working_days import working_days_of

JUNE = Period.month(2026, 6)


def calendar(period: Period = JUNE, days: CloseDays | None = None, code: str = "none") -> CloseCalendar:
    return CloseCalendar.of(period, days or CloseDays(), working_days_of(code))


def test_days_are_working_days_after_the_end():
    # 4 and 5 July are a weekend
    assert calendar(days=CloseDays(3, 5, 6)) == CloseCalendar(
        date(2026, 7, 3), date(2026, 7, 7), date(2026, 7, 8)
    )


def test_make_up_days_of_china_count():
    # of the National Day: 1 to 8 October 2025 are off, Saturday the 11th is worked
    september = Period.month(2025, 9)
    assert calendar(september, CloseDays(1, 2, 3), "cn") == CloseCalendar(
        date(2025, 10, 9), date(2025, 10, 10), date(2025, 10, 11)
    )
    assert calendar(september, CloseDays(1, 2, 3)).lock == date(2025, 10, 3)


@pytest.mark.parametrize(
    ("day", "state", "stage"),
    [
        ("2026-06-30", PeriodState.RUNNING, None),
        ("2026-07-01", PeriodState.AWAITING_DATA, None),
        ("2026-07-03", PeriodState.AWAITING_DATA, Stage.DATA_DUE),
        ("2026-07-04", PeriodState.IN_REVIEW, Stage.DATA_DUE),
        ("2026-07-07", PeriodState.IN_REVIEW, Stage.REVIEW_ENDS),
        ("2026-07-08", PeriodState.DUE, Stage.LOCK_DUE),
        ("2026-07-09", PeriodState.OVERDUE, Stage.OVERDUE),
    ],
)
def test_state_and_reminder_follow_the_days(day: str, state: PeriodState, stage: Stage | None):
    of_june = calendar(days=CloseDays(3, 5, 6))
    today = date.fromisoformat(day)
    assert state_of(JUNE, of_june, today, locked=False) is state
    assert state_of(JUNE, of_june, today, locked=True) is PeriodState.LOCKED
    assert stage_reached(of_june, today) is stage


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.sampled_from(PeriodKind),
    st.lists(st.integers(1, 30), min_size=3, max_size=3).map(sorted),
    st.integers(0, 90),
    st.sampled_from(["cn", "de", "none"]),
)
def test_states_come_in_their_order(day: date, kind: PeriodKind, numbers: list[int], later: int, code: str):
    period = Period.containing(kind, day)
    its = calendar(period, CloseDays(*numbers), code)
    order = list(PeriodState)[:5]
    passed = [
        order.index(state_of(period, its, date.fromordinal(day.toordinal() + n), locked=False))
        for n in range(later)
    ]
    assert passed == sorted(passed)
    assert period.last_day < its.data_due <= its.review <= its.lock


class TestInCompanyToml:
    def test_it_may_be_left_out_in_whole_or_in_part(self):
        assert CloseDays.of({}) == CloseDays()
        policies = parse_company("[policies.close]\nlock = 12").policies or {}
        assert CloseDays.of(policies) == CloseDays(lock=12)

    @pytest.mark.parametrize(
        ("text", "line", "sentence"),
        [
            ("[policies.close]\ndata_due = 0", 2, "whole number of working days, from 1 to 60"),
            ("[policies.close]\nlock = 61", 2, '"lock" in [policies.close] must be'),
            ("[policies.close]\nreview = 2.5", 2, '"review"'),
            ("[policies.close]\nreview = true", 2, '"review"'),
            ('[policies.close]\nreview = "5"', 2, '"review"'),
            ("[policies.close]\nlocked = 5", 2, 'has no key "locked"'),
            ("[policies.close]\ndata_due = 9", 1, "data due on working day 9, the end of the review on 6"),
            ("[policies]\nclose = 5", 2, "must be a table"),
            ("[policies]\ndays_to_answer_targets = 0", 2, '"days_to_answer_targets" in [policies] must be'),
            ('[policies]\ndays_to_answer_disputes = "5"', 2, '"days_to_answer_disputes"'),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_line(self, text: str, line: int, sentence: str):
        with pytest.raises(PlanError) as refused:
            parse_company(text)
        assert refused.value.line == line
        assert sentence in refused.value.sentence

    def test_days_to_answer_are_kept(self):
        policies = parse_company("[policies]\ndays_to_answer_targets = 7\nown = 1.5").policies
        assert policies == {"days_to_answer_targets": 7, "own": "1.5"}
