"""A boss, managers of West and East, and reps who sell month by month."""

from domain.clock import FixedClock
from domain.database import Database
from domain.people import service as people
from domain.periods import Period
from domain.scoring.teams import (
    TeamView,
    team_view,
)
from tests.builders import CompanyFolder
from tests.domain.conftest import Look

APRIL, MAY, JUNE, JULY = (Period.parse(f"2026-0{month}") for month in (4, 5, 6, 7))
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07")
WEST, TEAM_1 = "Acme/West", "Acme/West/Team 1"


def company() -> CompanyFolder:
    """A boss, managers of West and East, and nobody who sells yet."""
    return (
        CompanyFolder()
        .plan()
        .company('calendar = "cn"\n')
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .person("ADM", role="admin", job_family="it", unit="Acme")
        .person("BOSS", role="manager", job_family="management", unit="Acme")
        .person("MW", role="manager", job_family="management", unit=WEST, manager_id="BOSS")
        .person("ME", role="manager", job_family="management", unit="Acme/East", manager_id="BOSS")
        .unit("Acme", manager_id="BOSS")
        .unit(WEST, manager_id="MW")
        .unit("Acme/East", manager_id="ME")
        .unit(TEAM_1)
    )


def sells(
    folder: CompanyFolder, employee_id: str, *amounts: int, unit: str = WEST, **columns: str
) -> CompanyFolder:
    """A rep who sells these amounts of a target of 1 000, from April on, on the first of each month."""
    folder.person(employee_id, unit=unit, **columns)
    for month, amount in zip(MONTHS, amounts, strict=False):
        folder.target(employee_id, "sales", month, 1000)
        for measure, value in (("won_amount", amount), ("wins", 1), ("closed_deals", 2)):
            folder.measure(employee_id, measure, f"{month}-01", value)
    return folder


def look(
    database: Database,
    clock: FixedClock,
    viewer: Look,
    who: str,
    unit: str | None = None,
    period: Period | None = None,
) -> TeamView:
    with database.reading() as session:
        found = people.unit_tree(session).find(unit) if unit else None
        return team_view(session, clock, viewer(who), found.id if found else None, period)


def names(view: TeamView) -> list[str]:
    return [member.employee_id for member in view.shown.members]
