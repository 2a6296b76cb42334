"""What later refunds and overdue amounts take back: of what is still paid, however it was paid, and once."""

from pathlib import Path

import pytest

from domain.access import CommandLine
from domain.closing.restating import restate
from domain.database import Database
from domain.people.service import person_by_employee_id
from domain.periods import Period
from tests.domain.ledgers import Ledgers, paying_plan
from tests.domain.pay_builders import BANDS

REFUNDS = '[[incentives.clawbacks]]\nname = "refund"\nmeasure = "refunded_amount"\nwithin_months = 6\n'
OVERDUE = '[[incentives.clawbacks]]\nname = "overdue"\nmeasure = "overdue_amount"\nwithin_months = 6\n'
SIGNED = "signed_amount"


@pytest.fixture
def acme(database: Database, tmp_path: Path) -> Ledgers:
    """E1 and E2, of whom 1000 a month is expected; from February on E1 sells 2000 a month for 42.00."""
    ledgers = Ledgers(database, tmp_path / "acme")
    ledgers.files.people(["E1", "E2"]).plan(paying_plan(BANDS, REFUNDS, OVERDUE))
    for employee_id in ("E1", "E2"):
        for month in range(1, 13):
            ledgers.files.target(employee_id, "sales", f"2026-{month:02}", 1000)
    for month in range(2, 13):
        sell(ledgers, f"2026-{month:02}-05", 2000)
    return ledgers


def sell(acme: Ledgers, day: str, value: int, employee_id: str = "E1", **columns: str) -> None:
    acme.files.measure(employee_id, "won_amount", day, value, **columns)


def refund(acme: Ledgers, day: str, value: int, customer: str, employee_id: str = "E1") -> None:
    acme.files.measure(employee_id, "refunded_amount", day, value, customer_id=customer)


def overdue(acme: Ledgers, day: str, value: int, customer: str = "c1") -> None:
    acme.files.measure("E1", "overdue_amount", day, value, customer_id=customer)


def of_january(acme: Ledgers, employee_id: str = "E1") -> int:
    """What January has come to by now."""
    return sum(line.amount for line in acme.lines(employee_id) if line.earned == "2026-01")


def taken(acme: Ledgers, month: str, employee_id: str = "E1") -> int | None:
    """Of January, in a month's payroll."""
    return next(
        (line.amount for line in acme.lines(employee_id) if (line.booked, line.part) == (month, "clawback")),
        None,
    )


def cover(acme: Ledgers, measure: str, last: str) -> None:
    row = next(row for row in acme.files.tables["coverage"] if row["measure"] == measure)
    row["to"] = last


def restate_january(acme: Ledgers, employee_id: str = "E1") -> None:
    with acme.database.reading() as session:
        person = person_by_employee_id(session, employee_id)
    restate(acme.database, acme.clock, CommandLine("cli:test"), person.id, Period.parse("2026-01"), "wrong")


@pytest.mark.parametrize("refunded", ["2026-02-12", "2026-03-12"])
def test_what_was_reversed_already_is_not_taken_back_again(acme: Ledgers, refunded: str) -> None:
    # given: January paid 10.00, and in February it turns out that its sale was none
    sell(acme, "2026-01-05", 900, customer_id="c1")
    acme.lock("2026-01")
    acme.on("2026-02-10")
    sell(acme, "2026-01-20", -900)
    acme.hand_in()
    # when: the customer gets the money back, in the same month or in a later one
    refund(acme, refunded, 900, "c1")
    acme.lock("2026-02", "2026-03")
    # then
    assert of_january(acme) == 0
    assert (taken(acme, "2026-02"), taken(acme, "2026-03")) == (None, None)


def test_no_more_is_taken_back_than_is_still_paid(acme: Ledgers) -> None:
    # given: 10.00 for 900, of which 400 go back without a customer's name: 5.00 are left
    sell(acme, "2026-01-05", 900, customer_id="c1")
    acme.lock("2026-01")
    acme.on("2026-02-10")
    sell(acme, "2026-01-20", -400)
    acme.hand_in()
    refund(acme, "2026-02-12", 500, "c1")
    overdue(acme, "2026-02-28", 400)
    # when: by the rate of then 5.56 for the refund and 4.44 for what is overdue
    acme.lock("2026-02")
    # then: by the first of the plan's rules
    assert taken(acme, "2026-02") == -500
    assert acme.line("2026-02: 2026-01 clawback refund").facts["still_paid"] == 500
    assert of_january(acme) == 0


def test_what_the_law_blocks_keeps_no_other_rule_from_taking(database: Database, tmp_path: Path) -> None:
    # given: losses come first in the plan, no wage is known, and half of January is reversed
    acme = Ledgers(database, tmp_path / "acme")
    acme.files.people(["E1"]).plan(paying_plan(BANDS, f"{OVERDUE}loss = true\n", REFUNDS))
    for month in (1, 2):
        acme.files.target("E1", "sales", f"2026-{month:02}", 1000)
    sell(acme, "2026-01-05", 900, customer_id="c1")
    sell(acme, "2026-02-05", 2000)
    acme.lock("2026-01")
    overdue(acme, "2026-02-28", 900)
    refund(acme, "2026-02-12", 500, "c1")
    # when
    acme.lock("2026-02")
    # then
    assert acme.line("2026-02: 2026-01 clawback refund").amount < 0


