"""Which teams somebody leads or looks after."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.people.service import Organisation, UnitTree
from domain.periods import Period
from domain.scoring.team_cards import OWN_REPORTS


@dataclass(frozen=True)
class Team:
    """A unit, or where `unit_id` is OWN_REPORTS (0), the people who report to the viewer."""

    unit_id: int
    path: str
    """Empty for the viewer's own reports."""
    name: str


def teams_of(
    session: Session, viewer: Viewer, period: Period, organisation: Organisation | None = None
) -> tuple[Team, ...]:
    """What the viewer leads or looks after: the topmost units by path, then own reports elsewhere."""
    organisation = organisation or Organisation(session)
    units = access.led_units(session, viewer, period, organisation)
    return _teams(session, viewer, period, organisation, units)


def teams_in_sight(session: Session, viewer: Viewer, period: Period) -> tuple[Team, ...]:
    """All that /team shows the viewer: the units led or looked after, those below, own reports elsewhere."""
    organisation = Organisation(session)
    units = access.overseen_units(session, viewer, period, organisation)
    return _teams(session, viewer, period, organisation, units)


def _teams(
    session: Session, viewer: Viewer, period: Period, organisation: Organisation, units: set[int]
) -> tuple[Team, ...]:
    teams = sorted((unit_team(organisation.tree, unit_id) for unit_id in units), key=lambda team: team.path)
    if _has_reports_elsewhere(session, viewer, period, organisation):
        teams.append(Team(OWN_REPORTS, "", ""))
    return tuple(teams)


def _has_reports_elsewhere(
    session: Session, viewer: Viewer, period: Period, organisation: Organisation
) -> bool:
    units = access.overseen_units(session, viewer, period, organisation)
    reports = access.reports(session, viewer, period, organisation)
    tenures = [tenure for one in reports if (tenure := organisation.tenure(one))]
    return any(tenure.placement_in(period).unit_id not in units for tenure in tenures)


def unit_team(tree: UnitTree, unit_id: int) -> Team:
    unit = tree.by_id[unit_id]
    return Team(unit.id, unit.path, unit.name)
