"""Streaks of missed months, and the circuit breaker."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.scoring.rules_cards import Miss
from domain.scoring.rules_streaks import MonthOutcome, Streak, StreakEnd, streaks
from domain.watch.rules import HoldReason, circuit_breaker

OUTCOMES = {"M": Miss.MISS, "H": Miss.HIT, "e": Miss.EXEMPT}
JANUARY = Period.parse("2026-01")


def months(story: str) -> list[MonthOutcome]:
    """M missed, H hit, e exempt, . not locked; a | before a month: in another job family from then on."""
    month, family, outcomes = JANUARY, 0, []
    for letter in story:
        if letter == "|":
            family += 1
            continue
        if letter != ".":
            outcomes.append(MonthOutcome(month, OUTCOMES[letter], f"family {family}"))
        month = month.next()
    return outcomes


def told(story: str) -> list[tuple[str, int, str | None]]:
    return [(found.start.key, found.length, found.ended_by) for found in streaks(months(story))]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("", []),
        ("HeH", []),
        ("MMM", [("2026-01", 3, None)]),
        ("HMM", [("2026-02", 2, None)]),
        ("MMHM", [("2026-01", 2, "hit"), ("2026-04", 1, None)]),
        ("MeM", [("2026-01", 2, None)]),
        ("eeeeM", [("2026-05", 1, None)]),
        ("MeeeM", [("2026-01", 2, None)]),
        ("MeeeeM", [("2026-01", 1, "exempt_too_long"), ("2026-06", 1, None)]),
        ("MeeHeeM", [("2026-01", 1, "hit"), ("2026-07", 1, None)]),
        ("MeeeMeeeM", [("2026-01", 3, None)]),
        ("MM|M", [("2026-01", 2, "job_family_changed"), ("2026-03", 1, None)]),
        ("Me|eM", [("2026-01", 1, "job_family_changed"), ("2026-04", 1, None)]),
        ("MM.M", [("2026-01", 2, "month_not_locked"), ("2026-04", 1, None)]),
        ("Me.M", [("2026-01", 1, "month_not_locked"), ("2026-04", 1, None)]),
    ],
)
def test_what_extends_a_streak_and_what_ends_it(
    story: str, expected: list[tuple[str, int, str | None]]
) -> None:
    assert told(story) == expected


def test_a_streak_reaches_three_and_six_at_the_missed_month_that_completes_them() -> None:
    (streak,) = streaks(months("MeMMMeeMM"))

    assert streak.reached == {3: Period.parse("2026-04"), 6: Period.parse("2026-09")}


def test_two_misses_reach_nothing_and_more_than_six_nothing_new() -> None:
    assert streaks(months("MM"))[0].reached == {}
    assert list(streaks(months("MMMMMMMMM"))[0].reached) == [3, 6]


@given(st.text("MHe.|", max_size=24))
def test_every_missed_month_is_in_exactly_one_streak(story: str) -> None:
    found = streaks(months(story))

    missed = [outcome.month for outcome in months(story) if outcome.outcome is Miss.MISS]
    assert [month for streak in found for month in streak.missed] == missed
    assert all(streak.ended_by is not None for streak in found[:-1])


@given(st.text("MHe.|", max_size=24), st.integers(0, 24))
def test_a_later_month_never_changes_what_was_reached_before(story: str, cut: int) -> None:
    def alerts(found: tuple[Streak, ...]) -> list[tuple[Period, int, Period]]:
        return [(streak.start, length, month) for streak in found for length, month in streak.reached.items()]

    earlier, later = alerts(streaks(months(story[:cut]))), alerts(streaks(months(story)))

    assert set(earlier) <= set(later)


def test_months_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="Months must rise: 2026-01 comes after 2026-02"):
        streaks(months("MM")[::-1])


def test_only_months_count() -> None:
    with pytest.raises(ValueError, match="2026-Q1 is a quarter"):
        MonthOutcome(Period.parse("2026-Q1"), Miss.MISS, "sales")


def test_a_streak_that_ended_says_why() -> None:
    assert streaks(months("MH"))[0].ended_by is StreakEnd.HIT


@pytest.mark.parametrize(
    ("alerts", "unit_size", "earlier", "held"),
    [
        (4, 20, [], None),  # fewer than 5 are never held
        (5, 25, [], None),  # a fifth is not more than a fifth
        (5, 24, [], HoldReason.SHARE_OF_UNIT),
        (6, 25, [], HoldReason.SHARE_OF_UNIT),
        (5, 20, [], HoldReason.SHARE_OF_UNIT),
        (19, 19, [], None),  # the unit is too small to judge
        (8, 50, [], None),
        (11, 50, [], HoldReason.SHARE_OF_UNIT),
        (9, 100, [3] * 6, None),  # three times the mean is not more than that
        (10, 100, [3] * 6, HoldReason.MULTIPLE_OF_MEAN),
        (10, 100, [3] * 5, None),  # too few months for a mean
        (5, 10, [0] * 6, HoldReason.MULTIPLE_OF_MEAN),
        (4, 100, [0] * 12, None),
        (6, 100, [1, 2, 3, 1, 2, 4], None),  # a mean of 13/6, three times it is 6.5
        (7, 100, [1, 2, 3, 1, 2, 4], HoldReason.MULTIPLE_OF_MEAN),
    ],
)
def test_the_circuit_breaker_holds_what_is_too_much_to_be_true(
    alerts: int, unit_size: int, earlier: list[int], held: HoldReason | None
) -> None:
    assert circuit_breaker(alerts, unit_size, earlier) is held


def test_the_breaker_once_closed_by_number_stays_closed_for_more() -> None:
    reasons = [circuit_breaker(alerts, 50, [1] * 6) for alerts in range(30)]

    held = list(accumulate((reason is not None for reason in reasons), max))
    assert held == [reason is not None for reason in reasons]
