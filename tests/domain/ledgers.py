"""A company that pays by a plan, and what its ledger says."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.incentives.model import LedgerLine
from domain.incentives.service import accrue
from domain.people.model import Person
from domain.periods import Period
from domain.scoring.service import score_and_lock
from tests.builders import CompanyFolder
from tests.domain.pay_builders import BANDS

PLAN = """\
name = "{name}"
job_family = "{family}"
from = "2026-01"
stocks = ["overdue_amount"]

[[indicators]]
name = "sales"
measure = "won_amount"
weight = 1
curve = [[0.5, 0], [1.0, 100]]

[[tiers]]
name = "A"
from = 80
[[tiers]]
name = "C"
from = 0

[miss]
indicator = "sales"
below = 1.0

[incentives]
currency = "{currency}"
{base}
{sections}
"""
MEASURES = ("won_amount", "refunded_amount", "overdue_amount", "violations")


def paying_plan(
    *sections: str, name: str = "reps", family: str = "sales", currency: str = "CNY", base: str = ""
) -> str:
    text = "".join(sections or (BANDS,))
    return PLAN.format(name=name, family=family, currency=currency, base=base, sections=text)


@dataclass
class Ledgers:
    """The files that the company hands in, month after month, and its clock."""

    database: Database
    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime(2026, 2, 3, 2, 0, tzinfo=UTC)))
    files: CompanyFolder = field(default_factory=CompanyFolder)

    def __post_init__(self) -> None:
        for measure in MEASURES:
            self.files.covered(measure, "2026-01-01", "2026-12-31")

    def hand_in(self) -> None:
        with self.database.writing() as session:
            import_folder(session, self.clock, self.files.write(self.folder), "cli:test")

    def on(self, day: str) -> None:
        self.clock.at = datetime.fromisoformat(f"{day}T02:00:00+00:00")

    def lock(self, *months: str) -> None:
        """On the third of the month after, with what has been handed in by then."""
        for month in months:
            period = Period.parse(month)
            self.on(f"{period.end:%Y-%m}-03")
            self.hand_in()
            score_and_lock(self.database, self.clock, period, "cli:test")
            self.accrue(month)

    def accrue(self, month: str) -> int:
        """How many lines are new."""
        with self.database.writing() as session:
            return len(accrue(session, self.clock, Period.parse(month)))

    def booked(self, month: str, employee_id: str = "E1") -> dict[str, int]:
        """What is in a month's payroll: `2026-03 band 1` and its amount."""
        return {
            f"{line.earned} {line.part} {line.name}".strip(): line.amount
            for line in self.lines(employee_id)
            if line.booked == month
        }

    def balance(self, employee_id: str = "E1") -> int:
        return sum(line.amount for line in self.lines(employee_id))

    def lines(self, employee_id: str = "E1") -> list[LedgerLine]:
        with self.database.reading() as session:
            rows = (
                sa.select(LedgerLine)
                .join(Person, Person.id == LedgerLine.person_id)
                .where(Person.employee_id == employee_id)
            )
            return list(session.scalars(rows.order_by(LedgerLine.id)))

    def line(self, key: str, employee_id: str = "E1") -> LedgerLine:
        """`2026-06: 2026-03 clawback overdue`."""
        return next(
            line
            for line in self.lines(employee_id)
            if f"{line.booked}: {line.earned} {line.part} {line.name}".strip() == key
        )
