"""Clawbacks: what later refunds and overdue amounts take back, at the rate frozen with what was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.incentives import reading
from domain.incentives.booking import Amount
from domain.incentives.model import Credit, LedgerLine, LineKind
from domain.incentives.paying import PayingPlan, paying_plans
from domain.incentives.rules_clawback import Event, Fallen, Sale, fall, months_back
from domain.incentives.rules_money import exact_text, minor
from domain.incentives.rules_pay import Part
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.plans.rules_incentives import Clawback
from domain.scoring.rules_exact import exact_sum, product

MOST_RECORDS_NAMED = 20
ON_MEASURE = (Part.BAND, Part.OWN_RATE)

Customer = tuple[int, str]
"""A person, and the customer's id."""
Taken = dict[tuple[int, Period, str], list[tuple[Fallen, Decimal]]]
"""By person, earned month and measure of the event: what of which sale, and this person's share of it."""


class Row(NamedTuple):
    """A record that names a customer."""

    person_id: int
    customer: str
    day: date
    measure: str
    value: Decimal


@dataclass(frozen=True)
class Paid:
    """Commission that a month paid, at what rate, under which plan."""

    line: LedgerLine
    plan: PayingPlan
    rate: Fraction

    def rule(self, measure: str) -> Clawback | None:
        return next((rule for rule in self.plan.pays.clawbacks if rule.measure == measure), None)


def clawbacks(session: Session, booked: Period) -> list[Amount]:
    """The changes that bring what is taken back to what should be by the end of `booked`."""
    plans = _plans_with_clawbacks(session)
    if not plans:
        return []
    longest = max(rule.within_months for plan in plans.values() for rule in plan.pays.clawbacks)
    first = months_back(booked, longest)
    load_id = reading.load_of_lock(session, booked)
    events = _events(session, plans.values(), first, booked, load_id)
    sales = _sales(session, plans.values(), first, booked, load_id, events)
    fallen = {
        customer: fall(events[customer], found) for customer, found in sales.items() if customer in events
    }
    taken = _by_account(session, fallen, load_id)
    return _changes(session, plans, first, booked, taken)


def _plans_with_clawbacks(session: Session) -> dict[int, PayingPlan]:
    used = sa.select(LedgerLine.plan_version_id).where(LedgerLine.part.in_(ON_MEASURE)).distinct()
    versions = {version_id for version_id in session.scalars(used) if version_id is not None}
    plans = paying_plans(session, versions, people.company(session).currency)
    return {version_id: plan for version_id, plan in plans.items() if plan.pays.clawbacks}


def _events(
    session: Session, plans: Collection[PayingPlan], first: Period, booked: Period, load_id: int
) -> dict[Customer, list[Event]]:
    """A flow's records day by day; of a stock what stands on its latest day within the booked month."""
    stocks = {measure for plan in plans for measure in plan.plan.stocks}
    named = {rule.measure for plan in plans for rule in plan.pays.clawbacks}
    found: dict[Customer, list[Event]] = defaultdict(list)
    flows, balances = named - stocks, named & stocks
    for row in _records(session, flows, first, booked, load_id):
        found[row.person_id, row.customer].append(Event(row.day, row.measure, row.value))
    standing: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in _records(session, balances, booked, booked, load_id):
        standing[row.person_id, row.measure].append(row)
    for rows in standing.values():
        latest = max(row.day for row in rows)
        for row in rows:
            if row.day == latest:
                event = Event(booked.last_day, row.measure, row.value)
                found[row.person_id, row.customer].append(event)
    return found


def _records(
    session: Session, measures: Collection[str], first: Period, last: Period, load_id: int
) -> list[Row]:
    record = MeasureRecord
    rows = sa.select(
        record.person_id, record.customer_id, record.occurred_on, record.measure, record.value
    ).where(
        record.measure.in_(measures),
        record.customer_id.is_not(None),
        record.occurred_on >= first.start,
        record.occurred_on < last.end,
        record.value > 0,
        record.as_of(load_id),
    )
    return [
        Row(person_id, customer or "", day, measure, value)
        for person_id, customer, day, measure, value in session.execute(rows)
    ]


def _sales(
    session: Session,
    plans: Collection[PayingPlan],
    first: Period,
    booked: Period,
    load_id: int,
    customers: Collection[Customer],
) -> dict[Customer, list[Sale]]:
    """What these customers bought of these people, and the rules of the plan that paid for it."""
    wanted = set(customers)
    rules = _rules_by_month(session, plans, first, {person_id for person_id, _ in wanted})
    record = MeasureRecord
    rows = session.execute(
        sa.select(
            *(record.person_id, record.customer_id, record.occurred_on, record.source, record.record_id),
            *(record.measure, record.value),
        ).where(
            record.measure.in_({plan.pays.commission.measure for plan in plans if plan.pays.commission}),
            is_one_of(session, record.person_id, sorted({person_id for person_id, _ in wanted})),
            record.customer_id.is_not(None),
            record.occurred_on >= first.start,
            record.occurred_on < booked.end,
            record.value > 0,
            record.as_of(load_id),
        )
    )
    found: dict[Customer, list[Sale]] = defaultdict(list)
    for person_id, customer, day, source, record_id, measure, value in rows:
        plan = rules.get((person_id, f"{day:%Y-%m}"))
        of = (person_id, str(customer))
        if of in wanted and plan is not None and _pays_for(plan, measure):
            within = {rule.measure: rule.within_months for rule in plan.pays.clawbacks}
            found[of].append(Sale(day, (source, record_id), value, within))
    return found


