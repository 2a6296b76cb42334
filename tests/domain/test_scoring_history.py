"""Growth against one's own months, customers who return: what a card makes of what lies before its period."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.metrics.rules import Coverage
from domain.periods import Period
from domain.plans.rules import Indicator
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import CardStatus, LineReason, LineStatus, Reason
from domain.scoring.rules_inputs import (
    DaySpan,
    PersonInput,
    Purchase,
    repurchase_values,
    scoring_window,
)
from tests.domain.scoring_builders import LONG_AGO, MARCH, SALES, ended, line, person, plan, score, target
from tests.domain.test_plan_history_rules import GROWTH, RETURNS

of = plan(SALES, GROWTH)


def grown(
    before: str | int,
    now: str | int = 900,
    hired_on: date = LONG_AGO,
    left_on: date | None = None,
    leaves: list[DaySpan] | None = None,
) -> PersonInput:
    """Somebody who achieved so much in the three months before March, and so much in it."""
    who = person({"won_amount": now}, [target(1000)], hired_on, left_on, leaves or [])
    return PersonInput(
        who.employee_id, who.employment, who.leaves, who.targets, who.values, {"growth": Decimal(before)}
    )


def test_growth_is_read_against_the_months_before_by_the_days_that_count() -> None:
    found = line(score(of, grown(9000)), "growth")

    assert found.target is not None
    assert found.target.amount == Decimal("3100.00")
    assert found.printed_reading == Decimal("0.290323")


def test_leave_in_either_span_distorts_nothing() -> None:
    january = (date(2026, 1, 1), date(2026, 1, 31))
    half_of_march = (date(2026, 3, 1), date(2026, 3, 15))

    found = line(score(of, grown(5900, leaves=[january, half_of_march])), "growth")

    assert found.target is not None
    assert found.target.amount == Decimal("1600.00")


@pytest.mark.parametrize(("before", "hired_on"), [(0, LONG_AGO), ("-1", LONG_AGO), (9000, date(2026, 1, 16))])
def test_growth_is_not_assessed_where_there_is_too_little_before(before: str | int, hired_on: date) -> None:
    found = line(score(of, grown(before, hired_on=hired_on)), "growth")

    assert (found.status, found.reason) == (LineStatus.NOT_ASSESSED, LineReason.NO_BASELINE)
    assert found.target is None
    assert found.baseline is not None


def test_half_of_the_days_before_are_enough() -> None:
    found = line(score(of, grown(4500, hired_on=date(2026, 1, 15))), "growth")  # 45 of 90 days

    assert found.target is not None
    assert found.target.amount == Decimal("3100.00")


def test_while_the_month_runs_growth_is_a_pace() -> None:
    window = scoring_window(of, MARCH, Coverage.of([("*", LONG_AGO, date(2026, 3, 10))]), date(2026, 3, 12))

    found = line(score_person(of, window, grown(9000, now=1000)), "growth")

    assert found.target is not None
    assert found.target.amount == Decimal("1000.00")
    assert found.reading == 1


def test_what_is_not_reported_in_the_months_before_is_unknown() -> None:
    late = Coverage.of([("*", date(2025, 12, 2), date(2026, 12, 31))])
    window = ended(MARCH, of, late)

    card = score_person(of, window, grown(9000))

    assert window.missing == ("won_amount",)
    assert (card.status, card.unscored_because) == (CardStatus.INCOMPLETE, Reason.NOT_COVERED)
    assert ended(MARCH, of, Coverage.of([("*", date(2025, 12, 1), date(2026, 12, 31))])).missing == ()


def test_a_running_card_that_lacks_the_months_before_still_shows_what_else_is_known() -> None:
    both = plan(SALES.replace("won_amount", "wins"), GROWTH)
    reported = [("wins", LONG_AGO, date(2026, 3, 10)), ("won_amount", date(2026, 1, 1), date(2026, 3, 10))]
    window = scoring_window(both, MARCH, Coverage.of(reported), date(2026, 3, 12))
    who = person({"wins": 5, "won_amount": 1}, [target(10)])

    card = score_person(both, window, who)

    assert (window.last, window.missing) == (date(2026, 3, 10), ("won_amount",))
    assert card.score is None
    assert card.status is CardStatus.RUNNING
    assert line(card, "sales").status is LineStatus.ASSESSED
    assert line(card, "growth").status is LineStatus.UNKNOWN


def bought(customer: str, *days: date) -> list[Purchase]:
    return [Purchase(day, customer) for day in days]


def returns(days: int = 90) -> Indicator:
    return plan(SALES, RETURNS.replace("90", str(days))).indicator("returns")


@pytest.mark.parametrize(
    ("days_before", "returned"), [(1, 1), (89, 1), (90, 1), (91, 0), (0, 0)], ids=lambda given: str(given)
)
def test_a_customer_returns_who_bought_within_so_many_days_before(days_before: int, returned: int) -> None:
    day = date(2026, 3, 1)
    purchases = bought("c1", day, day - timedelta(days=days_before))

    values = repurchase_values(returns(), purchases, MARCH.start, MARCH.last_day)

    assert values == {"returns: returning": Decimal(returned), "returns: customers": Decimal(1)}


def test_a_first_and_a_second_purchase_within_the_period_are_a_return() -> None:
    purchases = [
        *bought("c1", date(2026, 3, 3), date(2026, 3, 20)),
        *bought("c2", date(2026, 3, 3)),
        *bought("c3", date(2026, 2, 3)),
    ]

    values = repurchase_values(returns(), purchases, MARCH.start, MARCH.last_day)

    assert values == {"returns: returning": Decimal(1), "returns: customers": Decimal(2)}


@given(
    st.lists(st.tuples(st.dates(date(2025, 11, 1), date(2026, 4, 10)), st.sampled_from("abc")), max_size=12),
    st.integers(1, 120),
)
def test_returns_are_those_that_a_look_at_every_pair_finds(
    purchases: list[tuple[date, str]], within: int
) -> None:
    values = repurchase_values(
        returns(within), [Purchase(*one) for one in purchases], MARCH.start, MARCH.last_day
    )

    now = [(day, who) for day, who in purchases if day in MARCH]
    back = {
        who for day, who in now for at, other in purchases if who == other and 0 < (day - at).days <= within
    }
    assert list(values.values()) == [Decimal(len(back)), Decimal(len({who for _, who in now}))]


def test_a_repurchase_without_customers_is_not_assessed() -> None:
    found = line(score(plan(SALES, RETURNS), person({"won_amount": 5}, [target(5)])), "returns")

    assert found.reason is LineReason.ZERO_DENOMINATOR


def test_the_period_before_a_week_is_counted_in_whole_months() -> None:
    week = Period.parse("2026-W11")  # 9 to 15 March

    found = line(score(of, grown(9000), week), "growth")

    assert found.baseline is not None
    assert (found.baseline.first, found.baseline.last) == (date(2025, 12, 1), date(2026, 2, 28))
    assert found.target is not None
    assert found.target.amount == Decimal("700.00")
