"""Which teams are whose to see, on both databases."""

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import NotAllowed, NotFound
from domain.scoring.led_teams import teams_in_sight, teams_of
from domain.scoring.rules_risks import MissedInARow
from domain.scoring.team_cards import OWN_REPORTS
from domain.scoring.teams import (
    SeveralTeams,
    TooManyPeople,
    team_view,
)
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock, Look
from tests.domain.team_stories import APRIL, JUNE, MAY, TEAM_1, WEST, company, look, names, sells


def test_a_manager_of_several_units_has_to_choose(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 900).unit("Acme/North", manager_id="MW")
    load(folder.unit("Acme/North/Team 2", manager_id="MW"))
    lock("2026-06")

    with pytest.raises(SeveralTeams) as several:
        look(database, clock, viewer, "MW")

    assert [team.path for team in several.value.teams] == ["Acme/North", WEST]
    assert look(database, clock, viewer, "MW", WEST).team.path == WEST


def test_of_too_many_people_a_unit_below_has_to_be_chosen(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(sells(company(), "W1", 0, 0, 900), "W2", 0, 0, 900, unit=TEAM_1)
    load(sells(folder, "E1", 0, 0, 900, unit="Acme/East"))
    lock("2026-06")

    with database.reading() as session:
        boss = viewer("BOSS")
        whole = team_view(session, clock, boss, period=JUNE, at_most=3)
        with pytest.raises(TooManyPeople, match="These are 3 people") as too_many:
            team_view(session, clock, boss, period=JUNE, at_most=2)
        west = team_view(session, clock, boss, too_many.value.teams[1].unit_id, JUNE, at_most=2)

    assert [team.path for team in too_many.value.teams] == ["Acme/East", WEST]
    assert (len(whole.shown.members), len(west.shown.members)) == (3, 2)


def test_where_nobody_leads_units_a_team_is_who_reports_to_one(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = (
        CompanyFolder()
        .plan()
        .person("M1", role="manager", job_family="management", unit="Acme")
        .person("M2", role="manager", job_family="management", unit="Acme", manager_id="M1")
    )
    sells(folder, "W1", 700, 700, 900, manager_id="M2")
    load(sells(folder, "E1", 0, 0, 900, unit="Acme/East"))
    lock("2026-04", "2026-05", "2026-06")

    for manager in ("M1", "M2"):
        view = look(database, clock, viewer, manager)
        assert (view.team.unit_id, view.team.path, view.subteams) == (OWN_REPORTS, "", ())
        assert names(view) == ["W1"]
        assert view.shown.members[0].rank is None
        assert view.at_risk[0].missed == 3


def test_reports_in_other_units_are_a_team_of_their_own(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 900)
    load(sells(folder, "E1", 0, 0, 900, unit="Acme/East", manager_id="MW"))
    lock("2026-06")

    with database.reading() as session:
        found = teams_of(session, viewer("MW"), JUNE)
        view = team_view(session, clock, viewer("MW"), OWN_REPORTS, JUNE)

    assert [team.unit_id == OWN_REPORTS for team in found] == [False, True]
    assert names(view) == ["E1"]


@pytest.mark.parametrize("who", ["W1", "ADM"])
def test_those_who_lead_nobody_have_no_team(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look, who: str
) -> None:
    load(sells(company(), "W1", 0, 0, 900))
    lock("2026-06")

    with pytest.raises(NotAllowed, match="You lead no unit"):
        look(database, clock, viewer, who)
    with pytest.raises(NotAllowed, match="You may not see the team of Acme/West"):
        look(database, clock, viewer, who, WEST)
    with database.reading() as session:
        assert teams_in_sight(session, viewer(who), JUNE) == ()


def test_a_manager_sees_no_other_unit_and_nothing_above(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 0, 0, 900))
    lock("2026-06")

    for unit in ("Acme", "Acme/East"):
        with pytest.raises(NotAllowed):
            look(database, clock, viewer, "MW", unit)
    with database.reading() as session:
        assert [one.path for one in teams_in_sight(session, viewer("MW"), JUNE)] == [WEST, TEAM_1]


def test_a_unit_that_nobody_knows_is_refused(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(company())
    with database.reading() as session, pytest.raises(NotFound, match="not there any more"):
        team_view(session, clock, viewer("MW"), 999, JUNE)


def test_who_moved_away_is_seen_where_they_were_and_brings_no_misses_along(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given somebody who missed April and May in West and June in East
    folder = sells(company(), "W1", 700, 700, 700)
    load(folder.transfer("W1", "2026-06-01", unit="Acme/East", manager_id="ME"))
    lock("2026-04", "2026-05", "2026-06")

    before = look(database, clock, viewer, "MW", period=MAY)
    after = look(database, clock, viewer, "ME", period=JUNE)
    whole = look(database, clock, viewer, "BOSS", period=JUNE)

    # then each manager sees the months of the own time alone; who is above both sees them all
    assert names(before) == ["W1"]
    with pytest.raises(NotFound):
        look(database, clock, viewer, "MW", period=JUNE)
    assert after.at_risk[0].reasons == (MissedInARow((JUNE,), frozenset()),)
    assert whole.at_risk[0].reasons == (MissedInARow((APRIL, MAY, JUNE), frozenset()),)
    assert after.movers is None


def test_a_transfer_that_was_entered_late_takes_the_card_out_of_sight(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given a locked card of West, of somebody who turns out to have been in East
    folder = sells(sells(company(), "W1", 0, 0, 900), "W2", 0, 0, 900)
    load(folder)
    lock("2026-06")
    load(folder.transfer("W1", "2026-06-01", unit="Acme/East", manager_id="ME"))

    assert names(look(database, clock, viewer, "MW", period=JUNE)) == ["W2"]
    with pytest.raises(NotFound):
        look(database, clock, viewer, "ME", period=JUNE)


def test_hr_begins_with_the_whole_company(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 0, 0, 900))
    lock("2026-06")

    assert look(database, clock, viewer, "HR").team.path == "Acme"
