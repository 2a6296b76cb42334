"""What goes into the charts of a team, from what the viewer may see of it now."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.locale import Language
from domain.access import Viewer
from domain.clock import Clock
from domain.periods import Period
from domain.scoring.chart_requests import ChartRequest
from domain.scoring.led_teams import Team
from domain.scoring.rules_teams import Member, goal, meets_goal
from domain.scoring.teams import TeamView, team_trend, team_view
from worker.charts.team_people import PersonResult, TeamResults
from worker.charts.team_tiers import TeamTiers, TierPeople
from worker.charts.team_trend import TeamTrend, TrendPoint


def people(
    session: Session, clock: Clock, viewer: Viewer, request: ChartRequest, language: Language
) -> TeamResults:
    """Everybody under a plan that judges by the team's leading indicator; the best first."""
    view = _view(session, clock, viewer, request)
    leading = view.shown.attainments[0]
    judged = [one for one in view.shown.members if one.plan.miss.indicator == leading.indicator]
    judged.sort(key=lambda one: (one.attainment is None, -(one.attainment or 0), one.employee_id))
    return TeamResults(
        unit=_name(view.team, language),
        period=view.shown.period.key,
        indicator=language.label(leading.indicator),
        people=tuple(
            PersonResult(name, one.attainment, meets_goal(one.plan, one.reading))
            for name, one in zip(_names(judged), judged, strict=True)
        ),
        goal=goal(judged[0].plan),
        as_percent=leading.reads_as_share,
        running=view.shown.running,
    )


def tiers(
    session: Session, clock: Clock, viewer: Viewer, request: ChartRequest, language: Language
) -> TeamTiers:
    """Of the period asked for; while it runs, of the last closed one."""
    view = _view(session, clock, viewer, request)
    closed = view.beside or view.shown
    return TeamTiers(
        unit=_name(view.team, language),
        period=closed.period.key,
        before=closed.period.previous().key,
        tiers=tuple(
            TierPeople(one.tier, one.people, one.before, spread.plan_name if len(closed.tiers) > 1 else "")
            for spread in closed.tiers
            for one in spread.tiers
        ),
    )


def trend(
    session: Session, clock: Clock, viewer: Viewer, request: ChartRequest, language: Language
) -> TeamTrend:
    """The last twelve months in the team's leading indicator."""
    found = team_trend(session, clock, viewer, request.unit_id)
    return TeamTrend(
        unit=_name(found.team, language),
        indicator=language.label(found.indicator),
        points=tuple(
            TrendPoint(
                period=point.period.key,
                reading=point.attainment.reading,
                met=meets_goal(found.plan, point.attainment.exact),
                running=point.running,
            )
            for point in found.points
        ),
        goal=goal(found.plan),
        as_percent=found.points[-1].attainment.reads_as_share,
    )


def _view(session: Session, clock: Clock, viewer: Viewer, request: ChartRequest) -> TeamView:
    period = None if request.period is None else Period.parse(request.period)
    return team_view(session, clock, viewer, request.unit_id, period)


def _name(team: Team, language: Language) -> str:
    return team.name or language.text("Your reports")


def _names(members: Sequence[Member]) -> list[str]:
    """Namesakes with their employee ids."""
    count = Counter(one.name for one in members)
    return [f"{one.name} ({one.employee_id})" if count[one.name] > 1 else one.name for one in members]
