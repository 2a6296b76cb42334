"""Restated cards are settled: in both teams, in each currency, and where there was no card at the lock."""

from pathlib import Path

import pytest

from domain.access import CommandLine
from domain.closing.restating import restate
from domain.database import Database
from domain.people.service import person_by_employee_id
from domain.periods import Period
from tests.domain.ledgers import Ledgers, paying_plan
from tests.domain.pay_builders import BANDS

PEOPLE = ("E1", "E2", "E3")


@pytest.fixture
def acme(database: Database, tmp_path: Path) -> Ledgers:
    """Three people, of whom 1000 a month is expected."""
    ledgers = Ledgers(database, tmp_path / "acme")
    ledgers.files.people(PEOPLE).plan(paying_plan())
    for employee_id in PEOPLE:
        for month in range(1, 13):
            ledgers.files.target(employee_id, "sales", f"2026-{month:02}", 1000)
    return ledgers


def sell(acme: Ledgers, day: str, value: int, employee_id: str = "E1", **columns: str) -> None:
    acme.files.measure(employee_id, "won_amount", day, value, **columns)


def restated(acme: Ledgers, employee_id: str = "E1", month: str = "2026-01") -> None:
    with acme.database.reading() as session:
        person = person_by_employee_id(session, employee_id)
    by = CommandLine("cli:test")
    restate(acme.database, acme.clock, by, person.id, Period.parse(month), "It was wrong.")


POOL = (
    '[incentives.pool]\nindicator = "sales"\namount = 10\nsteps = [[0.5, 0.5], [1, 1]]\nby = "attainment"\n'
)


class TestPools:
    @pytest.fixture
    def teams(self, acme: Ledgers) -> Ledgers:
        """E1, E2 and E5 in the West, E3 and E4 in the East; each sells what was expected."""
        acme.files.plan(paying_plan(POOL)).tables["people"].clear()
        for employee_id in ("E1", "E2", "E5"):
            acme.files.person(employee_id, unit="Acme/West")
        for employee_id in ("E3", "E4"):
            acme.files.person(employee_id, unit="Acme/East")
        for employee_id in ("E4", "E5"):
            acme.files.target(employee_id, "sales", "2026-01", 1000)
        for employee_id, sold in {"E1": 1000, "E2": 1000, "E3": 1000, "E4": 1000, "E5": 4000}.items():
            sell(acme, "2026-01-05", sold, employee_id)
        return acme

    def paid(self, acme: Ledgers) -> list[int]:
        """January's pool of E1 to E5, whatever of it is carried."""
        return [
            sum(line.amount for line in acme.lines(f"E{number}") if line.part == "pool")
            for number in range(1, 6)
        ]

    def test_who_turns_out_to_be_of_another_team_moves_both_pools(self, teams: Ledgers) -> None:
        # given: 30.00 by 1 : 1 : 4, and 20.00 by 1 : 1
        teams.lock("2026-01")
        assert self.paid(teams) == [500, 500, 1000, 1000, 2000]
        # when: E5 was of the East in January
        teams.on("2026-02-10")
        teams.files.transfer("E5", "2026-01-01", unit="Acme/East")
        teams.hand_in()
        restated(teams, "E5")
        teams.lock("2026-02")
        # then: 20.00 by 1 : 1, and 30.00 by 1 : 1 : 4
        assert self.paid(teams) == [1000, 1000, 500, 500, 2000]

    def test_a_former_team_member_keeps_the_share_of_the_team_that_counts(self, teams: Ledgers) -> None:
        # given: E5 is of the East by a restated card
        teams.lock("2026-01")
        teams.on("2026-02-10")
        teams.files.transfer("E5", "2026-01-01", unit="Acme/East")
        teams.hand_in()
        restated(teams, "E5")
        teams.lock("2026-02")
        before = self.paid(teams)
        # when: something comes late for the West alone
        teams.on("2026-03-10")
        sell(teams, "2026-01-06", 1000, "E1")
        teams.hand_in()
        teams.lock("2026-03")
        # then: 20.00 by 2 : 1
        assert self.paid(teams)[2:] == before[2:]
        assert self.paid(teams)[0] == 1333


def test_under_a_plan_of_another_currency_the_first_goes_back_and_the_second_is_paid(acme: Ledgers) -> None:
    # given: paid in yuan, and it turns out that E1 had moved to Tokyo
    acme.files.plan(paying_plan(), "plans/reps.toml").plan(
        paying_plan(name="tokyo", family="tokyo", currency="JPY"), "plans/tokyo.toml"
    )
    del acme.files.texts["plan.toml"]
    sell(acme, "2026-01-05", 900)
    acme.lock("2026-01")
    # when: the rest of the yuan is earned in February by what E1 is still paid in them
    acme.on("2026-02-10")
    acme.files.transfer("E1", "2026-01-10", job_family="tokyo")
    acme.files.transfer("E1", "2026-02-01", job_family="sales")
    sell(acme, "2026-02-05", 800)
    acme.hand_in()
    restated(acme)
    acme.lock("2026-02")
    # then
    booked = [(line.currency, line.part, line.name, line.amount) for line in acme.lines()]
    assert booked[:2] == [("CNY", "band", "1", 800), ("CNY", "band", "2", 200)]
    assert sorted(booked[2:]) == [
        ("CNY", "band", "1", -800),
        ("CNY", "band", "1", 800),
        ("CNY", "band", "2", -200),
        ("CNY", "carried", "", 200),
        ("JPY", "band", "1", 8),
        ("JPY", "band", "2", 2),
    ]


def test_who_had_no_card_at_the_lock_is_paid_by_one_made_later(acme: Ledgers) -> None:
    # given: E4 was forgotten
    acme.files.plan(paying_plan(BANDS, POOL))
    sell(acme, "2026-01-05", 1000)
    acme.lock("2026-01")
    acme.on("2026-02-10")
    acme.files.person("E4").target("E4", "sales", "2026-01", 1000)
    sell(acme, "2026-01-06", 2000, "E4")
    acme.hand_in()
    # when
    restated(acme, "E4")
    acme.lock("2026-02")
    # then: 40.00 of a pool of four at 3000 of 4000, of which half is given
    assert acme.booked("2026-02", "E4") == {
        "2026-01 band 1": 800,
        "2026-01 band 2": 400,
        "2026-01 band 3": 3000,
        "2026-01 pool": 1333,
    }