def _pays_for(plan: PayingPlan, measure: str) -> bool:
    return plan.pays.commission is not None and plan.pays.commission.measure == measure


def _rules_by_month(
    session: Session, plans: Collection[PayingPlan], first: Period, person_ids: Collection[int]
) -> dict[tuple[int, str], PayingPlan]:
    by_version = {plan.version_id: plan for plan in plans}
    return {
        (line.person_id, line.earned): by_version[line.plan_version_id]
        for line in _paid_lines(session, first, person_ids)
        if line.plan_version_id in by_version
    }


def _paid_lines(session: Session, first: Period, person_ids: Collection[int]) -> list[LedgerLine]:
    rows = sa.select(LedgerLine).where(
        LedgerLine.kind == LineKind.ACCRUAL,
        LedgerLine.part.in_(ON_MEASURE),
        LedgerLine.earned >= first.key,
        is_one_of(session, LedgerLine.person_id, sorted(person_ids)),
    )
    return list(session.scalars(rows.order_by(LedgerLine.id)))


def _by_account(session: Session, fallen: Mapping[Customer, list[Fallen]], load_id: int) -> Taken:
    """A shared sale is taken back from all who shared in it."""
    records = {one.sale.record for found in fallen.values() for one in found}
    shares: dict[tuple[str, str], list[tuple[int, Decimal]]] = defaultdict(list)
    if records:
        which = is_one_of(session, Credit.record_id, sorted({record_id for _, record_id in records}))
        for credit in session.scalars(sa.select(Credit).where(which, Credit.as_of(load_id))):
            shares[credit.source, credit.record_id].append((credit.person_id, credit.share))
    taken: Taken = defaultdict(list)
    for (owner, _customer), found in fallen.items():
        for one in found:
            month = Period.containing(PeriodKind.MONTH, one.sale.day)
            for person_id, share in shares.get(one.sale.record) or [(owner, Decimal(1))]:
                taken[person_id, month, one.measure].append((one, share))
    return taken


def _changes(
    session: Session, plans: Mapping[int, PayingPlan], first: Period, booked: Period, taken: Taken
) -> list[Amount]:
    before = _taken_before(session, first)
    who = {person_id for person_id, _, _ in taken} | {person_id for person_id, _, _ in before}
    paid = _paid(session, plans, first, who)
    found = []
    for (person_id, month), one in sorted(paid.items()):
        for rule in one.plan.pays.clawbacks:
            if months_back(booked, rule.within_months) > month:
                continue  # what was taken back stays: it is too long ago to look again
            fallen = taken.get((person_id, month, rule.measure), [])
            change = _change(one, rule, fallen, before.get((person_id, month, rule.name), 0))
            if change is not None:
                found.append(change)
    return found


def _paid(
    session: Session, plans: Mapping[int, PayingPlan], first: Period, person_ids: Collection[int]
) -> dict[tuple[int, Period], Paid]:
    found: dict[tuple[int, Period], Paid] = {}
    for line in _paid_lines(session, first, person_ids):
        plan = plans.get(line.plan_version_id or 0)
        if plan is not None:
            key = (line.person_id, Period.parse(line.earned))
            found.setdefault(key, Paid(line, plan, Fraction(line.facts["paid_rate"])))
    return found


def _taken_before(session: Session, first: Period) -> dict[tuple[int, Period, str], int]:
    rows = (
        sa.select(LedgerLine.person_id, LedgerLine.earned, LedgerLine.name, sa.func.sum(LedgerLine.amount))
        .where(LedgerLine.part == Part.CLAWBACK, LedgerLine.earned >= first.key)
        .group_by(LedgerLine.person_id, LedgerLine.earned, LedgerLine.name)
    )
    return {
        (person_id, Period.parse(earned), name): int(amount)
        for person_id, earned, name, amount in session.execute(rows)
    }


def _change(paid: Paid, rule: Clawback, fallen: list[tuple[Fallen, Decimal]], before: int) -> Amount | None:
    value = exact_sum(product(one.value, share) for one, share in fallen)
    should = -minor(Fraction(value) * paid.rate, paid.plan.digits)
    if should == before:
        return None
    records = [
        {
            "record": one.sale.record[1],
            "source": one.sale.record[0],
            "day": one.sale.day.isoformat(),
            "value": exact_text(product(one.value, share)),
        }
        for one, share in fallen[:MOST_RECORDS_NAMED]
    ]
    return Amount(
        person_id=paid.line.person_id,
        earned=Period.parse(paid.line.earned),
        part=Part.CLAWBACK,
        name=rule.name,
        amount=should - before,
        currency=paid.plan.currency,
        plan_version_id=paid.plan.version_id,
        rate=paid.line.facts["paid_rate"],
        facts={
            "measure": rule.measure,
            "value": exact_text(value),
            "before": before,
            "now": should,
            "loss": rule.loss,
            "records": records,
            "count": len(fallen),
        },
        reverses_id=paid.line.id,
    )
