"""From how a rep works to the targets and measure records of a month."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from roster import Month, Rep
from story import SEED, Conduct, ramp_share

MEASURES = [
    "won_amount",
    "new_customers",
    "quality_leads",
    "quality_conversions",
    "settled_customers",
    "repeat_customers",
    "loan_balance",
    "overdue_amount",
    "checks_made",
    "checks_passed",
    "violations",
    "complaints",
    "follow_ups",
    "visits",
]

# Monthly targets at the start of 2025, by title: CNY paid out, and first-time customers.
BASE_TARGETS = {
    "Sales Consultant": (600_000, 6),
    "Senior Sales Consultant": (800_000, 7),
    "Principal Sales Consultant": (1_000_000, 8),
}
# Lending is slow around the spring festival and busy at the half-year and the year's end.
SEASON = {1: 0.9, 2: 0.75, 6: 1.1, 10: 0.9, 12: 1.15}
RAISE_OF_2026 = 1.05
MEAN_LOAN = 75_000
COMPLAINT_CHANCE = 0.08


def sales_target(rep: Rep, month: Month) -> int:
    """CNY for a whole month, in steps of 10 000."""
    amount = BASE_TARGETS[rep.title][0] * SEASON.get(month.number, 1.0)
    if month.year == 2026:
        amount *= RAISE_OF_2026
    return round(amount / 10_000) * 10_000


def new_customers_target(rep: Rep) -> int:
    """First-time customers for a whole month."""
    return BASE_TARGETS[rep.title][1]


@dataclass(frozen=True)
class Record:
    record_id: str
    employee_id: str
    measure: str
    occurred_on: date
    value: int
    customer_id: str = ""


@dataclass
class Customers:
    """The customers of one rep, who come back for another loan."""

    rep: Rep
    count: int = 8
    ids: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.ids = [self._id(number) for number in range(1, self.count + 1)]

    def add(self) -> str:
        self.count += 1
        self.ids.append(self._id(self.count))
        return self.ids[-1]

    def _id(self, number: int) -> str:
        return f"C-{self.rep.employee_id}-{number:04}"


def records_of(rep: Rep, month: Month, conduct: Conduct, customers: Customers) -> list[Record]:
    """The rep's measure records of one month, by day; none if the rep never worked in it."""
    days = rep.working_days(month)
    if not days:
        return []
    random = Random(f"{SEED}:records:{rep.employee_id}:{month}")
    drafts = [
        *_loans(rep, month, conduct, customers, days, random),
        *_by_week(rep, conduct, days, random),
        *_by_half_month(conduct, days, random),
        *_by_month(conduct, days, random),
    ]
    drafts.sort(key=lambda draft: (draft[1], MEASURES.index(draft[0])))
    return [
        Record(f"{rep.employee_id}-{month}-{number:03}", rep.employee_id, measure, day, value, customer)
        for number, (measure, day, value, customer) in enumerate(drafts, start=1)
    ]


# A record without its id: measure, day, value, customer.
Draft = tuple[str, date, int, str]


def _loans(
    rep: Rep, month: Month, conduct: Conduct, customers: Customers, days: list[date], random: Random
) -> Iterator[Draft]:
    """Loans paid out, and with a customer's first one the new customer."""
    # Whoever has no target yet (month of hire) sells a little all the same.
    presence = rep.eligible_share(month) * (ramp_share(rep, month) or 0.2)
    total = round(sales_target(rep, month) * presence * conduct.attainment / 1_000) * 1_000
    new = round(new_customers_target(rep) * presence * conduct.new_customer_factor)
    count = max(1, new, round(total / MEAN_LOAN))
    for number, amount in enumerate(_split(total, count, random)):
        day = random.choice(days)
        if number < new:
            customer = customers.add()
            yield "new_customers", day, 1, customer
        else:
            customer = random.choice(customers.ids)
        yield "won_amount", day, amount, customer


def _by_week(rep: Rep, conduct: Conduct, days: list[date], random: Random) -> Iterator[Draft]:
    """On the last working day of each week: leads, and the balances as they stand."""
    usual_balance = Random(f"{SEED}:balance:{rep.employee_id}").randrange(6_000_000, 12_000_000, 10_000)
    for day in _last_of_each_week(days):
        leads = random.randint(5, 9)
        yield "quality_leads", day, leads, ""
        yield "quality_conversions", day, _successes(leads, conduct.conversion_rate, random), ""
        balance = usual_balance + random.randrange(-400_000, 400_000, 10_000)
        yield "loan_balance", day, balance, ""
        overdue = balance * conduct.overdue_rate * random.uniform(0.95, 1.05)
        yield "overdue_amount", day, round(overdue / 100) * 100, ""


def _by_half_month(conduct: Conduct, days: list[date], random: Random) -> Iterator[Draft]:
    for day in sorted({days[len(days) // 2], days[-1]}):
        settled = random.randint(5, 9)
        yield "settled_customers", day, settled, ""
        yield "repeat_customers", day, _successes(settled, conduct.repeat_rate, random), ""
        yield "follow_ups", day, random.randint(30, 60), ""


def _by_month(conduct: Conduct, days: list[date], random: Random) -> Iterator[Draft]:
    last = days[-1]
    checks = random.randint(20, 30)
    yield "checks_made", last, checks, ""
    yield "checks_passed", last, _successes(checks, conduct.pass_rate, random), ""
    yield "visits", last, random.randint(6, 18), ""
    if conduct.violations:
        yield "violations", random.choice(days), conduct.violations, ""
    if random.random() < COMPLAINT_CHANCE:
        yield "complaints", random.choice(days), 1, ""


def _split(total: int, count: int, random: Random) -> list[int]:
    """`count` amounts in steps of 1 000 whose sum is `total`, itself such a step."""
    weights = [random.uniform(0.4, 1.6) for _ in range(count)]
    amounts = [int(total * weight / sum(weights) / 1_000) * 1_000 for weight in weights]
    amounts[0] += total - sum(amounts)
    return amounts


def _successes(trials: int, chance: float, random: Random) -> int:
    return sum(random.random() < chance for _ in range(trials))


def _last_of_each_week(days: list[date]) -> list[date]:
    by_week = {day.isocalendar()[:2]: day for day in days}
    return list(by_week.values())
