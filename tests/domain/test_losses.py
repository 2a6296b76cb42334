"""Compensation for losses (R13), month after month: never more than a fifth of what the month pays."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.access import CommandLine
from domain.database import Database
from domain.incentives.rules_terms import TermKind
from domain.incentives.terms import set_term
from domain.people.service import person_by_employee_id
from domain.rows import ImportRefused
from tests.domain.ledgers import Ledgers, paying_plan
from tests.domain.pay_builders import BANDS

OVERDUE = (
    '[[incentives.clawbacks]]\nname = "overdue"\nmeasure = "overdue_amount"\nwithin_months = 6\nloss = true\n'
)
DAMAGE = '[[incentives.deductions]]\nname = "damage"\nmeasure = "violations"\namount = 50\nloss = true\n'
A_FIFTH = 2840
"""Of a wage of 100.00 and 42.00 of variable pay, which a month of 2000 sold pays."""


@pytest.fixture
def acme(database: Database, tmp_path: Path) -> Ledgers:
    """E1, of whom 1000 a month is expected, with a wage of 100, of which 60 is the least."""
    ledgers = Ledgers(database, tmp_path / "acme")
    ledgers.files.person("E1").plan(paying_plan(BANDS, OVERDUE, DAMAGE))
    ledgers.files.company("[policies]\nminimum_wage = 60\n")
    for month in range(1, 13):
        ledgers.files.target("E1", "sales", f"2026-{month:02}", 1000)
    ledgers.hand_in()
    with database.writing() as session:
        person = person_by_employee_id(session, "E1")
        by, day = CommandLine("cli:test"), date(2026, 1, 1)
        set_term(session, ledgers.clock, by, person.id, TermKind.WAGE, Decimal(100), day, "contract")
    return ledgers


def sell(acme: Ledgers, day: str, value: int, **columns: str) -> None:
    acme.files.measure("E1", "won_amount", day, value, **columns)


def damage(acme: Ledgers, day: str) -> None:
    """Of 50.00."""
    acme.files.measure("E1", "violations", day, 1)


def taken_for_losses(acme: Ledgers, month: str) -> int:
    """In a month's payroll."""
    return -sum(
        line.amount
        for line in acme.lines()
        if line.booked == month and line.part in ("clawback", "deduction")
    )


def test_what_a_month_has_no_room_for_is_not_carried_past_the_limit(acme: Ledgers) -> None:
    # given: in March January's pay turns out to be too much, and February's sale is overdue
    sell(acme, "2026-01-05", 2000)
    for month in ("02", "03", "04"):
        sell(acme, f"2026-{month}-05", 2000, customer_id=f"c{month}")
    acme.lock("2026-01", "2026-02")
    acme.on("2026-03-10")
    sell(acme, "2026-01-20", -2000)
    acme.hand_in()
    for month in ("03", "04"):
        acme.files.measure("E1", "overdue_amount", f"2026-{month}-28", 2000, customer_id="c02")
    # when
    acme.lock("2026-03", "2026-04")
    # then: March's pay goes to January's, and April takes its fifth, no more
    assert acme.booked("2026-03")["2026-01 band 3"] == -3000
    assert taken_for_losses(acme, "2026-03") == 0
    assert taken_for_losses(acme, "2026-04") == A_FIFTH
    assert not [line for line in acme.lines() if (line.earned, line.part) == ("2026-02", "carried")]


def test_a_loss_of_an_earlier_month_counts_with_those_of_the_month_it_is_taken_in(acme: Ledgers) -> None:
    # given: damage in both months, January's known in February
    sell(acme, "2026-01-05", 2000)
    sell(acme, "2026-02-05", 2000)
    damage(acme, "2026-02-06")
    acme.lock("2026-01")
    acme.on("2026-02-10")
    damage(acme, "2026-01-20")
    acme.hand_in()
    # when
    acme.lock("2026-02")
    # then
    assert taken_for_losses(acme, "2026-02") == A_FIFTH
    assert "2026-01 carried" not in acme.booked("2026-02")


@pytest.mark.parametrize(
    "policy", ["minimum_wage = 60", "minimum_wage = { 2020-01 = 60, 2026-02 = 130 }"], ids=["one", "by month"]
)
def test_a_month_is_judged_by_the_minimum_wage_in_force_in_it(acme: Ledgers, policy: str) -> None:
    # given
    acme.files.company(f"[policies]\n{policy}\n")
    sell(acme, "2026-01-05", 2000)
    damage(acme, "2026-01-06")
    sell(acme, "2026-02-05", 2000)
    damage(acme, "2026-02-06")
    acme.lock("2026-01")
    assert taken_for_losses(acme, "2026-01") == A_FIFTH
    # when: it is raised, and 100 of January come late
    if "{" not in policy:
        acme.files.company("[policies]\nminimum_wage = 130\n")
    acme.on("2026-02-10")
    sell(acme, "2026-01-20", 100)
    acme.hand_in()
    acme.lock("2026-02")
    # then: a fifth of 3.00 more would be taken of January; of February's 142.00 all but 130.00
    assert acme.booked("2026-02")["2026-02 deduction damage"] == -1200
    assert acme.booked("2026-02").get("2026-01 deduction damage") == -60


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("minimum_wage = -1", "must be 0 or more"),
        ('minimum_wage = { "July 2026" = 2740 }', "no month: write the first one, like 2026-07 = 2740"),
        ("minimum_wage = { 2026-07 = -1 }", "must be 0 or more"),
    ],
)
def test_a_minimum_wage_that_cannot_be_is_refused(acme: Ledgers, written: str, sentence: str) -> None:
    acme.files.company(f"[policies]\n{written}\n")
    with pytest.raises(ImportRefused, match=sentence):
        acme.hand_in()
