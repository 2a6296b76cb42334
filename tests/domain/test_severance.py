"""R9 and R10: severance with its arithmetic, against cases worked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exits.cn.rules_severance import LAW_BEGAN, months_of_base, severance, severance_is_known
from domain.exits.rules_dates import Service
from domain.exits.rules_facts import Wages
from domain.exits.rules_findings import Answer
from tests.domain.exit_facts import case

MINIMUM, CITY = Decimal(2500), Decimal(12000)


def wages(monthly: Decimal | int, **other: Decimal | int) -> Wages:
    """The same each month from 2006 on; `m2026_03=…` says otherwise for one."""
    months = {f"{year}-{month:02}": Decimal(monthly) for year in range(2006, 2032) for month in range(1, 13)}
    months |= {name[1:].replace("_", "-"): Decimal(amount) for name, amount in other.items()}
    return Wages(months, MINIMUM, CITY)


class TestWorkedCases:
    def test_5_years_7_months(self) -> None:
        # given: 1 May 2021 to 30 November 2026, 8 000 a month
        owed = severance(date(2021, 5, 1), date(2026, 11, 30), wages(8000))
        # then: 5 full years and a rest of 7 months make 6
        assert owed.service == Service(5, 7, 0)
        assert (owed.counted, owed.amount) == (Decimal(6), Decimal("48000.00"))
        assert owed.unlawful == Decimal("96000.00")

    def test_14_years_at_3_4_times_the_city_average(self) -> None:
        # given: 40 800 is 3.4 × 12 000
        owed = severance(date(2012, 11, 1), date(2026, 10, 31), wages(40800))
        # then: three times the average, for twelve months and no more
        assert (owed.served, owed.counted, owed.capped) == (Decimal(14), Decimal(12), True)
        assert (owed.base, owed.amount) == (Fraction(36000), Decimal("432000.00"))

    def test_14_years_below_the_cap_are_14(self) -> None:
        owed = severance(date(2012, 11, 1), date(2026, 10, 31), wages(36000))
        assert (owed.counted, owed.capped, owed.amount) == (Decimal(14), False, Decimal("504000.00"))

    def test_4_months(self) -> None:
        # given: July to October; June's 99 999 was somebody else's
        owed = severance(date(2026, 7, 1), date(2026, 10, 31), wages(6000, m2026_10=7000, m2026_06=99999))
        # then: half a month's mean of the four
        assert owed.of_months == ("2026-07", "2026-08", "2026-09", "2026-10")
        assert (owed.counted, owed.mean, owed.amount) == (Decimal("0.5"), Fraction(6250), Decimal("3125.00"))

    def test_a_raise_in_the_last_year_counts_by_its_months(self) -> None:
        # given: 8 000 until June, 9 500 from July, a bonus of 12 000 in January; the last day is 15 November
        raised = {f"m2026_{month:02}": 9500 for month in (7, 8, 9, 10, 11)}
        owed = severance(date(2024, 4, 1), date(2026, 11, 15), wages(8000, m2026_01=20000, **raised))
        # then: the twelve months before November
        assert (owed.of_months[0], owed.of_months[-1], len(owed.of_months)) == ("2025-11", "2026-10", 12)
        assert owed.mean == Fraction(8000 * 7 + 20000 + 9500 * 4, 12)
        assert (owed.counted, owed.amount) == (Decimal(3), Decimal("28500.00"))

    def test_a_mean_below_the_minimum_wage_is_the_minimum_wage(self) -> None:
        owed = severance(date(2025, 1, 1), date(2026, 12, 31), wages(1800))
        assert (owed.floored, owed.amount) == (True, Decimal("5000.00"))

    @pytest.mark.parametrize(
        ("last_day", "months"),
        [
            (date(2026, 6, 30), "0.5"),
            (date(2026, 7, 1), "1"),
            (date(2026, 12, 30), "1"),
            (date(2026, 12, 31), "1"),
            (date(2027, 1, 1), "1"),
            (date(2027, 1, 2), "1.5"),
            (date(2027, 6, 30), "1.5"),
            (date(2027, 7, 1), "2"),
        ],
    )
    def test_half_a_year_is_the_edge(self, last_day: date, months: str) -> None:
        # given: from 2 January, so that the half year is full on 1 July
        assert severance(date(2026, 1, 2), last_day, wages(8000)).served == Decimal(months)

    def test_a_month_worked_in_part_is_left_out_of_the_mean_unless_it_is_the_only_one(self) -> None:
        assert months_of_base(date(2026, 7, 20), date(2026, 9, 30)) == ("2026-08", "2026-09")
        assert months_of_base(date(2026, 7, 20), date(2026, 7, 31)) == ("2026-07",)


class TestFacts:
    @pytest.mark.parametrize(
        "known",
        [
            None,
            Wages({}, MINIMUM, CITY),
            Wages(wages(8000).months, None, CITY),
            Wages(wages(8000).months, MINIMUM, None),
        ],
    )
    def test_what_is_not_known_blocks(self, known: Wages | None) -> None:
        assert severance_is_known(case(wages=known)).answer is Answer.BLOCK

    def test_one_month_that_is_not_known_blocks(self) -> None:
        holed = {month: amount for month, amount in wages(8000).months.items() if month != "2026-04"}
        assert severance_is_known(case(wages=Wages(holed, MINIMUM, CITY))).answer is Answer.BLOCK

    def test_service_before_2008_goes_to_counsel(self) -> None:
        before = case(service_start=LAW_BEGAN - timedelta(1), retirement_on=date(2050, 1, 1))
        assert severance_is_known(before).answer is Answer.ESCALATE


@given(
    start=st.dates(LAW_BEGAN, date(2026, 1, 1)),
    days=st.integers(0, 365 * 4),
    monthly=st.decimals(1, 100000, places=2),
)
def test_more_service_is_never_paid_less(start: date, days: int, monthly: Decimal) -> None:
    # given
    last_day = start + timedelta(days)
    known = wages(monthly)
    # when
    now, later = severance(start, last_day, known), severance(start, last_day + timedelta(1), known)
    # then
    assert later.amount >= now.amount
    assert now.amount >= Decimal("0.5") * MINIMUM
    assert now.base <= 3 * CITY
    assert now.counted <= now.served
