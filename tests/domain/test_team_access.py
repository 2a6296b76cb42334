"""Whatever the tree, the roles and the transfers: /team shows nobody whom the viewer may not see, and
everybody else. Held against the rule of decision 0013, written out once more from what was generated.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import FixedClock
from domain.errors import NotAllowed, NotFound
from domain.imports.service import import_folder
from domain.people import service as people
from domain.periods import Period
from domain.scoring.led_teams import teams_in_sight
from domain.scoring.service import score_now
from domain.scoring.team_cards import OWN_REPORTS
from domain.scoring.teams import TeamView, team_view
from domain.viewers import viewer_of
from tests.builders import CompanyFolder
from tests.conftest import TEN_IN_SHANGHAI
from tests.sqlite_files import a_copy

MAY, JUNE = Period.parse("2026-05"), Period.parse("2026-06")
UNITS = ("Acme", "Acme/A", "Acme/B", "Acme/A/1", "Acme/A/2")
IDS = tuple(f"P{number}" for number in range(1, 8))
CLOCK = FixedClock(TEN_IN_SHANGHAI)


@dataclass
class Somebody:
    role: str
    units: tuple[str, str]
    """In May and in June."""
    manager: str | None
    left: bool

    def unit_in(self, period: Period) -> str:
        return self.units[period == JUNE]


@dataclass
class Organisation:
    people: dict[str, Somebody]
    leaders: dict[str, str] = field(default_factory=dict)
    hr: dict[str, str] = field(default_factory=dict)

    def sees(self, viewer: str, person: str, period: Period) -> bool:
        """Decision 0013, in short."""
        if viewer == person:
            return True
        me = self.people[viewer]
        if me.left or me.role not in ("manager", "hr"):
            return False
        unit = self.people[person].unit_in(period)
        return any(_is_in(unit, top) for top in self.looked_after(viewer, period)) or self.reports(
            person, viewer
        )

    def looked_after(self, viewer: str, period: Period) -> set[str]:
        me = self.people[viewer]
        units = {unit for unit, leader in self.leaders.items() if leader == viewer}
        if me.role == "hr":
            named = {unit for unit, hr in self.hr.items() if hr == viewer}
            units |= named or {me.unit_in(period)}
        return units

    def reports(self, person: str, viewer: str) -> bool:
        seen: set[str] = set()
        above = self.people[person].manager
        while above is not None and above not in seen:
            if above == viewer:
                return True
            seen.add(above)
            above = self.people[above].manager
        return False

    def folder(self) -> CompanyFolder:
        folder = CompanyFolder().plan()
        for unit in UNITS:
            folder.unit(unit, manager_id=self.leaders.get(unit, ""), hr_id=self.hr.get(unit, ""))
        for number, (one, who) in enumerate(self.people.items(), start=1):
            left_on = "2026-07-01" if who.left else ""
            folder.person(
                one, role=who.role, unit=who.units[0], manager_id=who.manager or "", left_on=left_on
            )
            if who.units[0] != who.units[1]:
                folder.transfer(one, "2026-06-01", unit=who.units[1])
            for period in (MAY, JUNE):
                folder.target(one, "sales", period.key, 1000)
                folder.measure(one, "won_amount", f"{period.key}-05", 150 * number)
                folder.measure(one, "wins", f"{period.key}-05", 1)
                folder.measure(one, "closed_deals", f"{period.key}-05", 2)
        return folder


def _is_in(unit: str, top: str) -> bool:
    return unit == top or unit.startswith(f"{top}/")


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    people_of = {
        one: Somebody(
            role=draw(st.sampled_from(["rep", "rep", "manager", "manager", "hr", "admin"])),
            units=(draw(st.sampled_from(UNITS)), draw(st.sampled_from(UNITS))),
            manager=draw(st.none() | st.sampled_from(IDS[:index])) if index else None,
            left=draw(st.integers(0, 5)) == 0,
        )
        for index, one in enumerate(IDS)
    }
    named = st.dictionaries(st.sampled_from(UNITS), st.sampled_from(IDS))
    return Organisation(people_of, draw(named), draw(named))


def shown_in(view: TeamView) -> set[str]:
    """Everybody whom any part of the answer names."""
    members = list(view.shown.members) + [one.member for one in view.at_risk]
    if view.movers is not None:
        members += [one.member for one in (*view.movers.up, *view.movers.down)]
    return {member.employee_id for member in members}


def check(session: Session, company: Organisation, viewer: Viewer, unit: str | None, period: Period) -> None:
    me = viewer.employee_id
    found = people.unit_tree(session).find(unit) if unit else None
    allowed = unit is None or any(_is_in(unit, top) for top in company.looked_after(me, period))
    in_team = {
        one
        for one in IDS
        if company.sees(me, one, period)
        and (_is_in(company.people[one].unit_in(period), unit) if unit else company.reports(one, me))
    }
    try:
        view = team_view(session, CLOCK, viewer, found.id if found else OWN_REPORTS, period)
    except NotAllowed:
        acts = not company.people[me].left and company.people[me].role in ("manager", "hr")
        assert not (acts and allowed and unit)
    except NotFound:
        assert not in_team
    else:
        assert allowed
        assert {member.employee_id for member in view.shown.members} == in_team
        assert shown_in(view) <= in_team
        assert sum(one.people for one in view.subteams) <= len(in_team)


@settings(max_examples=12, deadline=None)
@given(company=organisations())
def test_a_team_is_exactly_those_in_sight(migrated_sqlite: Path, company: Organisation) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        a_copy(migrated_sqlite, Path(folder) / "a.db") as database,
    ):
        with database.writing() as session:
            import_folder(session, CLOCK, company.folder().write(Path(folder) / "acme"), "test")
        for period in (MAY, JUNE):
            score_now(database, CLOCK, period)
        with database.reading() as session:
            for one in IDS:
                person = people.person_by_employee_id(session, one)
                viewer = viewer_of(session, CLOCK, person)
                for period in (MAY, JUNE):
                    _sight(session, company, viewer, period)
                    for unit in (*UNITS, None):
                        check(session, company, viewer, unit, period)


def _sight(session: Session, company: Organisation, viewer: Viewer, period: Period) -> None:
    ids = {one: people.person_by_employee_id(session, one).id for one in IDS}
    seen = access.seen_among(session, viewer, period, set(ids.values()))
    assert {one for one, found in ids.items() if found in seen} == {
        one for one in IDS if company.sees(viewer.employee_id, one, period)
    }
    me = company.people[viewer.employee_id]
    if me.left or me.role not in ("manager", "hr"):
        assert teams_in_sight(session, viewer, period) == ()
