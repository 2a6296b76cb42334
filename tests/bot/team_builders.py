"""Teams as the read side returns them, to draw."""

from dataclasses import replace
from typing import Any

from domain.periods import Period
from domain.scoring import rules_teams as rules
from domain.scoring.led_teams import Team
from domain.scoring.rules_risks import at_risk
from domain.scoring.rules_teams import Member
from domain.scoring.teams import TeamPeriod, TeamView
from tests.bot.builders import JULY, JUNE
from tests.domain.team_members import a_member, running

APRIL, MAY = Period.month(2026, 4), Period.month(2026, 5)
WEST = Team(2, "Acme/West", "West")
OWN_REPORTS = Team(0, "", "")


def a_period(*members: Member, **changes: Any) -> TeamPeriod:
    """June, locked; in May one of them reached tier A."""
    shown = TeamPeriod(
        period=JUNE,
        running=False,
        locked=True,
        as_of_day=None,
        attainments=rules.attainments(members),
        headcount=rules.headcount(members),
        tiers=rules.tier_spreads(members, [a_member("E1", tier="A")]),
        missing=(),
        members=members,
    )
    return replace(shown, **changes)


def a_team(*members: Member, **changes: Any) -> TeamView:
    """West in June; nobody is at risk."""
    view = TeamView(
        team=WEST,
        shown=a_period(*(members or (a_member("E1"), a_member("E2")))),
        beside=None,
        movers=None,
        at_risk=(),
        subteams=(),
        earlier=MAY,
        later=JULY,
    )
    return replace(view, **changes)


def a_large_team(people: int = 1000) -> TeamView:
    """West in July: everybody has missed two months and is behind the pace."""
    members = tuple(running(f"E{number}", sales=number % 1000) for number in range(1, people + 1))
    risks = at_risk(members, {member.person_id: (MAY, JUNE) for member in members})
    shown = a_period(*members, period=JULY, running=True, locked=False, tiers=())
    return a_team(shown=shown, at_risk=risks, earlier=JUNE, later=None)
