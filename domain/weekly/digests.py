"""What a manager's digest says: the teams at a glance, and the alerts that nobody has acted on."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.errors import NotAllowed, NotFound
from domain.people import service as people
from domain.people.preferences import preferences_of
from domain.periods import Period, PeriodKind
from domain.scoring.led_teams import Team, teams_of
from domain.scoring.teams import TeamView, TooManyPeople, team_view
from domain.scoring.views import company_day
from domain.watch.open_alerts import OpenAlert, open_alerts

MOST_PEOPLE = 3000
"""Of a team at a glance: of a larger one, whoever opens it has to choose a unit below, too."""


@dataclass(frozen=True)
class LargeTeam:
    """A team of too many people to be shown at a glance."""

    team: Team
    people: int
    below: tuple[Team, ...]
    """The units right below it."""


@dataclass(frozen=True)
class Digest:
    week: Period
    """The one that has begun."""
    teams: tuple[TeamView, ...]
    """What the manager leads, by path; units below are in their parents."""
    open_alerts: tuple[OpenAlert, ...]
    """About those whose cards the manager may see."""
    large_teams: tuple[LargeTeam, ...] = ()
    """What the manager leads besides, by path."""


def digest(session: Session, clock: Clock, viewer: Viewer, week: Period) -> Digest | None:
    """None where there is nothing to say: not wanted any more, the week over, or no cards to be seen."""
    day = company_day(viewer, clock)
    wanted = preferences_of(session, viewer.person_id).digest
    if not wanted or day not in week or not people.present(session, [viewer.person_id], day):
        return None
    month = Period.containing(PeriodKind.MONTH, day)
    told = [_tell(session, clock, viewer, team) for team in teams_of(session, viewer, month)]
    views = tuple(one for one in told if isinstance(one, TeamView))
    large = tuple(one for one in told if isinstance(one, LargeTeam))
    if not views and not large:
        return None
    return Digest(week, views, open_alerts(session, viewer, month), large)


def _tell(session: Session, clock: Clock, viewer: Viewer, team: Team) -> TeamView | LargeTeam | None:
    try:
        return team_view(session, clock, viewer, team.unit_id, at_most=MOST_PEOPLE)
    except TooManyPeople as too_many:
        return LargeTeam(team, too_many.people, too_many.teams)
    except (NotFound, NotAllowed):
        return None
