"""Splitting amounts, proposing them from history, and months of a span: by arithmetic alone."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.targets.rules_history import Attainability, MonthDone, attainability, full_month, to_step
from domain.targets.rules_span import Season, Span
from domain.targets.rules_split import apportion, rest
from domain.targets.rules_tree import Frozen, LockedMonthsError, NoMonthLeftError, Owner, Tree, by_month

STEPS = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(500)])
WEIGHTS = st.decimals(min_value=0, max_value=10**6, places=4)
YEAR = Span.parse("2026")
JANUARY, FEBRUARY, MARCH = (Period.month(2026, number) for number in (1, 2, 3))


def month_of(actual: int, eligible: int = 30, days: int = 30, ramp: str = "1") -> MonthDone:
    return MonthDone(JANUARY, Decimal(actual), eligible, days, Decimal(ramp))


class TestSplitting:
    def test_equal_weights_share_what_divides(self) -> None:
        assert apportion(Decimal(90), {"a": Decimal(1), "b": Decimal(2)}, Decimal(1)) == {"a": 30, "b": 60}

    def test_a_step_that_is_left_goes_to_who_lost_most_by_rounding(self) -> None:
        parts = apportion(Decimal(10), {"a": Decimal(1), "b": Decimal(1), "c": Decimal("1.1")}, Decimal(1))
        assert parts == {"a": 3, "b": 3, "c": 4}

    def test_of_equals_the_first_gets_it(self) -> None:
        assert apportion(Decimal(1), {"a": Decimal(1), "b": Decimal(1)}, Decimal(1)) == {"a": 1, "b": 0}

    @given(steps=st.integers(0, 10**9), step=STEPS, weights=st.lists(WEIGHTS, min_size=1, max_size=12))
    def test_parts_sum_to_the_whole_and_none_is_a_step_off(
        self, steps: int, step: Decimal, weights: list[Decimal]
    ) -> None:
        total = steps * step
        if not any(weights):
            with pytest.raises(ValueError, match="cannot be split"):
                apportion(total, dict(enumerate(weights)), step)
            return
        parts = apportion(total, dict(enumerate(weights)), step)
        assert rest(total, parts.values()) == 0
        whole = Fraction(sum(weights))
        for at, weight in enumerate(weights):
            assert parts[at] % step == 0
            assert abs(Fraction(parts[at]) - Fraction(total) * Fraction(weight) / whole) < step

    @pytest.mark.parametrize(
        ("total", "weights", "step"), [("1.5", ["1"], "1"), ("-1", ["1"], "1"), ("1", ["-1", "3"], "1")]
    )
    def test_what_cannot_be_split_is_an_error(self, total: str, weights: list[str], step: str) -> None:
        with pytest.raises(ValueError, match="cannot be split"):
            apportion(Decimal(total), dict(enumerate(map(Decimal, weights))), Decimal(step))


class TestHistory:
    def test_leave_and_ramp_do_not_lower_what_is_proposed(self) -> None:
        # given: a full month with 100, half a month away with 50, and a month at half the ramp with 50
        months = [month_of(100), month_of(50, eligible=15), month_of(50, ramp="0.5")]
        # then
        assert full_month(months) == 100

    def test_without_a_day_of_work_nothing_is_proposed(self) -> None:
        assert full_month([month_of(0, eligible=0), month_of(80, ramp="0")]) is None

    def test_refunds_beyond_all_sales_propose_nothing_below_0(self) -> None:
        assert full_month([month_of(-50), month_of(20)]) == 0

    def test_attainability_counts_months_of_work_against_their_share_of_the_amount(self) -> None:
        months = [month_of(100), month_of(50, eligible=15), month_of(79), month_of(0, eligible=0)]
        assert attainability(Decimal(100), months) == Attainability(reached=2, of=3)

    def test_a_half_step_goes_up(self) -> None:
        assert to_step(Fraction(249, 2), Decimal(1)) == 125
        assert to_step(Fraction(1249), Decimal(500)) == 1000


class TestSpan:
    @pytest.mark.parametrize(
        ("key", "count", "first"), [("2026", 12, 1), ("2026-Q3", 3, 7), ("2026-07", 1, 7)]
    )
    def test_a_year_a_quarter_or_a_month(self, key: str, count: int, first: int) -> None:
        span = Span.parse(key)
        assert (len(span.months), span.months[0]) == (count, Period.month(2026, first))

    @pytest.mark.parametrize("key", ["2026-W11", "26", "2026-13", "", "next year"])
    def test_nothing_else(self, key: str) -> None:
        with pytest.raises(ValueError, match=r"week|period|month"):
            Span.parse(key)

    def test_a_season_names_each_month(self) -> None:
        with pytest.raises(ValueError, match="3 months"):
            Season.of(Span.parse("2026-Q1"), [Decimal(1)])


class TestMonths:
    def test_a_season_says_how_much_of_the_span_each_month_takes(self) -> None:
        season = Season.of(Span.parse("2026-Q1"), [Decimal(1), Decimal(0), Decimal(3)])
        months = by_month(Decimal(100), Span.parse("2026-Q1"), season, Decimal(1), {JANUARY, FEBRUARY, MARCH})
        assert months == {JANUARY: 25, FEBRUARY: 0, MARCH: 75}

    def test_who_is_not_there_in_a_month_has_no_target_in_it(self) -> None:
        span = Span.parse("2026-Q1")
        months = by_month(Decimal(100), span, Season.level(span), Decimal(1), {MARCH})
        assert months == {MARCH: 100}

    def test_locked_months_keep_what_they_have_and_it_counts(self) -> None:
        span = Span.parse("2026-Q1")
        locked = Frozen({JANUARY: Decimal("40.05")})
        months = by_month(Decimal(100), span, Season.level(span), Decimal(1), set(span.months), locked)
        assert months == {FEBRUARY: Decimal("29.975"), MARCH: Decimal("29.975")}

    @pytest.mark.parametrize("amount", ["30", "50"])
    def test_locked_months_that_do_not_go_into_the_amount_are_refused(self, amount: str) -> None:
        span = Span.parse("2026-Q1")
        locked = Frozen({month: Decimal(15) for month in (JANUARY, FEBRUARY, MARCH)})
        with pytest.raises(LockedMonthsError):
            by_month(Decimal(amount), span, Season.level(span), Decimal(1), set(span.months), locked)

    def test_nothing_goes_into_a_locked_month_without_a_target(self) -> None:
        span, locked = Span.parse("2026-Q1"), Frozen({JANUARY: Decimal(0)})
        months = by_month(Decimal(100), span, Season.level(span), Decimal(1), set(span.months), locked)
        assert months == {FEBRUARY: 50, MARCH: 50}

    @given(
        st.integers(0, 10**6),
        st.dictionaries(st.sampled_from(YEAR.months), st.integers(0, 10**5)),
        st.sets(st.sampled_from(YEAR.months), min_size=1),
    )
    def test_open_and_locked_months_sum_to_the_amount_or_it_is_refused(
        self, amount: int, locked: dict[Period, int], present: set[Period]
    ) -> None:
        frozen = Frozen({month: Decimal(value) for month, value in locked.items()})
        try:
            months = by_month(Decimal(amount), YEAR, Season.level(YEAR), Decimal(1), present, frozen)
        except NoMonthLeftError:
            assert present <= set(locked)
            assert amount > frozen.total
        except LockedMonthsError:
            assert amount < frozen.total
        else:
            assert sum(months.values()) + frozen.total == amount
            assert set(months) == present - set(locked)


def test_the_rest_of_every_unit_is_told_root_first() -> None:
    # given: 100 for the company, 60 for the region, which has given 70 away
    company, region, team = Owner.unit(1), Owner.unit(2), Owner.unit(3)
    one, other = Owner.person(1), Owner.person(2)
    amounts = {company: Decimal(100), region: Decimal(60), team: Decimal(70)}
    tree = Tree(company, {company: (region,), region: (team,), team: (one, other)}, amounts)
    # then
    assert tree.unbalanced() == {company: Decimal(40), region: Decimal(-10), team: Decimal(70)}
    assert list(tree.walk()) == [company, region, team, one, other]
    assert tree.rest(one) is None
