"""Which lines and cards are assessed, and whom a miss is held against."""

from datetime import date
from decimal import Decimal

import pytest

from domain.scoring.rules_cards import Card, CardStatus, LineReason, LineStatus, Miss, Reason
from domain.scoring.rules_inputs import PersonInput
from tests.domain.scoring_builders import (
    HEALTHY_LOANS,
    MARCH,
    OVERDUE,
    SALES,
    line,
    person,
    plan,
    score,
    target,
    target_of,
)


def test_a_line_without_target_drops_out_and_the_others_carry_the_weight() -> None:
    of = plan(SALES, OVERDUE, head="min_assessed_weight = 0.3\n")

    card = score(of, person({"won_amount": 5, **HEALTHY_LOANS}))

    sales, overdue = line(card, "sales"), line(card, "overdue_rate")
    assert (sales.status, sales.reason, sales.points) == (LineStatus.NOT_ASSESSED, LineReason.NO_TARGET, None)
    assert sales.contribution is None
    assert sales.actual == 5
    assert overdue.contribution == card.score == Decimal("110.00")
    assert (card.assessed_weight, card.total_weight) == (Decimal(20), Decimal(60))
    assert (card.miss, card.exempt_because) == (Miss.EXEMPT, Reason.MISS_INDICATOR_NOT_ASSESSED)


def test_a_target_of_zero_and_a_denominator_of_zero_are_not_assessed() -> None:
    card = score(plan(SALES, OVERDUE), person({"overdue_amount": 5}, [target("0.004")]))

    assert line(card, "sales").reason is LineReason.ZERO_TARGET
    assert line(card, "overdue_rate").reason is LineReason.ZERO_DENOMINATOR
    assert (card.status, card.unscored_because) == (CardStatus.NOT_ASSESSED, Reason.TOO_LITTLE_ASSESSED)


@pytest.mark.parametrize(("least", "status"), [("0.6666", "complete"), ("0.6667", "not_assessed")])
def test_too_little_assessed_weight_leaves_the_card_without_a_score(least: str, status: str) -> None:
    of = plan(SALES, OVERDUE, head=f"min_assessed_weight = {least}\n")

    card = score(of, person({"won_amount": 5}, [target(5)]))  # sales alone: 40 of 60

    assert card.status == status
    if status == "not_assessed":
        assert (card.score, card.tier, card.gates) == (None, None, ())
        assert (card.miss, card.exempt_because) == (Miss.EXEMPT, Reason.TOO_LITTLE_ASSESSED)
        assert card.unranked_because is Reason.TOO_LITTLE_ASSESSED
        assert all(part.contribution is None for part in card.lines)


def test_assessed_weight_right_at_the_minimum_is_enough() -> None:
    third = plan(SALES, OVERDUE.replace("weight = 20", "weight = 120"), head="min_assessed_weight = 0.25\n")

    assert score(third, person({"won_amount": 5}, [target(5)])).status is CardStatus.COMPLETE


def test_nobody_is_scored_for_nothing_even_if_the_plan_asks_for_no_weight() -> None:
    of = plan(SALES, head="min_assessed_weight = 0\n")

    assert score(of, person()).status is CardStatus.NOT_ASSESSED


def test_without_an_eligible_day_there_is_no_card_to_judge() -> None:
    away = person({**HEALTHY_LOANS, "won_amount": 5}, [target(5)], leaves=[(MARCH.start, MARCH.last_day)])

    card = score(plan(OVERDUE, SALES), away)

    assert (card.status, card.unscored_because) == (CardStatus.NOT_ASSESSED, Reason.NO_ELIGIBLE_DAY)
    assert target_of(card) == 0


@pytest.mark.parametrize(("won", "outcome"), [("9.9999", Miss.MISS), ("10", Miss.HIT), ("0", Miss.MISS)])
def test_a_miss_is_what_the_plan_says(won: str, outcome: Miss) -> None:
    assert score(plan(SALES), person({"won_amount": won}, [target(10)])).miss is outcome


def exempt(who: PersonInput, head: str = "") -> tuple[Miss | None, Reason | None, Reason | None]:
    card = score(plan(SALES, head=head), who)
    return card.miss, card.exempt_because, card.unranked_because


def test_the_ramp_exempts_and_is_not_ranked() -> None:
    newcomer = person(targets=[target(10)], hired_on=date(2026, 2, 1))

    assert exempt(newcomer, "ramp = [0.5, 0.5]\n") == (Miss.EXEMPT, Reason.IN_RAMP, Reason.IN_RAMP)
    assert exempt(newcomer, "ramp = [0.5]\n") == (Miss.MISS, None, None)


def test_under_half_of_the_days_exempts_and_half_does_not() -> None:
    def away_in_april(days: int) -> Card:
        gone = [(date(2026, 4, 1), date(2026, 4, days))]
        return score(plan(SALES), person(targets=[target(10, "2026-04")], leaves=gone), "2026-04")

    assert (away_in_april(15).miss, away_in_april(15).rankable) == (Miss.MISS, True)
    assert away_in_april(16).exempt_because is Reason.UNDER_HALF_ELIGIBLE
    assert away_in_april(16).unranked_because is Reason.UNDER_HALF_ELIGIBLE
    assert away_in_april(16).status is CardStatus.COMPLETE
