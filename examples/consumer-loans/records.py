"""From how a rep works to targets, and to the records of a month with the month whose files bring them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from calendar_2025 import Month
from roster import Rep
from story import (
    CHANGED_TARGETS,
    CORRECTED_PERMILLE,
    DEFAULTED,
    EXACT,
    LATE_PERMILLE,
    OUTAGE,
    OUTAGE_OVER,
    REFUNDED_PERMILLE,
    SEED,
    SOLD_AND_REFUNDED,
    VOID,
    Conduct,
    ramp_permille,
)

LENDING, CRM, APP, QUALITY = "lending", "crm", "app", "quality"
SOURCE_OF = {
    "won_amount": LENDING,
    "new_customers": LENDING,
    "settled_customers": LENDING,
    "repeat_customers": LENDING,
    "loan_balance": LENDING,
    "overdue_amount": LENDING,
    "quality_leads": CRM,
    "quality_conversions": CRM,
    "app_leads": APP,
    "app_conversions": APP,
    "checks_made": QUALITY,
    "checks_passed": QUALITY,
    "violations": QUALITY,
    "complaints": QUALITY,
}
MEASURES = list(SOURCE_OF)

# By title: CNY paid out in a month, and first-time customers. By month: lending is slow around the spring
# festival and the autumn holidays, busy at the half-year and the year's end.
BASE_TARGETS = {
    "Loan Consultant": (300_000, 5),
    "Senior Loan Consultant": (400_000, 6),
    "Principal Loan Consultant": (500_000, 7),
}
SEASON = {1: 950, 2: 700, 6: 1100, 9: 1050, 10: 900, 11: 1050, 12: 1200}
MEAN_LOAN = 45_000
BEGINNERS_PERMILLE = 200
"""What somebody sells in the month of hire, in which no target counts."""
COMPLAINTS_PERMILLE = 70


@dataclass(frozen=True)
class Record:
    record_id: str
    employee_id: str
    measure: str
    occurred_on: date
    value: str
    customer_id: str
    source: str


@dataclass(frozen=True)
class Told:
    """A record, and the month whose files bring it: its own, or a later one."""

    record: Record
    in_files_of: Month


@dataclass(frozen=True)
class Target:
    owner: str
    indicator: str
    period: str
    amount: int
    since: date | None = None


def sales_target(rep: Rep, month: Month) -> int:
    """CNY for a whole month, in steps of 10 000."""
    permille = BASE_TARGETS[rep.title][0] * SEASON.get(month.number, 1000)
    return (permille + 5_000_000) // 10_000_000 * 10_000


def new_customers_target(rep: Rep) -> int:
    return BASE_TARGETS[rep.title][1]


def targets_of(rep: Rep, month: Month) -> Iterator[Target]:
    """As they stand when the month begins."""
    yield Target(rep.employee_id, "sales", str(month), sales_target(rep, month))
    yield Target(rep.employee_id, "new_customers", str(month), new_customers_target(rep))


def changed_targets_of(rep: Rep, month: Month) -> Iterator[Target]:
    """What became of them within the month."""
    amount = sales_target(rep, month)
    for since, permille in CHANGED_TARGETS.get((rep.employee_id, month), []):
        yield Target(rep.employee_id, "sales", str(month), amount * permille // 1000, since)


def told_of(rep: Rep, conduct: dict[Month, Conduct]) -> Iterator[Told]:
    """All records of a rep, those that come late and those that are corrected later too."""
    customers = _Customers(rep.employee_id)
    before: list[Record] = []
    for month, of_month in conduct.items():
        records = _Drawing(rep, month, of_month, customers).records(before)
        for record in records:
            yield from _told(record, month)
        before = [record for record in records if record.measure == "won_amount" and record.value[0] != "-"]
        if before:
            yield from _later(rep, month, max(before, key=lambda loan: int(loan.value)))


def _later(rep: Rep, month: Month, largest: Record) -> Iterator[Told]:
    """What becomes of a month's largest loan later: overdue for some, for others never a loan at all."""
    of_month, overdue_in = DEFAULTED.get(rep.employee_id, (None, []))
    for overdue_month in overdue_in if of_month == month else []:
        overdue = replace(
            largest,
            record_id=f"{largest.record_id}-overdue-{overdue_month}",
            measure="overdue_amount",
            occurred_on=rep.working_days(overdue_month)[-1],
        )
        yield Told(overdue, overdue_month)
    of_month, found_out_in = VOID.get(rep.employee_id, (None, None))
    if of_month == month and found_out_in:
        yield Told(replace(largest, value="0"), found_out_in)


