"""Who may see what: decided in one place, as of the period."""

from dataclasses import replace

import pytest

from domain import access
from domain.access import RankingRight
from domain.database import Database
from domain.errors import NotAllowed
from domain.people import service as people
from domain.people.model import Role
from domain.periods import Period
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look

MARCH, MAY = Period.parse("2026-03"), Period.parse("2026-05")


def company() -> CompanyFolder:
    """Two regions; Rita moves from West to East on 15 April; Leo has left."""
    return (
        CompanyFolder()
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .person("HRW", role="hr", job_family="hr", unit="Acme")
        .person("HRX", role="hr", job_family="hr", unit="")
        .person("ADM", role="admin", job_family="it", unit="Acme")
        .person("BOSS", role="manager", job_family="management", unit="Acme")
        .person("MW", role="manager", job_family="management", unit="Acme/West", manager_id="BOSS")
        .person("ME", role="manager", job_family="management", unit="Acme/East", manager_id="BOSS")
        .person("MX", role="manager", job_family="management", unit="Acme/East", left_on="2026-05-31")
        .person("RITA", unit="Acme/West/Team 1", manager_id="MW")
        .person("RUTH", unit="Acme/West/Team 1", manager_id="MW")
        .person("EMIL", unit="Acme/East", manager_id="ME")
        .transfer("RITA", "2026-04-15", unit="Acme/East", manager_id="ME")
        .unit("Acme", manager_id="BOSS")
        .unit("Acme/West", manager_id="MW", hr_id="HRW")
        .unit("Acme/East", manager_id="ME")
        .plan()
    )


@pytest.mark.parametrize(
    ("who", "whose", "period", "may"),
    [
        ("RITA", "RITA", MARCH, True),
        ("RITA", "RUTH", MARCH, False),
        ("MW", "RITA", MARCH, True),
        ("MW", "RITA", MAY, False),
        ("ME", "RITA", MARCH, False),
        ("ME", "RITA", MAY, True),
        ("MW", "MW", MARCH, True),
        ("MW", "BOSS", MARCH, False),
        ("BOSS", "RITA", MARCH, True),
        ("BOSS", "EMIL", MAY, True),
        ("MX", "EMIL", MARCH, False),
        ("HRW", "RITA", MARCH, True),
        ("HRW", "RITA", MAY, False),
        ("HR", "EMIL", MAY, True),
        ("HRX", "EMIL", MAY, True),
        ("HR", "HRX", MAY, False),
        ("ADM", "RITA", MARCH, False),
    ],
)
def test_whose_card_is_seen_by_whom(
    database: Database, load: Load, viewer: Look, who: str, whose: str, period: Period, may: bool
) -> None:
    load(company())

    with database.reading() as session:
        person_id = people.person_by_employee_id(session, whose).id
        seen = access.may_see_card(session, viewer(who), person_id, period)
        in_sight = access.people_in_sight(session, viewer(who), period)

    assert seen is may
    assert (person_id in in_sight) is may


@pytest.mark.parametrize(
    ("who", "unit", "right"),
    [
        ("RUTH", "Acme/West/Team 1", RankingRight.MEMBER),
        ("RUTH", "Acme", RankingRight.MEMBER),
        ("RUTH", "Acme/East", None),
        ("MW", "Acme/West/Team 1", RankingRight.ALL),
        ("MW", "Acme", RankingRight.MEMBER),
        ("MW", "Acme/East", None),
        ("BOSS", "Acme/East", RankingRight.ALL),
        ("HRW", "Acme/West", RankingRight.ALL),
        ("HRX", "Acme", RankingRight.ALL),
    ],
)
def test_how_much_of_a_ranking_is_seen_by_whom(
    database: Database, load: Load, viewer: Look, who: str, unit: str, right: RankingRight | None
) -> None:
    load(company())

    with database.reading() as session:
        found = people.unit_tree(session).find(unit)
        assert found is not None
        if right is None:
            with pytest.raises(NotAllowed, match=unit):
                access.ranking_right(session, viewer(who), found.id, MAY)
        else:
            assert access.ranking_right(session, viewer(who), found.id, MAY) is right


def test_administrators_and_people_who_left_hear_why_they_see_no_ranking(
    database: Database, load: Load, viewer: Look
) -> None:
    load(company())
    with database.reading() as session:
        east = people.unit_tree(session).find("Acme/East")
        assert east is not None
        with pytest.raises(NotAllowed, match="Administrators run Pacesetter"):
            access.ranking_right(session, viewer("ADM"), east.id, MAY)
        with pytest.raises(NotAllowed, match="People who have left"):
            access.ranking_right(session, viewer("MX"), east.id, MAY)


def test_a_demoted_manager_oversees_nobody(database: Database, load: Load, viewer: Look) -> None:
    load(company())
    mw = viewer("MW")
    demoted = replace(mw, role=Role.REP)

    with database.reading() as session:
        assert access.people_in_sight(session, demoted, MARCH) == {mw.person_id}