def test_what_was_taken_back_comes_again_once_the_commission_is_reversed(acme: Ledgers) -> None:
    # given: a refund has taken all of January's 10.00
    sell(acme, "2026-01-05", 900, customer_id="c1")
    refund(acme, "2026-02-12", 900, "c1")
    acme.lock("2026-01", "2026-02")
    assert of_january(acme) == 0
    # when: long after the plan's months the sale itself is corrected
    acme.lock("2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
    acme.on("2026-10-10")
    sell(acme, "2026-01-20", -900)
    acme.hand_in()
    acme.lock("2026-10")
    # then
    assert of_january(acme) == 0
    assert taken(acme, "2026-10") == 1000


def test_commission_of_a_card_restated_to_be_complete_is_taken_back(acme: Ledgers) -> None:
    # given: January was not wholly reported when it was locked, and is paid in February
    sell(acme, "2026-01-05", 900, customer_id="c1")
    cover(acme, "won_amount", "2026-01-30")
    acme.lock("2026-01")
    assert of_january(acme) == 0
    cover(acme, "won_amount", "2026-12-31")
    acme.on("2026-02-10")
    acme.hand_in()
    restate_january(acme)
    acme.lock("2026-02")
    assert of_january(acme) == 1000
    # when
    refund(acme, "2026-03-12", 450, "c1")
    acme.lock("2026-03")
    # then
    assert taken(acme, "2026-03") == -500


def test_commission_that_came_late_is_taken_back_in_the_same_payroll(acme: Ledgers) -> None:
    # given
    acme.lock("2026-01")
    acme.on("2026-02-10")
    sell(acme, "2026-01-20", 800, customer_id="c1")
    acme.hand_in()
    # when
    refund(acme, "2026-02-12", 200, "c1")
    acme.lock("2026-02")
    # then: 1 % of it
    assert acme.booked("2026-02")["2026-01 band 1"] == 800
    assert taken(acme, "2026-02") == -200
    assert acme.accrue("2026-02") == 0


def test_a_sale_that_another_one_was_credited_with_is_taken_back_from_that_one(acme: Ledgers) -> None:
    # given: the record names E1, all of its money is E2's
    sell(acme, "2026-01-05", 900, customer_id="c1", record_id="shared")
    acme.files.row("credits", record_id="shared", employee_id="E2", share="1")
    for month in ("02", "03"):
        sell(acme, f"2026-{month}-05", 2000, "E2")
    refund(acme, "2026-02-12", 450, "c1")
    # when
    acme.lock("2026-01", "2026-02")
    # then
    assert taken(acme, "2026-02", "E2") == -500
    assert taken(acme, "2026-02") is None


def test_a_sale_is_taken_back_only_from_those_whom_it_was_paid_to(database: Database, tmp_path: Path) -> None:
    # given: E1 and E2 share a sale, and E2 is paid by what is signed
    acme = Ledgers(database, tmp_path / "other")
    acme.files.person("E1").person("E2", job_family="presales").covered(SIGNED, "2026-01-01", "2026-12-31")
    presales = paying_plan(BANDS, REFUNDS, name="presales", family="presales")
    acme.files.plan(paying_plan(BANDS, REFUNDS))
    acme.files.plan(presales.replace("won_amount", SIGNED), "plans/presales.toml")
    for month in ("01", "02"):
        for employee_id in ("E1", "E2"):
            acme.files.target(employee_id, "sales", f"2026-{month}", 1000)
        acme.files.measure("E2", SIGNED, f"2026-{month}-06", 800)
    sell(acme, "2026-01-05", 800, customer_id="c1", record_id="shared")
    for employee_id in ("E1", "E2"):
        acme.files.row("credits", record_id="shared", employee_id=employee_id, share="0.5")
    sell(acme, "2026-02-05", 800)
    # when
    refund(acme, "2026-02-12", 800, "c1")
    acme.lock("2026-01", "2026-02")
    # then: each has what was paid for January, E1 no more
    assert (of_january(acme), of_january(acme, "E2")) == (0, 800)
    assert taken(acme, "2026-02", "E2") is None


def test_a_balance_that_is_not_reported_gives_nothing_back(acme: Ledgers) -> None:
    # given
    sell(acme, "2026-01-05", 900, customer_id="c1")
    overdue(acme, "2026-02-28", 900)
    acme.lock("2026-01", "2026-02")
    assert taken(acme, "2026-02") == -1000
    # when: of March nothing is known
    cover(acme, "overdue_amount", "2026-02-28")
    acme.lock("2026-03")
    # then: it stays; April says that nothing is overdue any more
    assert taken(acme, "2026-03") is None
    cover(acme, "overdue_amount", "2026-12-31")
    acme.lock("2026-04")
    assert taken(acme, "2026-04") == 1000


def test_a_balance_counts_as_its_latest_day_says(acme: Ledgers) -> None:
    # given
    sell(acme, "2026-01-05", 900, customer_id="c1")
    overdue(acme, "2026-02-10", 900)
    # when: by the month's end all is paid
    overdue(acme, "2026-02-28", 0)
    acme.lock("2026-01", "2026-02")
    # then
    assert taken(acme, "2026-02") is None


def test_commission_is_taken_back_in_the_currency_it_was_paid_in(acme: Ledgers) -> None:
    # given: the plan pays in the company's currency, which changes
    plan = paying_plan(BANDS, REFUNDS).replace('currency = "CNY"', "")
    acme.files.plan(plan).company('currency = "JPY"')
    sell(acme, "2026-01-05", 900, customer_id="c1")
    sell(acme, "2026-02-06", 2000)
    acme.lock("2026-01")
    acme.files.company('currency = "KWD"')
    # when
    refund(acme, "2026-02-12", 900, "c1")
    acme.lock("2026-02")
    # then
    currencies = {line.currency for line in acme.lines() if line.earned == "2026-01"}
    assert currencies == {"JPY"}
