"""The card that begins a week, the projection in it, and the managers' digest."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import actions
from bot.blocks.digest import digest
from bot.blocks.primitives import Block, Message, Writer
from bot.blocks.projection import projection_blocks
from bot.blocks.score import score
from bot.blocks.weekly import weekly_card
from domain.periods import Period
from domain.scoring.led_teams import Team
from domain.scoring.rules_cards import Reason
from domain.scoring.rules_projection import NoProjection, ProjectedLine, Projection
from domain.scoring.rules_risks import at_risk
from domain.scoring.rules_streaks import Streak
from domain.scoring.views import ScoreView
from domain.watch.open_alerts import OpenAlert
from domain.weekly.digests import Digest, LargeTeam
from domain.weekly.views import WeeklyCard
from tests.bot.builders import (
    CHINESE,
    ENGLISH,
    JUNE,
    a_card,
    a_running_card,
    deduction_line,
    ratio_line,
    sales_line,
)
from tests.bot.calling import texts
from tests.bot.contracts import OutgoingContracts
from tests.bot.team_builders import a_large_team, a_team, running

W27, W28 = Period.parse("2026-W27"), Period.parse("2026-W28")
MAY = Period.parse("2026-05")


def sales_at_the_end(**changes: Any) -> ProjectedLine:
    line = {"name": "sales", "so_far": Decimal(200), "actual": Decimal(1030), "target": Decimal(1000)}
    return ProjectedLine(**{**line, "reading": Decimal("1.030000"), "carried": False, **changes})


def win_rate_carried() -> ProjectedLine:
    return ProjectedLine("win_rate", Decimal(2), Decimal(2), None, Decimal("0.666667"), carried=True)


A_PROJECTION = Projection((sales_at_the_end(), win_rate_carried()), Decimal("106.40"), "A")


def a_weekly_card(**changes: Any) -> WeeklyCard:
    card = {
        "week": W28,
        "last_week": a_card(period=W27, lines=(sales_line(), ratio_line())),
        "month": ScoreView(a_running_card(), a_card()),
        "projection": A_PROJECTION,
        "streak": None,
    }
    return WeeklyCard(**{**card, **changes})


def said(drawn: Message | list[Block]) -> str:
    return "\n".join(texts(drawn.blocks if isinstance(drawn, Message) else drawn))


def test_last_week_is_one_line() -> None:
    lines = said(weekly_card(ENGLISH, a_weekly_card())).split("\n")

    assert lines[:2] == [
        "*Your card for week 28 of 2026*",
        "Last week, week 27 of 2026: score 72.44 · sales 90% · win rate 66.7%",
    ]


def test_a_week_without_a_score_says_why_and_a_week_without_a_card_is_left_out() -> None:
    missing = a_card(period=W27, score=None, unscored_because=Reason.NOT_COVERED, missing=["won_amount"])

    assert (
        "Last week, week 27 of 2026: no score. won amount not reported for every day of the period"
        in said(weekly_card(ENGLISH, a_weekly_card(last_week=missing)))
    )
    assert "Last week" not in said(weekly_card(ENGLISH, a_weekly_card(last_week=None)))


def test_the_month_has_its_pace_its_projection_and_its_score_so_far() -> None:
    lines = said(weekly_card(ENGLISH, a_weekly_card())).split("\n")

    assert "*July 2026*" in lines
    assert "*sales* 90% of the pace (900 of 1,000 due by now)" in lines
    assert "*If July 2026 goes on like this*" in lines
    assert "*sales* 103% of target (1,030 of 1,000)" in lines
    assert "As they stand: win rate 66.7%" in lines
    assert "Score 106.4, which would be worth tier A" in lines
    assert any("It is no tier, and nobody is judged by it." in line for line in lines)
    assert "*July 2026, score so far: 72.44*" in lines


def test_a_month_of_which_nothing_is_known_yet_says_so() -> None:
    blank = a_running_card(as_of_day=None, score=None, missing=["won_amount"])
    view = a_weekly_card(month=ScoreView(blank, a_card()), projection=NoProjection.NO_DAY)

    assert "July 2026 has nothing to show yet: won amount not reported for its first day." in said(
        weekly_card(ENGLISH, view)
    )


def test_who_is_in_the_ramp_is_told_so_and_not_pressed() -> None:
    new = a_running_card(ranks=(), unranked_because=Reason.IN_RAMP, in_ramp=True)

    assert "The ramp after hiring is not over yet." in said(
        weekly_card(ENGLISH, a_weekly_card(month=ScoreView(new, None)))
    )


def test_missed_months_come_with_the_way_out() -> None:
    card = said(weekly_card(ENGLISH, a_weekly_card(streak=Streak((MAY, JUNE)))))

    assert "May 2026 and June 2026 count as missed. The next month that is met starts afresh." in card
    assert "missed" not in said(weekly_card(ENGLISH, a_weekly_card()))


def test_the_buttons_are_those_of_myscore() -> None:
    def buttons(drawn: Message) -> list[tuple[str, str]]:
        (row,) = [block["elements"] for block in drawn.blocks[-3:] if block["type"] == "actions"]
        return [(one["action_id"], one["value"]) for one in row]

    of_the_week = buttons(weekly_card(ENGLISH, a_weekly_card()))

    assert of_the_week == buttons(score(ENGLISH, ScoreView(a_running_card(), None), None))
    assert (actions.WHY, "7|2026-07") in of_the_week
    assert (actions.WHAT_IF, "7|2026-07") in of_the_week


def test_myscore_shows_the_same_projection() -> None:
    card = a_running_card()
    answer = score(ENGLISH, ScoreView(card, a_card()), None, A_PROJECTION)
    blocks = projection_blocks(ENGLISH, card, A_PROJECTION)

    assert said(blocks) in said(answer)
    assert said(blocks) in said(weekly_card(ENGLISH, a_weekly_card()))


def test_too_early_is_said_and_what_the_card_explains_itself_is_not_repeated() -> None:
    card = a_running_card()

    assert "too early to project the end of July 2026" in said(
        projection_blocks(ENGLISH, card, NoProjection.TOO_EARLY)
    )
    for silent in (NoProjection.NO_DAY, NoProjection.NO_SCORE, None):
        assert projection_blocks(ENGLISH, card, silent) == []


WEST = Team(2, "Acme/West", "West")


def a_digest(*views: Any, alerts: tuple[OpenAlert, ...] = ()) -> Digest:
    return Digest(W28, views or (a_team(),), alerts)


def an_alert(number: int = 1, name: str = "Ada Okafor") -> OpenAlert:
    return OpenAlert(number, f"E{number}", name, 3, JUNE)


def test_a_digest_of_one_team_is_the_team_at_a_glance_with_its_open_alerts() -> None:
    drawn = digest(ENGLISH, a_digest(alerts=(an_alert(),)))

    shown = said(drawn)
    assert shown.startswith("*Your digest for week 28 of 2026*\n*West, June 2026*")
    assert "• Ada Okafor (E1): 3 missed months in a row, the last one June 2026" in shown
    (row,) = [block["elements"] for block in drawn.blocks if block["type"] == "actions"]
    assert [(one["action_id"], one["value"]) for one in row] == [(actions.TEAM_OPEN, "2|")]


def test_several_teams_stand_in_short_each_with_its_button() -> None:
    south = a_team(team=Team(3, "Acme/South", "South"))

    drawn = digest(ENGLISH, a_digest(a_team(), south))

    rows = [block for block in drawn.blocks if "accessory" in block]
    assert [row["accessory"]["value"] for row in rows] == ["2|", "3|"]
    assert "*South, June 2026*" in said(drawn)
    assert "*At risk:* nobody." in said(drawn)
    assert "*Open alerts:* none." in said(drawn)


def test_of_a_team_of_too_many_people_a_digest_names_the_units_below() -> None:
    below = tuple(Team(number, f"Acme/{number}", f"Unit {number}") for number in (4, 5))
    large = LargeTeam(Team(1, "Acme", "Acme"), 4000, below)

    drawn = digest(ENGLISH, Digest(W28, (), (an_alert(),), (large,)))

    assert "*Acme*\nThese are 4,000 people, too many to show at once" in said(drawn)
    rows = [block for block in drawn.blocks if "accessory" in block]
    assert [row["accessory"]["value"] for row in rows] == ["4|", "5|"]
    assert "at risk" not in drawn.text, "that is not known"


@pytest.mark.parametrize("writer", [ENGLISH, CHINESE])
def test_everything_fits_slack_in_both_languages(writer: Writer, contracts: OutgoingContracts | None) -> None:
    many_alerts = tuple(an_alert(number, "很长的名字" * 20) for number in range(200))
    many_lines = tuple(sales_line(name="很长的名字" * 18 + str(n)) for n in range(40))
    long = Projection(tuple(sales_at_the_end(name=line.name) for line in many_lines), Decimal(1), "A")
    messages = [
        weekly_card(writer, a_weekly_card()),
        weekly_card(
            writer,
            a_weekly_card(
                last_week=a_card(period=W27, lines=many_lines),
                month=ScoreView(a_running_card(lines=(*many_lines, deduction_line())), None),
                projection=long,
                streak=Streak((MAY, JUNE)),
            ),
        ),
        digest(writer, a_digest(alerts=(an_alert(),))),
        digest(writer, a_digest(a_large_team(), alerts=many_alerts)),
        digest(writer, a_digest(*[a_large_team(20)] * 60, alerts=many_alerts)),
        digest(writer, Digest(W28, (), many_alerts, (LargeTeam(WEST, 4000, (WEST,) * 60),))),
    ]
    for message in messages:
        assert len(message.blocks) <= 50
        assert any(block["type"] == "actions" or "accessory" in block for block in message.blocks)
        if contracts:
            contracts.check_message(message.text, message.blocks)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_name_breaks_out(name: str) -> None:
    evil = f"<!channel>{name}"
    lines = (sales_line(name=evil),)
    card = weekly_card(
        ENGLISH,
        a_weekly_card(
            last_week=a_card(period=W27, lines=lines),
            month=ScoreView(a_running_card(lines=lines), None),
            projection=Projection((sales_at_the_end(name=evil),), Decimal(1), evil),
        ),
    )
    member = running("E1", sales=1, name=evil, unit_name=evil)
    view = a_team(member, team=Team(2, f"Acme/{evil}", evil), at_risk=at_risk([member], {}))
    drawn = digest(ENGLISH, a_digest(view, alerts=(an_alert(name=evil),)))

    for message in (card, drawn):
        assert not any("<" in text or ">" in text for text in [message.text, *texts(message.blocks)])
