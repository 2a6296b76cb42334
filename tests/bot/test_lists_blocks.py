"""Rankings and histories, drawn."""

from decimal import Decimal

import pytest

from bot.blocks import actions
from bot.blocks.actions import CardRef, UnitRef
from bot.blocks.history import history
from bot.blocks.ranking import ranking
from domain.access import RankingRight
from domain.errors import BadInput
from domain.periods import Period
from domain.scoring.histories import HistoryPoint, HistoryView
from domain.scoring.rankings import RankingRow, RankingView
from domain.scoring.rules_cards import CardStatus
from domain.scoring.views import PersonView
from tests.bot.builders import ENGLISH, JUNE, TIERS
from tests.bot.calling import texts


def a_row(rank: int, name: str, score: str, tier: str | None = "A") -> RankingRow:
    return RankingRow(rank, PersonView(rank, name.upper(), name), Decimal(score), tier)


ROWS = (
    a_row(1, "ann", "112", "S"),
    a_row(2, "bo", "98.5"),
    a_row(2, "cy", "98.5"),
    a_row(4, "di", "70", "B"),
)


def a_ranking(**changes) -> RankingView:
    fields = {
        "unit_path": "Acme/East",
        "unit_name": "East",
        "period": JUNE,
        "locked": True,
        "running": False,
        "out_of": 12,
        "rows": ROWS,
        "own": a_row(7, "me", "66"),
        "gap_above": Decimal("1.25"),
        "gap_below": Decimal("0.5"),
        "too_small": False,
        "right": RankingRight.MEMBER,
        "plan_name": "field-sales",
        "other_plans": (),
    }
    return RankingView(**(fields | changes))


def drawn(view: RankingView) -> str:
    return "\n".join(texts(ranking(ENGLISH, view).blocks))


def test_members_see_the_first_by_name_and_their_own_gaps_without_names():
    shown = drawn(a_ranking())
    assert "1. ann (ANN)\n2. bo (BO)\n2. cy (CY)\n4. di (DI)" in shown
    assert "*Your place: 7 of 12, score 66*" in shown
    assert "1.25 points to the next place up\n0.5 points ahead of the next place down" in shown
    assert "112" not in shown


def test_who_oversees_the_unit_sees_scores_and_tiers():
    assert "1. ann (ANN): 112, tier S" in drawn(a_ranking(own=None, right=RankingRight.ALL))


def test_a_running_ranking_has_no_tiers_and_says_that_it_runs():
    shown = drawn(
        a_ranking(running=True, locked=False, rows=(a_row(1, "ann", "112", None),), right=RankingRight.ALL)
    )
    assert "So far: the period is still running." in shown
    assert "1. ann (ANN): 112\n" in shown
    assert "Provisional until HR locks the period." in shown


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({"right": RankingRight.ALL}, "Ranking chart\nDistribution"),
        ({"right": RankingRight.ALL, "out_of": 4}, "Ranking chart\nDistribution"),
        ({"out_of": 10}, "Distribution"),
        ({"out_of": 9}, ""),
    ],
)
def test_charts_that_would_tell_others_scores_are_offered_to_those_who_oversee_the_unit(changes, offered):
    view = a_ranking(**changes)
    elements = [block["elements"] for block in ranking(ENGLISH, view).blocks if block["type"] == "actions"]
    assert "\n".join(button["text"]["text"] for row in elements for button in row) == offered


def test_a_small_unit_shows_its_members_nothing():
    shown = drawn(a_ranking(too_small=True, rows=(), own=None, out_of=4))
    assert "Fewer than 5 people are ranked here" in shown
    assert "Ranking chart" not in shown


def test_nobody_ranked():
    assert "Nobody is ranked here in this period." in drawn(a_ranking(rows=(), own=None, out_of=0))


def test_a_unit_with_several_plans_says_whose_ranking_this_is():
    assert "with the plan field-sales. Others have places of their own: inside, web" in drawn(
        a_ranking(other_plans=("inside", "web"))
    )


def test_a_ranking_of_hundreds_still_fits_a_message():
    rows = tuple(a_row(place, "n" * 100, "90") for place in range(1, 900))
    assert len(ranking(ENGLISH, a_ranking(rows=rows, right=RankingRight.ALL)).blocks) <= 50


def a_point(month: int, score: str | None, **changes) -> HistoryPoint:
    fields = {
        "period": Period.month(2026, month),
        "status": CardStatus.COMPLETE,
        "locked": True,
        "score": None if score is None else Decimal(score),
        "tier": "B" if score else None,
        "miss": "hit",
    }
    return HistoryPoint(**(fields | changes))


def test_a_history_names_every_month_the_latest_first():
    points = (
        a_point(3, None, status=CardStatus.INCOMPLETE, miss="exempt"),
        a_point(4, None, status=CardStatus.NOT_ASSESSED, miss="exempt"),
        a_point(5, "64.5", miss="miss"),
        a_point(6, "72", locked=False),
    )
    shown = texts(history(ENGLISH, HistoryView(PersonView(7, "E7", "Ada"), points, TIERS))["blocks"])
    assert shown[0] == "*Ada (E7)*"
    assert shown[1].split("\n") == [
        "*June 2026* score 72, tier B · provisional",
        "*May 2026* score 64.5, tier B · missed",
        "*April 2026* not assessed · does not count",
        "*March 2026* data incomplete · does not count",
    ]
    assert shown[2].startswith("The chart is being drawn.")


@pytest.mark.parametrize("ref", [CardRef(7, JUNE), UnitRef("Acme/a|b/East", Period.quarter(2026, 2))])
def test_what_a_button_carries_comes_back(ref):
    assert type(ref).parse(str(ref)) == ref


@pytest.mark.parametrize("value", ["", "7", "x|2026-06", "7|2026-13", "|"])
def test_a_button_that_carries_nothing_we_know_is_out_of_date(value):
    with pytest.raises(BadInput, match="out of date"):
        CardRef.parse(value)


def test_the_buttons_of_a_ranking_name_unit_and_period():
    blocks = ranking(ENGLISH, a_ranking(right=RankingRight.ALL)).blocks
    buttons = next(block for block in blocks if block["type"] == "actions")["elements"]
    assert [one["action_id"] for one in buttons] == [actions.RANKING_CHART, actions.DISTRIBUTION_CHART]
    assert {one["value"] for one in buttons} == {"2026-06|Acme/East"}
