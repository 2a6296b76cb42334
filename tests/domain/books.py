"""A small company that lives through random months, and what of it must never change."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import CommandLine
from domain.clock import FixedClock
from domain.closing.model import Adjustment
from domain.closing.restating import restate_card
from domain.database import Database
from domain.errors import BadInput, NotFound
from domain.imports.service import import_folder
from domain.incentives.booking import Amount
from domain.incentives.late import differences
from domain.incentives.model import AccruedMonth, LedgerLine, PayrollExport
from domain.incentives.paying import month_pay
from domain.incentives.service import accrue
from domain.metrics.model import MeasureRecord
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.amending import bring_up_to_date
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod, ScoreRun
from domain.scoring.printing import score_rows
from domain.scoring.service import score_and_lock, score_now
from domain.scoring.verification import verify
from tests.builders import CompanyFolder

PEOPLE = ("E1", "E2", "E3", "E4")
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
MEASURES = ("won_amount", "wins", "closed_deals", "violations", "refunds", "returns")
"""No card needs the last two: they take back, and cost, alone."""
CURRENCIES = ("CNY", "JPY")
CUSTOMERS = ("C1", "C2")
BY = CommandLine("cli:books")
FIRST_DAY = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
PLAN_WITH_WEIGHTS = """\
name = "sales-plan"
job_family = "sales"
from = "{first}"
ramp = [0.0, 0.5]
[[indicators]]
name = "sales"
measure = "won_amount"
weight = {sales}
curve = [[0.5, 0], [0.8, 60], [1.0, 100], [1.2, 120]]
[[indicators]]
name = "win_rate"
ratio = ["wins", "closed_deals"]
weight = {win_rate}
curve = [[0.0, 0], [0.5, 100], [0.8, 120]]
[[deductions]]
name = "violations"
measure = "violations"
points = 5
cap = 20
[[tiers]]
name = "A"
from = 80
[[tiers]]
name = "B"
from = 0
[miss]
indicator = "sales"
below = 1.0
[incentives]
currency = "{currency}"
base = 300
cap = 2000
[incentives.commission]
indicator = "sales"
[[incentives.commission.bands]]
from = 0
rate = 0.01
[[incentives.commission.bands]]
from = 1.0
rate = 0.{sales:02}
[incentives.quality]
indicator = "win_rate"
steps = [[0.3, 0.9], [0.5, 1.1]]
[[incentives.deductions]]
name = "violations"
measure = "violations"
amount = 50
cap = 500
[[incentives.deductions]]
name = "returns"
measure = "returns"
amount = 10
cap = 100
[[incentives.clawbacks]]
name = "refunds"
measure = "refunds"
[incentives.pool]
indicator = "sales"
amount = 100
steps = [[0.9, 0.5], [1.0, 1.0]]
by = "score"
"""

Row = tuple[Any, ...]


@dataclass
class Books:
    """The files that the company hands in, the database they go into, and a clock."""

    database: Database
    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(FIRST_DAY))
    files: CompanyFolder = field(default_factory=CompanyFolder)
    locked: dict[str, set[Row]] = field(default_factory=dict)
    """What each locked month looked like when it was locked."""

    def begin(self) -> None:
        for number, employee_id in enumerate(PEOPLE):
            unit = "Acme/West" if number < 2 else "Acme/East"
            hired_on = "2025-12-20" if number == 3 else "2025-01-01"
            self.files.person(employee_id, unit=unit, hired_on=hired_on)
            for month in MONTHS:
                self.files.target(employee_id, "sales", month, 1000 + 100 * number)
        for measure in MEASURES:
            self.set_coverage(measure, date(2026, 4, 30))
        self.set_plan("2026-01", 60, 40)
        self.hand_in()

    def set_plan(self, first: str, sales: int, win_rate: int, currency: str = CURRENCIES[0]) -> None:
        text = PLAN_WITH_WEIGHTS.format(first=first, sales=sales, win_rate=win_rate, currency=currency)
        self.files.plan(text, f"plans/{first}.toml")

    def hand_in(self) -> bool:
        """Whether it changed anything."""
        folder = self.files.write(self.folder)
        with self.database.writing() as session:
            return import_folder(session, self.clock, folder, BY.name).changed

    def record(self, employee_id: str, measure: str, day: date, value: Decimal, customer: str = "") -> None:
        self.files.measure(employee_id, measure, day, value, customer_id=customer)

    def share(self, place: int, shares: Mapping[str, Decimal]) -> None:
        """A record among several people, or otherwise than before."""
        record_id = self.files.tables["measures"][place]["record_id"]
        kept = [row for row in self.files.tables.get("credits", []) if row["record_id"] != record_id]
        self.files.tables["credits"] = kept
        for employee_id, part in shares.items():
            self.files.row("credits", record_id=record_id, employee_id=employee_id, share=part)

    def correct(self, place: int, **cells: Any) -> None:
        self.files.tables["measures"][place] |= {name: str(value) for name, value in cells.items()}

    def set_target(self, employee_id: str, month: str, amount: int, since: date | None) -> None:
        """One amount for each owner, month and first day, as the files demand."""
        row = {"owner": employee_id, "indicator": "sales", "period": month, "from": str(since or "")}
        kept = [target for target in self.files.tables["targets"] if not row.items() <= target.items()]
        self.files.tables["targets"] = [*kept, {**row, "amount": str(amount)}]

    def set_coverage(self, measure: str, last: date) -> None:
        rows = self.files.tables.get("coverage", [])
        self.files.tables["coverage"] = [row for row in rows if row["measure"] != measure]
        self.files.covered(measure, "2026-01-01", last)

    def pass_days(self, days: int) -> None:
        self.clock.at += timedelta(days=days)

    def until(self, moment: datetime) -> None:
        self.clock.at = max(self.clock.at, moment)

    def today(self) -> date:
        return self.clock.now().date()

    def begun(self) -> list[str]:
        return [month for month in MONTHS if Period.parse(month).start <= self.today()]

    def lockable(self) -> list[str]:
        return [
            month for month in MONTHS if Period.parse(month).end <= self.today() and month not in self.locked
        ]

    def open_months(self) -> list[str]:
        return [month for month in self.begun() if month not in self.locked]

    def score(self, month: str) -> None:
        score_now(self.database, self.clock, Period.parse(month))

    def bring_up_to_date(self, month: str) -> bool:
        """As workers do after data has arrived; False where it takes a whole run."""
        return bring_up_to_date(self.database, self.clock, Period.parse(month))

    def shown(self, month: str) -> set[Row]:
        """What readers see, whatever run it stands in."""
        with self.database.reading() as session:
            return rows_of(session, month, but=("id", "run_id", "card_id"))

    def places(self, month: str) -> dict[str, int]:
        """Everybody's rank in the company."""
        with self.database.reading() as session:
            rows = score_rows(session, Period.parse(month))
            ranks = {
                row["employee_id"]: dict(rank.split("=") for rank in row["ranks"].split(";")) for row in rows
            }
        return {employee_id: int(of["Acme"]) for employee_id, of in ranks.items()}

    def differences(self, month: str) -> list[str]:
        with self.database.reading() as session:
            return verify(session, Period.parse(month))

    def lock(self, month: str) -> None:
        score_and_lock(self.database, self.clock, Period.parse(month), BY.name)
        with self.database.reading() as session:
            self.locked[month] = rows_of(session, month)

    def pay(self, month: str) -> int:
        """Of a locked month, as the job after its lock does it; how many lines are new."""
        with self.database.writing() as session:
            return len(accrue(session, self.clock, Period.parse(month)))

    def payable(self) -> list[str]:
        """Months that are in the ledger and whose payroll is not handed over, oldest first."""
        with self.database.reading() as session:
            accrued = set(session.scalars(sa.select(AccruedMonth.month)))
            return sorted(accrued - set(session.scalars(sa.select(PayrollExport.month))))

    def hand_over(self, month: str) -> None:
        """Its payroll."""
        with self.database.writing() as session:
            session.add(
                PayrollExport(month=month, last_line_id=0, digest="", by=BY.name, at=self.clock.now())
            )

    def restate(self, month: str, employee_id: str) -> bool:
        """False where the card would come out the same, or where there is none."""
        try:
            with self.database.writing() as session:
                person = person_by_employee_id(session, employee_id)
                period = Period.parse(month)
                restate_card(session, self.clock, BY, person.id, period, "what came later counts")
        except (BadInput, NotFound):
            return False
        return True


