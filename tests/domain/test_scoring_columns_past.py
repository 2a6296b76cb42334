"""What columns take from before a period, held against the rules: the edges in particular."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.scoring.columns.rules_days import FOREVER, Leaves, eligible_days
from domain.scoring.columns.rules_past import NAMELESS, PastRecords, customers, own_targets
from domain.scoring.rules import baseline_of
from domain.scoring.rules_inputs import DaySpan, Purchase, repurchase_values
from domain.scoring.rules_targets import eligible_spans, own_target
from tests.domain.scoring_builders import MARCH, SALES, ended, plan
from tests.domain.test_plan_history_rules import GROWTH, RETURNS
from tests.domain.test_scoring_history import grown

DAY = timedelta(days=1)
OF = plan(SALES, GROWTH, RETURNS.replace("90", "7"))
GROWS, RETURN = OF.indicator("growth"), OF.indicator("returns")
WINDOW = ended(MARCH, OF)
Bought = tuple[int, date, int]
"""Whose purchase, on which day, by which customer."""

some_days = st.dates(MARCH.start - 9 * DAY, MARCH.last_day + DAY)
bought = st.lists(st.tuples(st.integers(0, 2), some_days, st.integers(0, 2)), max_size=15)


def past(records: list[tuple[int, date, int, int]]) -> PastRecords:
    """Of (whose, day, ten-thousandths, customer)."""
    rows = [
        (row, number, 0, day.toordinal(), value, who, 0)
        for number, (row, day, value, who) in enumerate(records)
    ]
    return PastRecords(*np.array(rows, dtype=np.int64).reshape(len(rows), 7).T)


@given(bought)
@example([(0, MARCH.start, 1), (0, MARCH.start - 7 * DAY, 1)])
@example([(0, MARCH.start, 1), (0, MARCH.start - 8 * DAY, 1)])
@example([(0, MARCH.last_day, 1), (1, MARCH.last_day - DAY, 1)])
@example([(0, MARCH.last_day, 1), (0, MARCH.last_day, 1), (0, MARCH.last_day - DAY, 2)])
def test_columns_count_the_customers_that_the_rules_count(purchases: list[Bought]) -> None:
    returned, everybody = customers(
        RETURN, OF.measures_needed, WINDOW, past([(row, day, 1, who) for row, day, who in purchases]), 3
    )

    for person in range(3):
        own = [Purchase(day, str(who)) for row, day, who in purchases if row == person]
        expected = repurchase_values(RETURN, own, MARCH.start, MARCH.last_day)
        counted = [Decimal(int(column[person])) / 10_000 for column in (returned, everybody)]
        assert counted == list(expected.values())


def test_what_is_no_purchase_counts_for_nothing() -> None:
    records = [(0, MARCH.start, 0, 1), (0, MARCH.start, -5, 2), (0, MARCH.start, 5, NAMELESS)]

    returned, everybody = customers(RETURN, OF.measures_needed, WINDOW, past(records), 1)

    assert (returned.tolist(), everybody.tolist()) == ([0], [0])


@settings(deadline=None)
@given(
    before=st.integers(-(10**9), 10**12),
    hired_on=st.sampled_from([date(2020, 1, 1), date(2026, 1, 14), date(2026, 1, 15), date(2026, 1, 16)])
    | st.dates(date(2025, 11, 1), date(2026, 3, 31)),
    stays=st.sampled_from([None, None, 10, 60]),
    leaves=st.lists(
        st.tuples(st.dates(date(2025, 11, 20), date(2026, 3, 31)), st.integers(0, 50)).map(
            lambda of: (of[0], of[0] + timedelta(days=of[1]))
        ),
        max_size=3,
    ),
)
@example(before=3, hired_on=date(2026, 1, 15), stays=None, leaves=[])
@example(before=3, hired_on=date(2026, 1, 16), stays=None, leaves=[])
@example(before=0, hired_on=date(2020, 1, 1), stays=None, leaves=[])
def test_columns_come_to_the_own_target_of_the_rules(
    before: int, hired_on: date, stays: int | None, leaves: list[DaySpan]
) -> None:
    left_on = None if stays is None else hired_on + timedelta(days=stays)
    who = grown(str(Decimal(before).scaleb(-4)), hired_on=hired_on, left_on=left_on, leaves=leaves)
    spans = eligible_spans(who.employment, who.leaves, MARCH.start, MARCH.last_day)
    expected = own_target(baseline_of(GROWS, MARCH, who), spans, MARCH)

    hired, left = np.array([hired_on.toordinal()]), np.array([left_on.toordinal() if left_on else FOREVER])
    days = np.array([(0, first.toordinal(), last.toordinal()) for first, last in leaves], dtype=np.int64)
    away = Leaves(*days.reshape(len(leaves), 3).T)
    now = eligible_days(hired, left, away, MARCH.start.toordinal(), MARCH.days)
    halves = [(0, date(2025, 12, 1), before - before // 2, 0), (0, date(2026, 2, 28), before // 2, 0)]
    outside = [(0, date(2025, 11, 30), 7, 0), (0, MARCH.start, 7, 0)]
    found = own_targets(GROWS, OF.measures_needed, WINDOW, past([*halves, *outside]), hired, left, away, now)

    assert not found.unsure[0]
    assert bool(found.there[0]) is (expected is not None)
    if expected is not None:
        assert Decimal(int(found.cents[0])).scaleb(-2) == expected.amount