def _told(record: Record, month: Month) -> Iterator[Told]:
    if record.source == APP and OUTAGE[0] <= record.occurred_on <= OUTAGE[1]:
        yield Told(record, OUTAGE_OVER)
        return
    if record.measure != "won_amount" or (record.employee_id, month) in [*EXACT, *SOLD_AND_REFUNDED]:
        yield Told(record, month)
        return
    fate = Random(f"{SEED}:fate:{record.record_id}").randrange(1000)
    yield Told(record, month.next if fate < LATE_PERMILLE else month)
    if LATE_PERMILLE <= fate < LATE_PERMILLE + CORRECTED_PERMILLE:
        yield Told(replace(record, value=str(int(record.value) * 9 // 10)), month.next)


class _Customers:
    """The customers of one rep, who come back for another loan."""

    def __init__(self, employee_id: str) -> None:
        self._beginning = f"C-{employee_id[1:]}"
        self.ids = [self._id(number) for number in range(1, 13)]

    def add(self) -> str:
        self.ids.append(self._id(len(self.ids) + 1))
        return self.ids[-1]

    def _id(self, number: int) -> str:
        return f"{self._beginning}-{number:03}"


# A record without its id: measure, day, value, customer.
Draft = tuple[str, date, int | str, str]


class _Drawing:
    """The records of one rep and month, drawn."""

    def __init__(self, rep: Rep, month: Month, conduct: Conduct, customers: _Customers) -> None:
        self.rep, self.month, self.conduct, self.customers = rep, month, conduct, customers
        self.days = rep.working_days(month)
        self.random = Random(f"{SEED}:records:{rep.employee_id}:{month}")

    def records(self, loans_before: list[Record]) -> list[Record]:
        """By day; none if the rep never worked in the month. `loans_before` are those of the month before."""
        if not self.days:
            return []
        drafts: list[Draft] = [
            *self._loans(),
            *self._refunds(loans_before),
            *self._by_week(),
            *self._by_half_month(),
            *self._by_month(),
        ]
        drafts.sort(key=lambda draft: (draft[1], MEASURES.index(draft[0])))
        beginning = f"{self.rep.employee_id}-{self.month.year}{self.month.number:02}"
        return [
            Record(
                f"{beginning}-{number:03}",
                self.rep.employee_id,
                measure,
                day,
                str(value),
                customer,
                SOURCE_OF[measure],
            )
            for number, (measure, day, value, customer) in enumerate(drafts, start=1)
        ]

    def _presence(self, amount: int) -> int:
        """The part of a month's amount that counts for somebody who is there for a part, or new."""
        ramp = ramp_permille(self.rep, self.month) or BEGINNERS_PERMILLE
        return amount * ramp * self.rep.eligible_days(self.month) // (1000 * self.month.last_day.day)

    def _loans(self) -> Iterator[Draft]:
        """Loans paid out, and with a customer's first one the new customer."""
        total = self._total()
        new = self._presence(new_customers_target(self.rep) * self.conduct.new_customers) // 1000
        count = max(1, new, total // MEAN_LOAN) if total else 0
        for number, amount in enumerate(_split(total, count, self.random)):
            day = self.random.choice(self.days)
            if number < new:
                customer = self.customers.add()
                yield "new_customers", day, 1, customer
            else:
                customer = self.random.choice(self.customers.ids)
            yield "won_amount", day, amount, customer

    def _total(self) -> int:
        key = (self.rep.employee_id, self.month)
        target = sales_target(self.rep, self.month)
        if key in EXACT:
            return target * EXACT[key] // 100_000
        if key in SOLD_AND_REFUNDED:
            return SOLD_AND_REFUNDED[key][0]
        return self._presence(target * self.conduct.attainment) // 1_000

    def _refunds(self, loans_before: list[Record]) -> Iterator[Draft]:
        """Loans of the month before that customers gave back within the time they have for it."""
        key = (self.rep.employee_id, self.month)
        if key in SOLD_AND_REFUNDED:
            given_back = -SOLD_AND_REFUNDED[key][1]
            yield "won_amount", self.days[len(self.days) // 2], given_back, self.customers.ids[0]
        elif key not in EXACT:
            day = self.days[min(3, len(self.days) - 1)]
            for loan in loans_before:
                if self.random.randrange(1000) < REFUNDED_PERMILLE:
                    yield "won_amount", day, f"-{loan.value}", loan.customer_id

    def _by_week(self) -> Iterator[Draft]:
        """On the last working day of each week: leads, and the balances as they stand."""
        usual = 10_000 * Random(f"{SEED}:balance:{self.rep.employee_id}").randint(300, 700)
        for day in {day.isocalendar()[:2]: day for day in self.days}.values():
            funnel = "app" if self.rep.is_digital(day) else "quality"
            leads = self.random.randint(5, 9)
            yield f"{funnel}_leads", day, leads, ""
            yield f"{funnel}_conversions", day, self._successes(leads, self.conduct.conversion), ""
            balance = usual + 10_000 * self.random.randint(-20, 20)
            yield "loan_balance", day, balance, ""
            fen = balance * self.conduct.overdue * self.random.randint(950, 1050) // 1_000_000
            yield "overdue_amount", day, f"{fen // 100}.{fen % 100:02}", ""

    def _by_half_month(self) -> Iterator[Draft]:
        for day in sorted({self.days[len(self.days) // 2], self.days[-1]}):
            settled = self.random.randint(4, 8)
            yield "settled_customers", day, settled, ""
            yield "repeat_customers", day, self._successes(settled, self.conduct.repurchase), ""

    def _by_month(self) -> Iterator[Draft]:
        last = self.days[-1]
        checks = self.random.randint(20, 30)
        yield "checks_made", last, checks, ""
        yield "checks_passed", last, self._successes(checks, self.conduct.passed), ""
        if self.conduct.breaches:
            yield "violations", self.random.choice(self.days), self.conduct.breaches, ""
        if self.random.randrange(1000) < COMPLAINTS_PERMILLE:
            yield "complaints", self.random.choice(self.days), 1, ""

    def _successes(self, trials: int, permille: int) -> int:
        return sum(self.random.randrange(1000) < permille for _ in range(trials))


def _split(total: int, count: int, random: Random) -> list[int]:
    """`count` amounts, all but the first in steps of 1 000, whose sum is `total`."""
    if count == 0:
        return []
    weights = [random.randint(4, 16) for _ in range(count)]
    amounts = [total * weight // (sum(weights) * 1_000) * 1_000 for weight in weights]
    amounts[0] += total - sum(amounts)
    return amounts
