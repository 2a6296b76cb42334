"""Working days: make-up days, public holidays, weekends that are not Saturday and Sunday."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.working_days import UnknownCalendar, WorkingDays


def test_a_make_up_saturday_is_a_working_day_in_china_and_the_holiday_it_makes_up_for_is_not() -> None:
    china = WorkingDays("cn")

    assert china.is_working_day(date(2026, 10, 10))  # a Saturday
    assert not china.is_working_day(date(2026, 10, 7))  # a Wednesday


def test_the_fifth_working_day_of_october_in_china_is_after_the_holiday_and_a_make_up_day() -> None:
    assert WorkingDays("cn").nth_working_day(date(2026, 10, 1), 1) == date(2026, 10, 8)
    assert WorkingDays("cn").nth_working_day(date(2026, 10, 1), 3) == date(2026, 10, 10)
    assert WorkingDays("cn").nth_working_day(date(2026, 10, 1), 5) == date(2026, 10, 13)


@pytest.mark.parametrize("year", [2003, 2040])
def test_years_beyond_the_chinese_data_follow_holidays_and_weekends(year: int) -> None:
    china = WorkingDays("cn")

    assert not china.is_working_day(date(year, 10, 1))
    first_week = [date(year, 11, day) for day in range(1, 8)]
    assert [china.is_working_day(day) for day in first_week] == [day.weekday() < 5 for day in first_week]


def test_other_countries_and_their_parts_have_their_own_holidays() -> None:
    epiphany, unity_day = date(2026, 1, 6), date(2026, 10, 3)

    assert WorkingDays("de").is_working_day(epiphany)
    assert not WorkingDays("DE-by").is_working_day(epiphany)
    assert WorkingDays("us").add(unity_day, 1) == date(2026, 10, 5)
    assert not WorkingDays("us").is_working_day(date(2026, 7, 3))  # 4 July is a Saturday


def test_weekends_are_those_of_the_country() -> None:
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)

    assert not WorkingDays("eg").is_working_day(friday)
    assert WorkingDays("eg").is_working_day(sunday)


def test_none_knows_weekends_only() -> None:
    nobody = WorkingDays("none")

    assert nobody.nth_working_day(date(2026, 1, 1), 1) == date(2026, 1, 1)
    assert nobody.nth_working_day(date(2026, 8, 1), 1) == date(2026, 8, 3)


def test_adding_counts_from_the_next_day_on_and_backwards_too() -> None:
    nobody, friday = WorkingDays("none"), date(2026, 11, 20)

    assert nobody.add(friday, 1) == date(2026, 11, 23)
    assert nobody.add(friday, 0) == friday
    assert nobody.add(date(2026, 11, 22), -1) == friday


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(min_value=1, max_value=30))
def test_adding_passes_exactly_that_many_working_days(day: date, n: int) -> None:
    china = WorkingDays("cn")

    reached = china.add(day, n)

    passed = [date.fromordinal(each) for each in range(day.toordinal() + 1, reached.toordinal() + 1)]
    assert sum(map(china.is_working_day, passed)) == n
    assert china.is_working_day(reached)


@pytest.mark.parametrize("code", ["", " ", "xx", "中国", "de-zz", "cn-zz"])
def test_an_unknown_calendar_is_refused_by_name(code: str) -> None:
    with pytest.raises(UnknownCalendar, match="There is no calendar") as refusal:
        WorkingDays(code)

    assert f'"{code}"' in str(refusal.value)


def test_there_is_no_zeroth_working_day() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        WorkingDays("cn").nth_working_day(date(2026, 1, 1), 0)
