"""What comes to light after a lock: whoever it concerns is paid, and nobody twice."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.access import CommandLine
from domain.closing.checklist import ItemKind
from domain.closing.service import close_view
from domain.database import Database
from domain.incentives.paying import month_pay
from domain.incentives.rules_pay import total
from domain.periods import Period
from domain.scoring.service import score_now
from tests.domain.ledgers import Ledgers, paying_plan
from tests.domain.pay_builders import BANDS

REFUNDS = '[[incentives.clawbacks]]\nname = "refund"\nmeasure = "refunded_amount"\nwithin_months = 6\n'
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


def share(acme: Ledgers, record_id: str, **shares: str) -> None:
    for employee_id, part in shares.items():
        acme.files.row("credits", record_id=record_id, employee_id=employee_id, share=part)


class TestSharedRecords:
    def test_a_late_one_pays_whoever_shares_in_it(self, acme: Ledgers) -> None:
        # given
        sell(acme, "2026-01-05", 100)
        acme.lock("2026-01")
        # when: the record and its shares come in February
        acme.on("2026-02-10")
        sell(acme, "2026-01-20", 1000, record_id="r-late")
        share(acme, "r-late", E1="0.6", E2="0.4")
        acme.hand_in()
        acme.lock("2026-02")
        # then
        assert acme.booked("2026-02") == {"2026-01 band 1": 600}
        assert acme.booked("2026-02", "E2") == {"2026-01 band 1": 400}

    def test_a_corrected_one_takes_back_from_whoever_shares_in_it(self, acme: Ledgers) -> None:
        # given
        sell(acme, "2026-01-05", 1000, record_id="r-shared")
        share(acme, "r-shared", E1="0.5", E2="0.5")
        acme.lock("2026-01")
        assert acme.booked("2026-01", "E2") == {"2026-01 band 1": 500}
        # when
        acme.on("2026-02-10")
        acme.files.tables["measures"][0]["value"] = "600"
        sell(acme, "2026-02-05", 500, "E2")
        acme.hand_in()
        acme.lock("2026-02")
        # then
        assert acme.booked("2026-02", "E2") == {"2026-02 band 1": 500, "2026-01 band 1": -200}

    def test_a_record_that_is_given_to_another_owner_keeps_its_shares(self, acme: Ledgers) -> None:
        # given
        sell(acme, "2026-01-05", 1000, record_id="r-shared")
        share(acme, "r-shared", E1="0.5", E2="0.5")
        acme.lock("2026-01")
        # when
        acme.on("2026-02-10")
        acme.files.tables["measures"][0]["employee_id"] = "E3"
        acme.hand_in()
        acme.lock("2026-02")
        # then
        assert [acme.balance(employee_id) for employee_id in PEOPLE] == [500, 500, 0]

    def test_late_records_are_read_at_once_whenever_they_came(self, acme: Ledgers) -> None:
        # given: somebody's record comes on each of three days
        acme.lock("2026-01")
        for day, employee_id in enumerate(PEOPLE, start=10):
            acme.on(f"2026-02-{day}")
            sell(acme, f"2026-01-{day}", 1000, employee_id, record_id=f"r-{employee_id}")
            acme.hand_in()
        january, february = Period.parse("2026-01"), Period.parse("2026-02")
        asked: list[str] = []
        # when
        with acme.database.reading() as session:

            @sa.event.listens_for(session.connection(), "before_cursor_execute")
            def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
                asked.extend({"measure_records"} & set(statement.split()))

            pays = month_pay(session, january, february)
        # then
        assert len(asked) == 1
        assert [total(pay.parts) for pay in pays.values()] == [1200, 1200, 1200]


class TestSharesThatNobodyIsPaid:
    @pytest.fixture
    def shared(self, acme: Ledgers) -> Ledgers:
        """With M1, whom no plan scores."""
        acme.files.person("M1", role="manager", job_family="staff")
        sell(acme, "2026-01-05", 1000, record_id="r-shared")
        share(acme, "r-shared", E1="0.5", E2="0.2", M1="0.3")
        acme.hand_in()
        return acme

    def open_items(self, acme: Ledgers) -> dict[str, tuple[str, ...]]:
        january = Period.parse("2026-01")
        score_now(acme.database, acme.clock, january)
        with acme.database.reading() as session:
            view = close_view(session, acme.clock, CommandLine("cli:test"), january)
        return {item.kind: item.names for item in view.items}

    def test_hr_sees_whose_they_are_before_the_lock(self, shared: Ledgers) -> None:
        assert self.open_items(shared) == {ItemKind.UNPAID_SHARES: ("Name of M1 (M1)",)}

    def test_they_are_not_paid_to_the_owner(self, shared: Ledgers) -> None:
        shared.lock("2026-01")
        assert shared.booked("2026-01") == {"2026-01 band 1": 500}
        assert shared.booked("2026-01", "E2") == {"2026-01 band 1": 200}
        assert shared.booked("2026-01", "M1") == {}

    def test_once_everybody_has_a_card_nothing_is_open(self, shared: Ledgers) -> None:
        shared.files.tables["people"][-1]["job_family"] = "sales"
        shared.files.target("M1", "sales", "2026-01", 1000)
        shared.hand_in()
        assert self.open_items(shared) == {}


class TestMonthsLockedOutOfOrder:
    def test_what_a_later_month_has_settled_stays_settled(self, acme: Ledgers) -> None:
        # given: of January 300 come late in March; February waits
        sell(acme, "2026-01-05", 500)
        acme.lock("2026-01")
        acme.on("2026-02-10")
        sell(acme, "2026-01-06", 100)
        acme.hand_in()
        acme.on("2026-03-10")
        sell(acme, "2026-01-07", 200)
        acme.hand_in()
        # when
        acme.lock("2026-03")
        assert acme.booked("2026-03") == {"2026-01 band 1": 300}
        acme.lock("2026-02")
        # then
        assert acme.booked("2026-02") == {}
        assert acme.balance() == 800

    def test_shares_settled_by_a_later_month_stay_settled(self, acme: Ledgers) -> None:
        # given
        sell(acme, "2026-01-05", 800, record_id="r-shared")
        sell(acme, "2026-02-05", 100)
        acme.lock("2026-01")
        acme.on("2026-03-10")
        share(acme, "r-shared", E1="0.5", E2="0.5")
        sell(acme, "2026-03-05", 800)
        acme.hand_in()
        acme.lock("2026-03")
        assert (acme.balance(), acme.balance("E2")) == (400 + 800, 400)
        # when
        acme.lock("2026-02")
        # then
        assert (acme.balance(), acme.balance("E2")) == (400 + 800 + 100, 400)

    def test_what_a_later_month_has_taken_back_is_not_given_again(self, acme: Ledgers) -> None:
        # given: a sale of January is refunded in March
        acme.files.plan(paying_plan(BANDS, REFUNDS))
        sell(acme, "2026-01-05", 500, customer_id="c1")
        acme.files.measure("E1", "refunded_amount", "2026-03-10", 500, customer_id="c1")
        sell(acme, "2026-03-11", 800)
        acme.lock("2026-01", "2026-03")
        assert acme.booked("2026-03")["2026-01 clawback refund"] == -500
        # when
        acme.lock("2026-02")
        # then
        assert acme.booked("2026-02") == {}

    def test_a_month_that_is_never_locked_holds_nothing_back(self, acme: Ledgers) -> None:
        # given
        acme.lock("2026-01")
        acme.on("2026-02-10")
        sell(acme, "2026-01-06", 100)
        acme.hand_in()
        # when: nobody locks February
        acme.lock("2026-03")
        # then
        assert acme.booked("2026-03") == {"2026-01 band 1": 100}


VIOLATIONS = '[[incentives.deductions]]\nname = "fines"\nmeasure = "violations"\namount = 1\n'


class TestMeasuresThatPayAlone:
    @pytest.fixture
    def unreported(self, acme: Ledgers) -> Ledgers:
        """January is locked while violations, which no card shows, are known up to the 20th."""
        acme.files.plan(paying_plan(BANDS, VIOLATIONS))
        self.reported(acme, "2026-01-20")
        sell(acme, "2026-01-05", 800)
        sell(acme, "2026-01-05", 400, "E2")
        acme.lock("2026-01")
        assert acme.lines() == acme.lines("E2") == []
        return acme

    def reported(self, acme: Ledgers, until: str) -> None:
        for row in acme.files.tables["coverage"]:
            if row["measure"] == "violations":
                row["to"] = until

    def test_hr_sees_before_the_lock_that_they_are_not_reported(self, acme: Ledgers) -> None:
        acme.files.plan(paying_plan(BANDS, VIOLATIONS))
        self.reported(acme, "2026-01-20")
        acme.hand_in()
        january = Period.parse("2026-01")
        score_now(acme.database, acme.clock, january)
        with acme.database.reading() as session:
            view = close_view(session, acme.clock, CommandLine("cli:test"), january)
        assert [(item.kind, item.names) for item in view.items] == [(ItemKind.NOT_COVERED, ("violations",))]

    def test_what_was_withheld_is_paid_when_they_are_reported(self, unreported: Ledgers) -> None:
        # when: they are reported, and E2 has one
        unreported.on("2026-02-10")
        self.reported(unreported, "2026-03-31")
        unreported.files.measure("E2", "violations", "2026-01-25", 1)
        unreported.hand_in()
        unreported.lock("2026-02")
        # then
        assert unreported.booked("2026-02") == {"2026-01 band 1": 800}
        assert unreported.booked("2026-02", "E2") == {
            "2026-01 band 1": 400,
            "2026-01 deduction fines": -100,
        }
        unreported.lock("2026-03")
        assert unreported.booked("2026-03") == {}

    def test_it_waits_as_long_as_they_are_not(self, unreported: Ledgers) -> None:
        unreported.on("2026-02-10")
        self.reported(unreported, "2026-01-30")
        unreported.hand_in()
        unreported.lock("2026-02")
        assert unreported.lines() == []

    def test_what_was_paid_stays_where_days_are_no_longer_reported(self, acme: Ledgers) -> None:
        # given
        acme.files.plan(paying_plan(BANDS, VIOLATIONS))
        sell(acme, "2026-01-05", 800)
        acme.lock("2026-01")
        # when
        acme.on("2026-02-10")
        self.reported(acme, "2026-01-20")
        sell(acme, "2026-01-06", 100)
        acme.hand_in()
        acme.lock("2026-02")
        # then: nothing is known of January now; when it is, the late sale is paid
        assert acme.booked("2026-02") == {}
        acme.on("2026-03-10")
        self.reported(acme, "2026-12-31")
        acme.hand_in()
        acme.lock("2026-03")
        assert acme.booked("2026-03") == {"2026-01 band 2": 200}
