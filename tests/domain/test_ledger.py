"""The ledger over months: what locked months pay, what comes late, what is taken back and what is not."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.access import CommandLine
from domain.closing.restating import restate
from domain.database import Database
from domain.errors import BadInput
from domain.incentives.model import LedgerLine
from domain.incentives.rules_terms import TermKind
from domain.incentives.service import accrue
from domain.incentives.terms import set_term
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.rows import ImportRefused
from tests.domain.ledgers import Ledgers, paying_plan
from tests.domain.pay_builders import BANDS

REFUNDS = '[[incentives.clawbacks]]\nname = "refund"\nmeasure = "refunded_amount"\nwithin_months = 6\n'
OVERDUE = '[[incentives.clawbacks]]\nname = "overdue"\nmeasure = "overdue_amount"\nwithin_months = 6\n'


@pytest.fixture
def acme(database: Database, tmp_path: Path) -> Ledgers:
    """E1 and E2, of whom 1000 a month is expected."""
    ledgers = Ledgers(database, tmp_path / "acme")
    ledgers.files.people(["E1", "E2"]).plan(paying_plan())
    for employee_id in ("E1", "E2"):
        for month in range(1, 13):
            ledgers.files.target(employee_id, "sales", f"2026-{month:02}", 1000)
    return ledgers


def sell(acme: Ledgers, day: str, value: int, employee_id: str = "E1", **columns: str) -> None:
    acme.files.measure(employee_id, "won_amount", day, value, **columns)


def test_a_locked_month_pays_once(acme: Ledgers) -> None:
    # given
    sell(acme, "2026-01-05", 1200)
    # when
    acme.lock("2026-01")
    # then
    assert acme.booked("2026-01") == {
        "2026-01 band 1": 800,
        "2026-01 band 2": 400,
        "2026-01 band 3": 600,
    }
    assert acme.booked("2026-01", "E2") == {}
    assert acme.accrue("2026-01") == 0
    line = acme.line("2026-01: 2026-01 band 3")
    assert (line.rate, line.kind, line.facts["amount"]) == ("0.03", "accrual", "200")


def test_only_locked_months_pay(acme: Ledgers) -> None:
    acme.hand_in()
    with acme.database.writing() as session, pytest.raises(BadInput, match="only locked months pay"):
        accrue(session, acme.clock, Period.parse("2026-01"))


@pytest.mark.parametrize("act", ["UPDATE ledger SET amount = 1", "DELETE FROM ledger"])
def test_the_database_refuses_to_change_a_line(acme: Ledgers, act: str) -> None:
    # given
    sell(acme, "2026-01-05", 1200)
    acme.lock("2026-01")
    before = acme.balance()
    # when, then
    with (
        pytest.raises(sa.exc.DatabaseError, match="never changed or deleted"),
        acme.database.writing() as session,
    ):
        session.execute(sa.text(act))
    assert acme.balance() == before


def test_a_late_sale_is_paid_in_the_open_month_at_the_rates_of_its_own(acme: Ledgers) -> None:
    # given: January's plan pays 1, 2 and 3 %; February's twice as much
    sell(acme, "2026-01-05", 900)
    acme.lock("2026-01")
    doubled = BANDS.replace("0.01", "0.02").replace("0.02\n[[", "0.04\n[[").replace("0.03", "0.06")
    acme.files.plan(paying_plan(doubled).replace("2026-01", "2026-02"), "plans/february.toml")
    # when
    acme.on("2026-02-10")
    sell(acme, "2026-01-20", 300)
    acme.hand_in()
    acme.lock("2026-02")
    # then
    assert acme.booked("2026-01") == {"2026-01 band 1": 800, "2026-01 band 2": 200}
    assert acme.booked("2026-02") == {"2026-01 band 2": 200, "2026-01 band 3": 600}
    late = acme.line("2026-02: 2026-01 band 3")
    assert (late.kind, late.rate, late.facts["amount"]) == ("adjustment", "0.03", "200")
    assert acme.accrue("2026-02") == 0


def test_a_refund_larger_than_the_month_takes_no_more_than_the_month_paid(acme: Ledgers) -> None:
    # given
    sell(acme, "2026-01-05", 900)
    acme.lock("2026-01")
    # when: 2000 of January go back, and February sells
    acme.on("2026-02-10")
    sell(acme, "2026-01-20", -2000)
    sell(acme, "2026-02-11", 1000)
    acme.hand_in()
    acme.lock("2026-02")
    # then
    assert acme.booked("2026-02") == {
        "2026-02 band 1": 800,
        "2026-02 band 2": 400,
        "2026-01 band 1": -800,
        "2026-01 band 2": -200,
    }
    back = acme.line("2026-02: 2026-01 band 1")
    assert (back.kind, back.reverses_id) == ("reversal", acme.lines()[0].id)
    assert acme.balance() == 1200


def test_negative_net_sales_of_a_month_pay_nothing(acme: Ledgers) -> None:
    sell(acme, "2026-01-05", 100)
    sell(acme, "2026-01-06", -900)
    acme.lock("2026-01")
    assert acme.booked("2026-01") == {}


def test_what_is_not_yet_earned_bounds_what_is_taken_and_the_rest_waits(acme: Ledgers) -> None:
    # given: January paid 10.00
    sell(acme, "2026-01-05", 900, record_id="big")
    acme.lock("2026-01")
    acme.on("2026-02-10")
    acme.files.tables["measures"][0]["value"] = "0"
    sell(acme, "2026-02-11", 300)
    acme.hand_in()
    # when: February earns 3.00
    acme.lock("2026-02")
    # then
    assert acme.booked("2026-02") == {
        "2026-02 band 1": 300,
        "2026-01 band 1": -800,
        "2026-01 band 2": -200,
        "2026-01 carried": 700,
    }
    # and: March earns nothing, April 20.00
    acme.lock("2026-03")
    assert acme.booked("2026-03") == {}
    sell(acme, "2026-04-05", 1400)
    acme.lock("2026-04")
    assert acme.booked("2026-04")["2026-01 carried"] == -700
    assert acme.balance() == 300 + 2400


def test_a_restated_card_is_settled(acme: Ledgers) -> None:
    # given: a target that was wrong
    sell(acme, "2026-01-05", 1000)
    acme.lock("2026-01")
    acme.on("2026-02-10")
    acme.files.tables["targets"][0]["amount"] = "800"
    acme.hand_in()
    with acme.database.reading() as session:
        person = person_by_employee_id(session, "E1")
    # when
    restate(acme.database, acme.clock, CommandLine("cli:test"), person.id, Period.parse("2026-01"), "wrong")
    acme.lock("2026-02")
    # then: 640 at 1 %, 160 at 2 %, 200 at 3 %
    assert acme.booked("2026-02") == {
        "2026-01 band 1": -160,
        "2026-01 band 2": -80,
        "2026-01 band 3": 600,
    }


def test_a_loan_of_march_overdue_in_june_is_taken_back_at_marchs_rate(acme: Ledgers) -> None:
    # given
    acme.files.plan(paying_plan(BANDS, OVERDUE))
    sell(acme, "2026-03-05", 1200, customer_id="c1")
    sell(acme, "2026-03-06", 800, customer_id="c2")
    sell(acme, "2026-06-05", 2000, customer_id="c3")
    acme.lock("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
    march = acme.booked("2026-03")
    assert march == {"2026-03 band 1": 800, "2026-03 band 2": 400, "2026-03 band 3": 3000}
    # when: half of the first loan is overdue in June, all of it in July, nothing in August
    acme.files.measure("E1", "overdue_amount", "2026-06-30", 600, customer_id="c1")
    acme.lock("2026-06")
    # then: March paid 42.00 for 2000
    assert acme.booked("2026-06")["2026-03 clawback overdue"] == -1260
    back = acme.line("2026-06: 2026-03 clawback overdue")
    assert (back.kind, back.rate, back.facts["records"][0]["value"]) == ("reversal", "0.021", "600")
    # and
    sell(acme, "2026-07-05", 2000)
    acme.files.measure("E1", "overdue_amount", "2026-07-31", 5000, customer_id="c1")
    acme.lock("2026-07")
    assert acme.booked("2026-07")["2026-03 clawback overdue"] == -1260
    acme.lock("2026-08")
    assert acme.booked("2026-08") == {"2026-03 clawback overdue": 2520}
    assert acme.accrue("2026-08") == 0


def test_a_refund_falls_on_the_newest_sale_to_the_customer(acme: Ledgers) -> None:
    # given
    acme.files.plan(paying_plan(BANDS, REFUNDS))
    sell(acme, "2026-01-05", 800, customer_id="c1")
    sell(acme, "2026-02-05", 500, customer_id="c1")
    acme.files.measure("E1", "refunded_amount", "2026-03-10", 700, customer_id="c1")
    sell(acme, "2026-03-11", 1000, customer_id="c1")
    # when
    acme.lock("2026-01", "2026-02", "2026-03")
    # then: all of February's 500, and 200 of January's 800
    assert acme.booked("2026-03") == {
        "2026-03 band 1": 800,
        "2026-03 band 2": 400,
        "2026-02 clawback refund": -500,
        "2026-01 clawback refund": -200,
    }


def test_a_leaver_pays_back_no_more_than_is_not_yet_earned(acme: Ledgers) -> None:
    # given: E1 left at the end of February, having earned 3.00 in it
    acme.files.plan(paying_plan(BANDS, REFUNDS))
    sell(acme, "2026-01-05", 900, customer_id="c1")
    sell(acme, "2026-02-05", 300, customer_id="c2")
    acme.files.tables["people"][0]["left_on"] = "2026-02-28"
    acme.files.measure("E1", "refunded_amount", "2026-02-10", 900, customer_id="c1")
    # when
    acme.lock("2026-01", "2026-02", "2026-03", "2026-04")
    # then
    assert acme.booked("2026-02") == {
        "2026-02 band 1": 300,
        "2026-01 clawback refund": -1000,
        "2026-01 carried": 700,
    }
    assert acme.booked("2026-03") == acme.booked("2026-04") == {}


LOSS = OVERDUE + "loss = true\n"


def test_a_loss_waits_for_the_facts_that_the_law_asks_for(acme: Ledgers) -> None:
    # given
    acme.files.plan(paying_plan(BANDS, LOSS))
    sell(acme, "2026-01-05", 2000, customer_id="c1")
    sell(acme, "2026-02-05", 2000)
    acme.files.measure("E1", "overdue_amount", "2026-02-28", 2000, customer_id="c1")
    # when
    acme.lock("2026-01", "2026-02")
    # then: nobody has said what the wage is
    assert acme.booked("2026-02")["2026-01 clawback overdue"] == 0
    assert acme.line("2026-02: 2026-01 clawback overdue").facts["blocked"] == "no_wage"
    # and it is asked for again, without another line, as long as nothing changes
    acme.files.measure("E1", "overdue_amount", "2026-03-31", 2000, customer_id="c1")
    acme.lock("2026-03")
    assert acme.booked("2026-03") == {}


def test_a_loss_takes_a_fifth_of_the_wage_and_goes_on_next_month(acme: Ledgers) -> None:
    # given: a wage of 100, of which 60 is the least
    acme.files.plan(paying_plan(BANDS, LOSS)).company("[policies]\nminimum_wage = 60\n")
    sell(acme, "2026-01-05", 2000, customer_id="c1")
    acme.hand_in()
    with acme.database.writing() as session:
        person = person_by_employee_id(session, "E1")
        by, day = CommandLine("cli:test"), date(2026, 1, 1)
        set_term(session, acme.clock, by, person.id, TermKind.WAGE, Decimal(100), day, "contract")
    acme.lock("2026-01")  # pays 42.00
    for month in ("02", "03"):
        sell(acme, f"2026-{month}-05", 2000)
        acme.files.measure("E1", "overdue_amount", f"2026-{month}-28", 2000, customer_id="c1")
    # when
    acme.lock("2026-02", "2026-03")
    # then: a fifth of 100 + 42 a month
    assert acme.booked("2026-02")["2026-01 clawback overdue"] == -2840
    assert acme.line("2026-02: 2026-01 clawback overdue").facts["limit"] == "28.4"
    assert acme.booked("2026-03")["2026-01 clawback overdue"] == -1360
    assert acme.accrue("2026-03") == 0


def test_a_base_of_ones_own_from_a_month_on(acme: Ledgers) -> None:
    # given
    acme.files.plan(paying_plan(base="base = 10"))
    acme.hand_in()
    with acme.database.writing() as session:
        person = person_by_employee_id(session, "E1")
        by, day = CommandLine("cli:test"), date(2026, 2, 14)
        set_term(session, acme.clock, by, person.id, TermKind.BASE, Decimal(25), day, "lead")
    # when
    acme.lock("2026-01", "2026-02")
    # then
    assert acme.booked("2026-01") == {"2026-01 base": 1000}
    assert acme.booked("2026-02") == {"2026-02 base": 2500}
    assert acme.booked("2026-02", "E2") == {"2026-02 base": 1000}


def test_a_shared_sale_pays_both(acme: Ledgers) -> None:
    # given
    sell(acme, "2026-01-05", 1000, record_id="r-shared")
    acme.files.row("credits", record_id="r-shared", employee_id="E1", share="0.7")
    acme.files.row("credits", record_id="r-shared", employee_id="E2", share="0.3")
    # when
    acme.lock("2026-01")
    # then: the card says 1000 all the same
    assert acme.booked("2026-01") == {"2026-01 band 1": 700}
    assert acme.booked("2026-01", "E2") == {"2026-01 band 1": 300}
    facts = acme.line("2026-01: 2026-01 band 1").facts
    assert (facts["own"], facts["credited"]) == ("1000", "700")


def test_shares_that_come_late_are_settled(acme: Ledgers) -> None:
    # given
    sell(acme, "2026-01-05", 1000, record_id="r-shared")
    acme.lock("2026-01")
    # when
    acme.on("2026-02-10")
    acme.files.row("credits", record_id="r-shared", employee_id="E1", share="0.5")
    acme.files.row("credits", record_id="r-shared", employee_id="E2", share="0.5")
    sell(acme, "2026-02-05", 1000)
    acme.hand_in()
    acme.lock("2026-02")
    # then
    assert acme.booked("2026-02")["2026-01 band 1"] == -300
    assert acme.booked("2026-02")["2026-01 band 2"] == -400
    assert acme.booked("2026-02", "E2") == {"2026-01 band 1": 500}


POOL = (
    '[incentives.pool]\nindicator = "sales"\namount = 10\nsteps = [[0.5, 0.5], [1, 1]]\nby = "attainment"\n'
)


def test_a_pool_is_shared_anew_when_the_team_turns_out_better(acme: Ledgers) -> None:
    # given: 1000 of 2000
    acme.files.plan(paying_plan(BANDS, POOL))
    sell(acme, "2026-01-05", 600)
    sell(acme, "2026-01-05", 400, "E2")
    acme.lock("2026-01")
    assert acme.booked("2026-01")["2026-01 pool"] == 600
    assert acme.booked("2026-01", "E2")["2026-01 pool"] == 400
    # when: E2 sold 1000 more, it turns out
    acme.on("2026-02-10")
    sell(acme, "2026-01-25", 1000, "E2")
    acme.hand_in()
    acme.lock("2026-02")
    # then: 20.00 by 600 : 1400
    assert acme.booked("2026-02") == {}
    assert acme.booked("2026-02", "E2")["2026-01 pool"] == 1000


def test_two_plans_in_a_year_pay_in_their_own_currencies(acme: Ledgers) -> None:
    # given: transferred to another family that is paid in yen
    acme.files.plan(paying_plan(), "plans/reps.toml").plan(
        paying_plan(name="tokyo", family="tokyo", currency="JPY"), "plans/tokyo.toml"
    )
    del acme.files.texts["plan.toml"]
    acme.files.transfer("E1", "2026-02-10", job_family="tokyo")
    sell(acme, "2026-01-05", 900)
    sell(acme, "2026-02-05", 900)
    # when
    acme.lock("2026-01", "2026-02")
    # then
    assert acme.booked("2026-01") == {"2026-01 band 1": 800, "2026-01 band 2": 200}
    assert acme.booked("2026-02") == {"2026-02 band 1": 8, "2026-02 band 2": 2}
    assert {line.currency for line in acme.lines()} == {"CNY", "JPY"}


def test_what_was_paid_in_one_currency_is_set_right_in_it(acme: Ledgers) -> None:
    # given: the plan pays in the company's currency, which changes
    acme.files.plan(paying_plan().replace('currency = "CNY"', "")).company('currency = "JPY"')
    sell(acme, "2026-01-05", 900)
    acme.lock("2026-01")
    acme.files.company('currency = "KWD"')
    # when
    acme.on("2026-02-10")
    sell(acme, "2026-01-20", 300)
    acme.hand_in()
    acme.lock("2026-02")
    # then
    assert acme.booked("2026-02") == {"2026-01 band 2": 2, "2026-01 band 3": 6}
    assert {line.currency for line in acme.lines()} == {"JPY"}


def test_joined_on_the_20th_and_moved_on_the_10th(acme: Ledgers) -> None:
    # given: base by the days that count; the plan of a month is that of its last day
    base = "base = 3100"
    acme.files.plan(paying_plan(base=base), "plans/reps.toml").plan(
        paying_plan(name="stores", family="stores", base="base = 2800"), "plans/stores.toml"
    )
    del acme.files.texts["plan.toml"]
    acme.files.person("E3", hired_on="2026-01-20").target("E3", "sales", "2026-01", 3100)
    acme.files.target("E3", "sales", "2026-02", 1000).transfer("E3", "2026-02-10", job_family="stores")
    sell(acme, "2026-01-25", 1200, "E3")
    # when
    acme.lock("2026-01", "2026-02")
    # then: 12 of 31 days, and of the target 1200
    assert acme.booked("2026-01", "E3") == {
        "2026-01 base": 120_000,
        "2026-01 band 1": 960,
        "2026-01 band 2": 480,
    }
    assert acme.booked("2026-02", "E3") == {"2026-02 base": 280_000}


def test_cards_that_are_not_complete_pay_nothing_and_leave_no_line(acme: Ledgers) -> None:
    # given: the measure is not reported for the last day
    rows = acme.files.tables["coverage"]
    rows[0]["to"] = "2026-01-30"
    sell(acme, "2026-01-05", 1200)
    # when
    acme.lock("2026-01")
    # then
    assert acme.lines() == []


def test_balances_are_sums(acme: Ledgers) -> None:
    sell(acme, "2026-01-05", 1200)
    acme.lock("2026-01", "2026-02")
    with acme.database.reading() as session:
        assert "balance" not in LedgerLine.__table__.columns
        total = session.scalar(sa.select(sa.func.sum(LedgerLine.amount)))
    assert total == acme.balance() == 1800


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("r1", "E1", "0.7")], 'line 2, record_id: "r1" is a record whose shares sum to 0.7'),
        ([("r1", "E9", "1")], 'line 2, employee_id: "E9" is nobody\'s employee id'),
        ([("r1", "E1", "0.5"), ("r1", "E1", "0.5")], 'line 3, employee_id: "E1" shares in this record twice'),
        ([("r1", "E1", "1.5")], 'line 2, share: "1.5" is no share'),
        ([("r1", "E1", "a third")], "is not a plain number"),
    ],
)
def test_shares_that_cannot_be_are_refused(
    acme: Ledgers, rows: list[tuple[str, str, str]], sentence: str
) -> None:
    for record_id, employee_id, share in rows:
        acme.files.row("credits", record_id=record_id, employee_id=employee_id, share=share)
    with pytest.raises(ImportRefused) as refused:
        acme.hand_in()
    assert sentence in str(refused.value)
