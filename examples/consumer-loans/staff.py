"""The rows of people.csv, units.csv, assignments.csv and leaves.csv, as far as they are known on a day."""

from collections.abc import Iterator
from datetime import date

from names import person
from roster import COMPANY, REGIONS, Rep, family_of, manager_of
from story import SEED

PEOPLE = [
    *("employee_id", "name", "email", "role", "title", "job_family", "manager_id", "unit"),
    *("hired_on", "left_on", "locale", "time_zone", "slack_id"),
]
UNITS = ["unit", "manager_id", "hr_id", "channel"]
ASSIGNMENTS = ["employee_id", "from", "unit", "manager_id", "job_family"]
LEAVES = ["employee_id", "from", "to", "kind"]

TIME_ZONE = "Asia/Shanghai"
FOUNDED = date(2017, 3, 1)
HEAD, HEAD_OF_HR, ADMINISTRATOR = "M00", "H00", "A01"
Row = tuple[object, ...]


def people(reps: list[Rep], teams: list[str], day: date) -> Iterator[Row]:
    """Everybody who has been hired by the day."""
    yield _row(HEAD, "manager", "Managing Director", "management", "", COMPANY)
    yield _row(HEAD_OF_HR, "hr", "Head of HR", "hr", HEAD, COMPANY)
    yield _row(ADMINISTRATOR, "admin", "IT Administrator", "it", HEAD, COMPANY)
    for region in REGIONS:
        path = f"{COMPANY}/{region}"
        yield _row(_head_of(region), "manager", "Regional Manager", "management", HEAD, path)
        yield _row(_hr_of(region), "hr", "HR Partner", "hr", HEAD_OF_HR, path)
    for team in teams:
        above = _head_of(team.split("/")[1])
        yield _row(manager_of(team), "manager", "Team Manager", "management", above, team)
    for rep in reps:
        left_on = rep.left_on if rep.left_on and rep.left_on <= day else ""
        family = family_of(rep.team)
        yield _row(
            rep.employee_id, "rep", rep.title, family, manager_of(rep.team), rep.team, rep.hired_on, left_on
        )


def units(teams: list[str]) -> Iterator[Row]:
    """Teams have no channel of their own: what concerns them is told in the region's."""
    yield COMPANY, HEAD, HEAD_OF_HR, ""
    for region in REGIONS:
        yield f"{COMPANY}/{region}", _head_of(region), _hr_of(region), f"managers-{region.lower()}"
    for team in teams:
        yield team, manager_of(team), _hr_of(team.split("/")[1]), ""


def assignments(reps: list[Rep], day: date) -> Iterator[Row]:
    for rep in reps:
        move = rep.transfer
        if move and move.on <= day:
            yield rep.employee_id, move.on, move.team, manager_of(move.team), family_of(move.team)


def leaves(reps: list[Rep], day: date) -> Iterator[Row]:
    for rep in reps:
        for leave in rep.leaves:
            if leave.first <= day:
                yield rep.employee_id, leave.first, leave.last, leave.kind


def _row(
    employee_id: str,
    role: str,
    title: str,
    family: str,
    manager_id: str,
    unit: str,
    hired_on: date = FOUNDED,
    left_on: date | str = "",
) -> Row:
    name, email, locale = person(SEED, employee_id)
    who = (employee_id, name, email, role, title, family)
    # The member id is known: Slack lets an app look up few people a minute by their address.
    return (*who, manager_id, unit, hired_on, left_on, locale, TIME_ZONE, f"U0{employee_id}")


def _head_of(region: str) -> str:
    return f"MR{list(REGIONS).index(region) + 1}"


def _hr_of(region: str) -> str:
    return f"H{list(REGIONS).index(region) + 1:02}"
