"""Weeks, months and quarters: their days, their keys, and what people type for them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period, PeriodKind, PeriodNotUnderstood, parse_human, parse_planned, year_of

SUNDAY = date(2026, 11, 22)

days = st.dates(min_value=date(1901, 1, 1), max_value=date(9990, 12, 31))
kinds = st.sampled_from(PeriodKind)


@pytest.mark.parametrize(
    ("key", "first", "last", "length"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31), 31),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 29),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), 31),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), 90),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), 92),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4), 7),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), 7),
    ],
)
def test_a_key_names_its_days(key: str, first: date, last: date, length: int) -> None:
    period = Period.parse(key)

    assert (period.start, period.last_day, period.days) == (first, last, length)
    assert period.end == last + timedelta(days=1)
    assert period.key == str(period) == key


@pytest.mark.parametrize(
    "key",
    [
        *("", "2026", "2026-3", "2026-00", "2026-13", "2026-Q0", "2026-Q5", "2026-W00", "2025-W53", "26-03"),
        *("2026-W1", "2026-q1", " 2026-03", "2026-03\n", "２０２６-03", "2026-03-01", "0000-01", "9999-12"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(key: str) -> None:
    with pytest.raises(ValueError, match=r"[A-Z\"].* .*\."):
        Period.parse(key)


@given(kinds, days)
def test_the_key_leads_back_to_the_period(kind: PeriodKind, day: date) -> None:
    period = Period.containing(kind, day)

    assert Period.parse(period.key) == period
    assert day in period
    assert period.start - timedelta(days=1) not in period
    assert period.end not in period


@given(kinds, days)
def test_periods_of_a_kind_follow_each_other_without_a_gap(kind: PeriodKind, day: date) -> None:
    period = Period.containing(kind, day)

    assert period.next().start == period.end
    assert period.next().previous() == period
    assert period.previous() < period < period.next()


@given(kinds, days)
def test_the_months_of_a_period_hold_all_its_days(kind: PeriodKind, day: date) -> None:
    period = Period.containing(kind, day)
    inside = {period.start + timedelta(days=offset) for offset in range(period.days)}

    months = period.months()

    assert list(months) == sorted({Period.containing("month", each) for each in inside})


def test_a_shorter_period_sorts_before_a_longer_one_of_the_same_first_day() -> None:
    keys = ["2026-Q1", "2026-02", "2026-01", "2026-W02"]

    assert [period.key for period in sorted(map(Period.parse, keys))] == [
        *("2026-01", "2026-Q1", "2026-W02", "2026-02")
    ]


def test_a_period_starts_on_its_first_day() -> None:
    with pytest.raises(ValueError, match="2026-03-02 is not the first day of a month"):
        Period(PeriodKind.MONTH, date(2026, 3, 2))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "2026-11"),
        ("   ", "2026-11"),
        ("this month", "2026-11"),
        ("last month", "2026-10"),
        ("  Last   Month! ", "2026-10"),
        ("previous month", "2026-10"),
        ("next month", "2026-12"),
        ("this week", "2026-W47"),
        ("last week", "2026-W46"),
        ("this quarter", "2026-Q4"),
        ("last quarter", "2026-Q3"),
        ("2017-11", "2017-11"),
        ("2017/11", "2017-11"),
        ("2017.11", "2017-11"),
        ("11/2017", "2017-11"),
        ("201711", "2017-11"),
        ("2017-1", "2017-01"),
        ("nov 2017", "2017-11"),
        ("Nov. 2017", "2017-11"),
        ("2017 november", "2017-11"),
        ("november", "2026-11"),
        ("december", "2025-12"),
        ("sept", "2026-09"),
        ("last november", "2025-11"),
        ("last december", "2025-12"),
        ("this december", "2026-12"),
        ("november last year", "2025-11"),
        ("january next year", "2027-01"),
        ("next january", "2027-01"),
        ("next november", "2027-11"),
        ("next q4", "2027-Q4"),
        ("q3", "2026-Q3"),
        ("Q4", "2026-Q4"),
        ("last q4", "2025-Q4"),
        ("2017 q3", "2017-Q3"),
        ("2017q3", "2017-Q3"),
        ("q3 2017", "2017-Q3"),
        ("2017-Q3", "2017-Q3"),
        ("third quarter 2017", "2017-Q3"),
        ("q3 last year", "2025-Q3"),
        ("w11", "2026-W11"),
        ("week 11", "2026-W11"),
        ("w52", "2025-W52"),
        ("w53", "2020-W53"),
        ("2026-W11", "2026-W11"),
        ("2026w11", "2026-W11"),
        ("w11 2026", "2026-W11"),
    ],
)
def test_periods_as_people_type_them_in_english(text: str, key: str) -> None:
    assert parse_human(text, SUNDAY).key == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("本月", "2026-11"),
        ("这个月", "2026-11"),
        ("上个月", "2026-10"),
        ("上個月", "2026-10"),
        ("上月", "2026-10"),
        ("上一个月", "2026-10"),
        ("上上个月", "2026-09"),
        ("month before last", "2026-09"),
        ("上月份", "2026-10"),
        ("本周", "2026-W47"),
        ("上周", "2026-W46"),
        ("上星期", "2026-W46"),
        ("本季度", "2026-Q4"),
        ("上季度", "2026-Q3"),
        ("上个季度", "2026-Q3"),
        ("2017年11月", "2017-11"),
        ("2017 年 11 月", "2017-11"),
        ("２０１７年１１月", "2017-11"),
        ("２０１７－１１", "2017-11"),
        ("11月", "2026-11"),
        ("十一月", "2026-11"),
        ("十二月", "2025-12"),
        ("12月份", "2025-12"),
        ("去年11月", "2025-11"),
        ("去年十月", "2025-10"),
        ("明年一月", "2027-01"),
        ("今年3月", "2026-03"),
        ("前年一季度", "2024-Q1"),
        ("三季度", "2026-Q3"),
        ("第3季度", "2026-Q3"),
        ("2017年第四季度", "2017-Q4"),
        ("2017年四季度", "2017-Q4"),
        ("第11周", "2026-W11"),
        ("2026年第十一周", "2026-W11"),
        ("第五十二周", "2025-W52"),
    ],
)
def test_periods_as_people_type_them_in_chinese(text: str, key: str) -> None:
    assert parse_human(text, SUNDAY).key == key


@pytest.mark.parametrize(
    ("day", "text", "key"),
    [
        (SUNDAY, "may", "2026-05"),
        (SUNDAY, "May", "2026-05"),
        (SUNDAY, "August", "2026-08"),
        (SUNDAY, "八月", "2026-08"),
        (SUNDAY, "december", "2026-12"),
        (SUNDAY, "十二月", "2026-12"),
        (SUNDAY, "february", "2027-02"),
        (SUNDAY, "march", "2026-03"),
        (SUNDAY, "q1", "2027-Q1"),
        (SUNDAY, "二季度", "2026-Q2"),
        (SUNDAY, "last may", "2026-05"),
        (SUNDAY, "last february", "2026-02"),
        (SUNDAY, "去年十二月", "2025-12"),
        (SUNDAY, "2025-08", "2025-08"),
        (date(2027, 1, 4), "december", "2026-12"),
        (date(2027, 1, 4), "october", "2026-10"),
        (date(2027, 1, 4), "september", "2027-09"),
        (date(2027, 1, 4), "q4", "2026-Q4"),
        (date(2027, 2, 1), "August", "2027-08"),
        (date(2026, 12, 31), "last quarter", "2026-Q3"),
        (date(2026, 12, 31), "上季度", "2026-Q3"),
        (date(2026, 12, 31), "上个月", "2026-11"),
    ],
)
def test_names_where_people_plan_are_of_this_year_or_close_by(day: date, text: str, key: str) -> None:
    assert parse_planned(text, day).key == key


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(("2026", 2026), ("2026年", 2026), ("２０２６", 2026), ("this year", 2026), ("Last year", 2025)),
        *(("next year", 2027), ("明年", 2027), ("去年", 2025), ("前年", 2024)),
        *(("", None), ("0000", None), ("26", None), ("2026-01", None), ("may", None)),
    ],
)
def test_a_year_alone(text: str, year: int | None) -> None:
    assert year_of(text, SUNDAY) == year


@given(st.integers(min_value=1, max_value=12), days)
def test_a_planned_month_is_less_than_a_year_away(number: int, today: date) -> None:
    month = parse_planned(f"{number}月", today).start
    away = (month.year - today.year) * 12 + month.month - today.month

    assert month.month == number
    assert abs(away) <= 3 or month.year == today.year


@pytest.mark.parametrize(
    "text",
    [
        *(
            "foo",
            "2017",
            "11",
            "q5",
            "w54",
            "2017-13",
            "2025-W53",
            "2017-11-05",
            "last year",
            "十",
            "二十月",
            "ma",
        ),
        *("99999999", "9999-12", "九九月", "<!channel>", "{text}", "month of", "第0季度", "last", "q"),
    ],
)
def test_what_is_no_period_is_answered_with_what_was_typed_and_examples(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood) as refusal:
        parse_human(f" {text} ", SUNDAY)

    assert refusal.value.text == text
    assert f'"{text}"' in str(refusal.value)
    assert "last month" in str(refusal.value)


@given(st.text(max_size=12), days)
def test_no_text_breaks_the_reading(text: str, today: date) -> None:
    try:
        period = parse_human(text, today)
    except PeriodNotUnderstood:
        return
    assert Period.parse(period.key) == period


@given(kinds, days, days)
def test_every_key_is_understood_on_every_day(kind: PeriodKind, day: date, today: date) -> None:
    period = Period.containing(kind, day)

    assert parse_human(period.key, today) == period
    assert parse_human(period.key.lower(), today) == period


@given(st.integers(min_value=1, max_value=12), days)
def test_a_bare_month_is_the_latest_that_has_begun(number: int, today: date) -> None:
    month = parse_human(f"{number}月", today)

    assert month.start.month == number
    assert month.start <= today < date(month.start.year + 1, number, 1)
