"""Who in a team is at risk, and who is not judged, on both databases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.periods import Period
from domain.scoring.rules_cards import Reason
from domain.scoring.rules_risks import BehindPace, MissedInARow
from domain.scoring.service import score_now
from tests.domain.conftest import Load, Lock, Look
from tests.domain.team_stories import APRIL, JULY, JUNE, MAY, company, look, names, sells


def test_two_missed_months_and_a_slow_third_are_the_most_urgent(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 1100, 700, 700, 50)
    sells(folder, "W2", 1100, 1100, 700, 400)
    sells(folder, "W3", 700, 700, 1100, 100)
    load(sells(folder, "W4", 1100, 1100, 1100, 400))
    lock("2026-04", "2026-05", "2026-06")
    score_now(database, clock, JULY)

    first, second, third = look(database, clock, viewer, "MW").at_risk

    assert (first.member.employee_id, first.alert_is_coming) == ("W1", True)
    streak, pace = first.reasons
    assert streak == MissedInARow((MAY, JUNE), frozenset())
    assert isinstance(pace, BehindPace)
    assert (pace.reading, pace.misses) == (Decimal("0.221425"), 3)
    assert (second.member.employee_id, second.reasons) == ("W2", (MissedInARow((JUNE,), frozenset()),))
    assert (third.member.employee_id, third.missed) == ("W3", 0)


def test_a_month_that_is_not_locked_counts_and_says_so(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 700))
    lock("2026-04", "2026-05")
    score_now(database, clock, JUNE)

    (risk,) = look(database, clock, viewer, "MW").at_risk

    assert risk.reasons == (MissedInARow((APRIL, MAY, JUNE), frozenset([JUNE])),)


def test_risk_is_as_of_the_month_that_is_looked_at(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 1100))
    lock("2026-04", "2026-05", "2026-06")

    assert look(database, clock, viewer, "MW", period=JUNE).at_risk == ()
    (risk,) = look(database, clock, viewer, "MW", period=MAY).at_risk
    assert risk.missed == 2


def test_months_that_end_after_the_week_that_is_looked_at_do_not_count(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 700))
    lock("2026-04", "2026-05", "2026-06")
    week = Period.parse("2026-W20")
    score_now(database, clock, week)

    (risk,) = look(database, clock, viewer, "MW", period=week).at_risk

    assert week.end < MAY.end
    (missed,) = (reason for reason in risk.reasons if isinstance(reason, MissedInARow))
    assert missed.months == (APRIL,)


@pytest.mark.parametrize("period", ["2026-W28", "2026-Q3"])
def test_only_a_month_makes_a_miss_in_a_row(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look, period: str
) -> None:
    """Alerts count months: the pace of a week or a quarter brings none."""
    # given two months missed, and a period of another kind that is heading for a miss
    clock.at += timedelta(days=4)
    load(sells(company(), "W1", 1000, 700, 700, 0))
    lock("2026-04", "2026-05", "2026-06")
    score_now(database, clock, Period.parse(period))

    # when
    (risk,) = look(database, clock, viewer, "MW", period=Period.parse(period)).at_risk

    # then
    assert (risk.missed, risk.alert_is_coming) == (2, False)
    assert risk.pace is not None
    assert risk.pace.misses == 1


def test_who_is_away_or_new_is_counted_and_not_at_risk(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 700, 700, 0).leave("W1", "2026-06-01", "2026-06-30")
    load(sells(folder, "W2", 0, 0, 10, hired_on="2026-06-01"))
    lock("2026-04", "2026-05", "2026-06")

    view = look(database, clock, viewer, "MW", period=JUNE)

    count = view.shown.headcount
    assert (count.people, count.on_leave, count.in_ramp, count.ranked) == (2, 1, 1, 0)
    assert view.at_risk == ()


def test_the_engine_decides_who_is_judged(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    """Half of the period's days, not of those so far; as of the data of the run; also without a score."""
    # given W1 back after most of the month so far, W2 away for most of what is to come, W3 hired lately
    folder = sells(company(), "W1", 700, 700, 700, 400).leave("W1", "2026-07-01", "2026-07-05")
    sells(folder, "W2", 700, 700, 700, 400).leave("W2", "2026-07-08", "2026-07-31")
    sells(folder, "W3", 0, 0, 0, 400, hired_on="2026-07-01")
    load(folder)
    lock("2026-04", "2026-05", "2026-06")
    score_now(database, clock, JULY)

    # when W3's hire is corrected after the run
    (row,) = (row for row in folder.tables["people"] if row["employee_id"] == "W3")
    row["hired_on"] = "2020-01-01"
    load(folder)

    # then
    view = look(database, clock, viewer, "MW")
    reasons = {member.employee_id: member.unjudged_because for member in view.shown.members}
    assert reasons == {"W1": None, "W2": Reason.UNDER_HALF_ELIGIBLE, "W3": Reason.IN_RAMP}
    assert [one.member.employee_id for one in view.at_risk] == ["W1"]


def test_who_is_not_judged_is_known_without_a_score(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 700).leave("W1", "2026-06-01", "2026-06-20")
    sells(folder, "W2", 0, 0, 10, hired_on="2026-06-01")
    for measure, last in (("won_amount", 30), ("wins", 29), ("closed_deals", 30), ("violations", 30)):
        folder.covered(measure, "2026-06-01", f"2026-06-{last}")
    load(folder)
    score_now(database, clock, JUNE)

    members = look(database, clock, viewer, "MW", period=JUNE).shown.members

    assert [(one.unjudged_because, one.missing) for one in members] == [
        (Reason.UNDER_HALF_ELIGIBLE, ("wins",)),
        (Reason.IN_RAMP, ("wins",)),
    ]


def test_who_has_left_is_not_at_risk(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 700, left_on="2026-07-03"))
    lock("2026-04", "2026-05", "2026-06")

    view = look(database, clock, viewer, "MW", period=JUNE)

    assert names(view) == ["W1"]
    assert view.at_risk == ()


def test_measures_that_nobody_reported_are_named(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 700, 700, 700)
    for measure in ("wins", "closed_deals", "violations"):
        folder.covered(measure, "2026-04-01", "2026-06-30")
    load(folder.covered("won_amount", "2026-04-01", "2026-06-20"))
    lock("2026-04", "2026-05")
    score_now(database, clock, JUNE)

    view = look(database, clock, viewer, "MW", period=JUNE)

    assert view.shown.missing == ("won_amount",)
    assert view.shown.headcount.incomplete == 1
    assert view.shown.attainments[0].actual is None


def test_in_the_first_days_nobody_is_at_risk_for_the_pace(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 1100, 1100, 1100, 0))
    lock("2026-06")
    third_of_july = FixedClock(datetime(2026, 7, 3, 2, 0, tzinfo=UTC))
    score_now(database, third_of_july, JULY)

    view = look(database, third_of_july, viewer, "MW")

    assert (view.shown.running, view.shown.attainments[0].reading) == (True, 0)
    assert view.at_risk == ()