def ledger_of(session: Session) -> list[Row]:
    """Every column of every line, in the order they were written."""
    columns = LedgerLine.__table__.columns
    facts = columns["facts"]
    chosen = [sa.cast(facts, sa.Text) if column is facts else column for column in columns]
    return [tuple(row) for row in session.execute(sa.select(*chosen).order_by(columns["id"]))]


def payrolls(session: Session) -> dict[tuple[int, str, str], int]:
    """What each person gets in each month's payroll, by currency."""
    found: dict[tuple[int, str, str], int] = {}
    for line in session.scalars(sa.select(LedgerLine)):
        key = (line.person_id, line.booked, line.currency)
        found[key] = found.get(key, 0) + line.amount
    return found


def not_settled(session: Session) -> list[Amount]:
    """What months should pay by all that the newest payroll knows, less what the ledger has; of everybody."""
    months = sorted(map(Period.parse, session.scalars(sa.select(AccruedMonth.month))))
    found: list[Amount] = []
    for month in months:
        pays = month_pay(session, month, months[-1])
        lines: dict[int, list[LedgerLine]] = {person_id: [] for person_id in pays}
        for line in session.scalars(sa.select(LedgerLine).where(LedgerLine.earned == month.key)):
            lines.setdefault(line.person_id, []).append(line)
        for person_id, of_person in lines.items():
            found += differences(month, person_id, pays.get(person_id), of_person)
    return found


