"""Who sees what somebody is paid: the person and HR, managers only where the company says so."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from domain import access
from domain.access import Viewer
from domain.database import Database
from domain.errors import NotAllowed
from domain.people.model import Company, Role
from domain.people.service import person_by_employee_id
from domain.periods import Period
from tests.domain.conftest import Load, Look
from tests.domain.test_access import MARCH, MAY, company

EVERYBODY = ("HR", "HRW", "HRX", "ADM", "BOSS", "MW", "ME", "MX", "RITA", "RUTH", "EMIL")


@pytest.fixture
def acme(database: Database, load: Load) -> Database:
    load(company())
    return database


def may_see(database: Database, viewer: Viewer, whose: str, period: Period) -> bool:
    with database.reading() as session:
        person = person_by_employee_id(session, whose)
        try:
            access.require_pay(session, viewer, person.id, period)
        except NotAllowed:
            return False
    return True


def set_policy(database: Database, **policies: Any) -> None:
    with database.writing() as session:
        session.execute(sa.update(Company).values(policies=policies))


def test_nobody_sees_pay_but_the_person_and_hr_that_sees_the_card(acme: Database, viewer: Look) -> None:
    """Everybody against everybody, in two months, under both policies."""
    viewers = {who: viewer(who) for who in EVERYBODY}
    for managers_see_pay in (False, True):
        set_policy(acme, managers_see_pay=managers_see_pay)
        for who, asking in viewers.items():
            for whose in EVERYBODY:
                for period in (MARCH, MAY):
                    with acme.reading() as session:
                        person = person_by_employee_id(session, whose)
                        sees_card = access.may_see_card(session, asking, person.id, period)
                    may = may_see(acme, asking, whose, period)
                    role_allows = asking.role is Role.HR or (managers_see_pay and asking.role is Role.MANAGER)
                    assert may is (who == whose or (role_allows and sees_card)), (who, whose, period)


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("HR", "EMIL", True),
        ("HR", "HR", False),
        ("HRW", "RITA", True),
        ("HRW", "EMIL", False),
        ("BOSS", "EMIL", False),
        ("ADM", "EMIL", False),
        ("EMIL", "EMIL", False),
    ],
)
def test_who_decides_about_pay(acme: Database, viewer: Look, who: str, whose: str, may: bool) -> None:
    set_policy(acme, managers_see_pay=True)
    asking = viewer(who)
    with acme.reading() as session:
        person = person_by_employee_id(session, whose)
        if may:
            access.require_pay_setting(session, asking, person.id, MARCH)
        else:
            with pytest.raises(NotAllowed):
                access.require_pay_setting(session, asking, person.id, MARCH)


def test_who_has_left_sees_the_own_pay_alone(acme: Database, viewer: Look) -> None:
    gone = replace(viewer("HR"), employed=False)
    assert may_see(acme, gone, "HR", MARCH)
    assert not may_see(acme, gone, "EMIL", MARCH)
