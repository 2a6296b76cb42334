"""A team, drawn: at a glance, its lists, a person's card."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.blocks import actions
from bot.blocks.actions import TeamRef
from bot.blocks.primitives import Block, Writer
from bot.blocks.risks import reasons
from bot.blocks.team import choose_team, team
from bot.blocks.team_lists import card_window, people_window, risks_window
from domain.errors import BadInput
from domain.plans.rules import Bound, Comparison
from domain.scoring import rules_teams as rules
from domain.scoring.led_teams import Team
from domain.scoring.rules_cards import Reason
from domain.scoring.rules_risks import AtRisk, BehindPace, Risk, TierCapped, at_risk
from domain.scoring.teams import Subteam
from domain.scoring.views import ScoreView
from tests.bot.builders import CHINESE, ENGLISH, JULY, JUNE, a_card
from tests.bot.calling import texts
from tests.bot.contracts import OutgoingContracts
from tests.bot.team_builders import APRIL, MAY, OWN_REPORTS, WEST, a_large_team, a_period, a_team
from tests.domain.team_members import PLAN, a_member, incomplete, lines, running


def drawn(view, others=()) -> str:
    return "\n".join(texts(team(ENGLISH, view, others).blocks))


def said(risk: AtRisk) -> list[str]:
    return list(reasons(ENGLISH, risk, JULY))


def one_risk(member, *missed, provisional=frozenset()) -> AtRisk:
    (found,) = at_risk([member], {member.person_id: missed} if missed else {}, provisional)
    return found


def test_a_locked_month_leads_with_attainment_headcount_and_tiers():
    shown = drawn(a_team(a_member("E1", sales=1200, tier="A"), a_member("E2", sales=800, tier="C")))

    assert "*West, June 2026*\nLocked.\n*sales* 100% of the people's targets (2,000 of 2,000)" in shown
    assert "*overdue rate* 1% (2,000 ÷ 200,000)" in shown
    assert "2 people · 2 ranked" in shown
    assert "*Tiers:* S 0 · A 1 · B 0 · C 1 (+1)\nIn brackets: the change since May 2026." in shown
    assert "*At risk:* nobody." in shown


def test_a_month_that_runs_says_so_and_has_the_last_one_beside_it():
    now = a_period(
        running(sales=50), period=JULY, running=True, locked=False, as_of_day=date(2026, 7, 6), tiers=()
    )
    shown = drawn(a_team(shown=now, beside=a_period(a_member(tier="B"))))

    assert "*West, July 2026*\nSo far, from data up to Jul 6, 2026." in shown
    assert "*sales* 5% of the pace (50 of 1,000 due by now)" in shown
    assert (
        "*June 2026*\n*sales* 90% of the people's targets (900 of 1,000)\n*Tiers:* S 0 · A 0 (-1) · B 1 (+1)"
        in shown
    )


def test_against_what_a_result_is_held_is_said():
    own = a_period(a_member(), attainments=rules.attainments([a_member()], {"sales": Decimal(1800)}))
    assert "*sales* 50% of the unit's target (900 of 1,800)" in drawn(a_team(shown=own))


def test_unknown_and_missing_results_are_no_numbers():
    unknown = drawn(a_team(incomplete("E1"), shown=a_period(incomplete("E1"), missing=("won_amount",))))
    assert "*sales* unknown, not reported for every day" in unknown
    assert "1 person · 1 with incomplete data\nNot reported for every day: won amount." in unknown
    assert "*sales* nobody has a target" in drawn(a_team(a_member(target=None)))
    assert "*sales* not assessed, the target is 0" in drawn(a_team(a_member(target=0)))
    assert "*overdue rate* not assessed\n" in drawn(a_team(a_member(lines=lines(1, 1, 0, balance=0))))


def test_who_is_away_or_new_is_counted():
    away = a_member("E1", on_leave=True, unjudged_because=Reason.IN_RAMP, unranked_because=Reason.IN_RAMP)
    assert "2 people · 1 ranked · 1 on leave · 1 in the ramp after hiring" in drawn(
        a_team(away, a_member("E2"))
    )


def test_the_first_five_at_risk_stand_in_the_answer_each_with_the_way_to_the_card():
    view = a_large_team(7)
    blocks = team(ENGLISH, view).blocks

    cards = [block["accessory"]["value"] for block in blocks if "accessory" in block]
    assert cards == [f"{number}|2026-07" for number in range(1, 6)]
    assert "*At risk: 7 of 7*" in drawn(view)
    assert "2 more in the list." in drawn(view)


def test_two_missed_months_and_a_slow_third_in_words():
    assert said(one_risk(running(sales=800), MAY, JUNE)) == [
        "2 missed months in a row: May 2026 and June 2026.",
        "sales at a pace of 80%, below 100%: July 2026 is heading for a miss. "
        "That makes 3 in a row, and an alert.",
    ]


def test_one_more_miss_that_would_alert_is_said_of_a_closed_month():
    assert said(one_risk(a_member(), MAY, JUNE, provisional=frozenset([JUNE]))) == [
        "2 missed months in a row: May 2026 and June 2026. Not locked yet: June 2026. "
        "One more brings an alert."
    ]
    assert said(one_risk(a_member(), JUNE)) == ["1 missed month: June 2026."]


def test_months_away_between_two_misses_are_explained():
    assert said(one_risk(a_member(), APRIL, JUNE)) == [
        "2 missed months in a row: April 2026 and June 2026. The months between them do not count. "
        "One more brings an alert."
    ]


def test_gates_ratios_and_missing_data_in_words():
    capped = a_member(score=Decimal(100), tier="B", lines=lines(1000, 1000, 6))
    ahead = running(sales=1000, score=Decimal(100), lines=lines(1000, 1000, 6))
    violated = a_member(score=Decimal(112), tier="A", lines=lines(1000, 1000, 1, violations=2))

    assert said(one_risk(capped)) == ["A gate caps the tier at B, not A: overdue rate is 6%, above 5%."]
    assert said(one_risk(ahead)) == ["A gate would cap the tier at B, not A: overdue rate is 6%, above 5%."]
    assert said(one_risk(violated)) == ["A gate caps the tier at A, not S: violations is 2, 1 or more."]
    assert said(one_risk(a_member(lines=lines(1000, 1000, "4.5")))) == [
        "overdue rate is 4.5%, worth 63 points: by itself tier C."
    ]
    assert said(one_risk(incomplete("E1"), MAY, JUNE))[1] == (
        "Data incomplete: won amount not reported for every day."
    )


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (Comparison.ABOVE, "overdue rate at a pace of 6%, above 5%: July 2026 is heading for a miss."),
        (Comparison.AT_LEAST, "overdue rate at a pace of 6%, not below 5%: July 2026 is heading for a miss."),
    ],
)
def test_a_miss_may_be_too_much_of_something(comparison: Comparison, expected: str):
    pace = BehindPace("overdue_rate", Decimal("0.06"), Bound(comparison, Decimal("0.05")), misses=1)
    assert said(AtRisk(running(), (pace,))) == [expected]


def test_a_gate_that_the_card_does_not_show_is_still_named():
    unseen: Risk = TierCapped(None, None, "A", "B")
    assert said(AtRisk(a_member(), (unseen,))) == ["A gate caps the tier at B; the score reaches A."]


def test_movers_say_how_far_and_how_many_places():
    before = [a_member("E1", score=Decimal(80), rank=5), a_member("E2", score=Decimal(90), rank=1)]
    now = [a_member("E1", score=Decimal("86.5")), a_member("E2", score=Decimal("85.25"))]

    shown = drawn(a_team(*now, movers=rules.movers(now, before, MAY)))

    assert "*Movers* since May 2026\n▲ Name of E1 (E1): +6.5 points, to 86.5, 4 places up\n" in shown
    assert "▼ Name of E2 (E2): -4.75 points, to 85.25, 1 place down" in shown


def test_while_the_month_runs_movers_are_in_percentage_points_of_the_pace():
    now, before = [running(sales=1150)], [a_member(sales=900)]
    shown = drawn(a_team(*now, movers=rules.movers(now, before, JUNE)))
    assert "▲ Name of E1 (E1): +25 percentage points, to 115%" in shown


def test_units_below_stand_in_short():
    below = Subteam(Team(5, "Acme/West/Team 1", "Team 1"), 3, rules.attainments([a_member()])[0], 2)
    assert "*Units*\n*Team 1* 90% · 3 people · 2 at risk" in drawn(a_team(subteams=(below,)))


def test_the_buttons_lead_to_lists_charts_and_the_months_around():
    buttons = {
        one["action_id"]: (one["text"]["text"], one["value"])
        for block in team(ENGLISH, a_large_team(1)).blocks
        if block["type"] == "actions"
        for one in block["elements"]
    }
    assert buttons == {
        actions.TEAM_PEOPLE: ("People", "2|2026-07"),
        actions.TEAM_RISKS: ("At risk (1)", "2|2026-07"),
        actions.TEAM_CHARTS: ("Charts", "2|2026-07"),
        actions.TEAM_EARLIER: ("← June 2026", "2|2026-06"),
    }


def options(blocks: list[Block]) -> dict[str, str]:
    (chosen,) = [
        one
        for block in blocks
        for one in block.get("elements", ())
        if one.get("action_id") == actions.TEAM_UNIT
    ]
    return {one["text"]["text"]: one["value"] for one in chosen["options"]}


def test_other_units_are_chosen_by_the_end_of_their_paths():
    deep = Team(9, "/".join(["Acme", *["Region"] * 12, "Team 9"]), "Team 9")
    found = options(team(ENGLISH, a_team(), [WEST, deep, OWN_REPORTS]).blocks)

    cut, reports = found
    assert list(found.values()) == ["9|2026-06", "0|2026-06"]
    assert (cut[0], cut[-14:], len(cut)) == ("…", "/Region/Team 9", 75)
    assert reports == "Your reports"


def test_a_list_of_more_units_than_slack_shows_says_so():
    many = [Team(number, f"Acme/Team {number}", f"Team {number}") for number in range(10, 200)]
    assert len(options(team(ENGLISH, a_team(), many).blocks)) == 100
    assert "The list of units is cut: type the name of one" in drawn(a_team(), many)


def test_who_leads_several_units_chooses_one():
    choice = choose_team(ENGLISH, [WEST, Team(3, "Acme/East", "East")], None, ENGLISH.text("Choose a unit"))
    assert options(choice.blocks) == {"Acme/West": "2|", "Acme/East": "3|"}


def test_everybody_is_listed_by_place_with_employee_id_and_the_unit_below():
    members = (
        a_member("E1", name="Li Na", unit_id=5, unit_name="Team 1"),
        a_member("E2", name="Li Na", unit_id=2, unit_name="West", sales=1000, tier="A"),
        incomplete("E3", unjudged_because=Reason.IN_RAMP, on_leave=True, employed=False),
    )
    rows = texts(people_window(ENGLISH, a_team(*members))["blocks"])

    assert "1. *Li Na (E1)* Team 1\nscore 85, tier B · sales 90% · missed" in rows
    assert "2. *Li Na (E2)*\nscore 85, tier A · sales 100% · missed" in rows
    unknown = "data incomplete: won amount · in the ramp after hiring · on leave · has left"
    assert f"*Name of E3 (E3)* West\nno score · {unknown}" in rows


@pytest.mark.parametrize("writer", [ENGLISH, CHINESE])
@pytest.mark.parametrize("window", [people_window, risks_window])
def test_a_thousand_people_are_read_to_the_end(window, writer: Writer, contracts: OutgoingContracts | None):
    view = a_large_team()
    seen = []
    for number in range(1, 101):
        page = window(writer, view, number)
        headings = [block["text"]["text"].split("\n")[0] for block in page["blocks"] if "accessory" in block]
        seen += re.findall(r"\bE(\d+)\b[)）]", "\n".join(headings))
        if contracts:
            contracts.check_view(page)
    assert len(seen) == 1000
    assert len(set(seen)) == 1000


@pytest.mark.parametrize("writer", [ENGLISH, CHINESE])
def test_a_large_team_with_long_names_fits_a_message(writer: Writer, contracts: OutgoingContracts | None):
    many = [
        Team(number, "/".join(["Acme", "很长的名字" * 15, str(number)]), "x") for number in range(10, 200)
    ]
    below = tuple(Subteam(one, 3, rules.attainments([a_member()])[0], 2) for one in many)
    members = tuple(running(f"E{n}", name="很长的名字" * 20, unit_name="部门" * 60) for n in range(1, 200))
    risks = at_risk(members, {member.person_id: (APRIL, MAY, JUNE) for member in members})
    found = rules.movers(members, [a_member(f"E{n}", sales=n) for n in range(1, 200)], JUNE)
    answer = team(writer, a_team(*members, at_risk=risks, subteams=below, movers=found), many)

    assert len(answer.blocks) <= 50
    assert any(block["type"] == "actions" for block in answer.blocks)
    if contracts:
        contracts.check_message(answer.text, answer.blocks)


def formatted(part: Any) -> list[str]:
    """The texts that Slack would look for formatting in."""
    if isinstance(part, list):
        return [text for one in part for text in formatted(one)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if part.get("type") == "mrkdwn" else []
    return own + [text for one in part.values() for text in formatted(one)]


def test_names_can_neither_mention_nor_link():
    name = "<!channel> <https://evil.example|x> *b* :fire:"
    member = running("E1", sales=1, name=name, unit_name=name)
    view = a_team(member, team=Team(2, f"Acme/{name}", name), at_risk=at_risk([member], {}))
    blocks = [
        *team(ENGLISH, view, [Team(3, name, name)]).blocks,
        *people_window(ENGLISH, view)["blocks"],
        *risks_window(ENGLISH, view)["blocks"],
    ]
    assert not [text for text in texts(blocks) if "<" in text]
    assert not [text for text in formatted(blocks) if "https://" in text or ":fire:" in text or "*b*" in text]


def test_somebody_elses_card_names_its_owner():
    window = card_window(ENGLISH, ScoreView(a_card(), None))
    shown = texts(window["blocks"])
    assert shown[0] == "*Ada Okafor (E7)*"
    assert "*Score 72.44, tier B*" in "\n".join(shown)


def test_nobody_at_risk_any_more_is_said_in_the_window():
    assert "Nobody is at risk." in texts(risks_window(ENGLISH, a_team())["blocks"])


@pytest.mark.parametrize("ref", [TeamRef(12, JUNE), TeamRef(0, JULY), TeamRef(3, None)])
def test_what_a_button_carries_comes_back(ref: TeamRef):
    assert TeamRef.parse(str(ref)) == ref


@pytest.mark.parametrize("value", ["", "3", "x|2026-06", "-1|2026-06", "3|2026-13", "²|", "9" * 30 + "|"])
def test_a_team_that_nobody_offered_is_refused(value: str):
    with pytest.raises(BadInput, match="out of date"):
        TeamRef.parse(value)


def test_the_plan_of_the_samples_has_the_parts_they_speak_of():
    assert {one.name for one in PLAN.indicators} == {"sales", "overdue_rate"}