def late_sums_that_differ(session: Session, month: str) -> dict[tuple[int, str], tuple[Decimal, Decimal]]:
    """By person and measure: what a locked month's records were with its adjustments, and what they are."""
    period = Period.parse(month)
    run_of = sa.select(ScoredPeriod.published_run_id).where(ScoredPeriod.key == month).scalar_subquery()
    load_id = session.scalars(sa.select(ScoreRun.load_id).where(ScoreRun.id == run_of)).one()
    was, now = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for record in session.scalars(sa.select(MeasureRecord)):
        if record.occurred_on in period:
            key = (record.person_id, record.measure)
            if record.added_in <= load_id and (record.ended_in is None or record.ended_in > load_id):
                was[key] += record.value
            if record.ended_in is None:
                now[key] += record.value
    for adjustment in session.scalars(sa.select(Adjustment).where(Adjustment.locked_period == month)):
        was[adjustment.person_id, adjustment.measure] += adjustment.difference
    return {key: (was[key], now[key]) for key in {*was, *now} if was[key] != now[key]}


def rows_of(session: Session, month: str, *, but: Iterable[str] = ()) -> set[Row]:
    """Every column of what readers see of a month, but for the columns named."""
    shown = (
        sa.select(Card.id)
        .join(ScoreRun, ScoreRun.id == Card.run_id)
        .join(ScoredPeriod, ScoredPeriod.published_run_id == ScoreRun.id)
        .where(ScoredPeriod.key == month)
    )
    left_out = set(but)
    found: set[Row] = set()
    for entity, key in ((Card, Card.id), (CardLine, CardLine.card_id), (CardRank, CardRank.card_id)):
        columns = [column for column in entity.__table__.columns if column.name not in left_out]
        rows = session.execute(sa.select(*columns).where(key.in_(shown)))
        found |= {(entity.__name__, *row) for row in rows}
    period = session.get(ScoredPeriod, month)
    return found | {("period", period and period.locked_at, period and period.locked_by)}


def sums_that_differ(session: Session) -> list[Row]:
    """Cards whose parts do not add up to their score: the card, the sum and the score."""
    parts: dict[int, Decimal] = {}
    for card_id, contribution in session.execute(sa.select(CardLine.card_id, CardLine.contribution)):
        parts[card_id] = parts.get(card_id, Decimal(0)) + (contribution or Decimal(0))
    scores = session.execute(sa.select(Card.id, Card.score).where(Card.score.is_not(None)))
    return [(card_id, parts[card_id], score) for card_id, score in scores if parts[card_id] != score]
