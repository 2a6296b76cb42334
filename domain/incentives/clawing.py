"""Clawbacks: what later refunds and overdue amounts take back, at the rate frozen with what was paid.

Never more than the month's commission still pays: what was reversed already is not taken back again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.incentives import reading
from domain.incentives.booking import Account, Amount
from domain.incentives.customers import Customer, Shares, Sold, events, shares_of, sold
from domain.incentives.model import LedgerLine
from domain.incentives.paying import PayingPlan, paying_plans
from domain.incentives.rules_clawback import Fallen, Sale, fall, months_back, still_paid
from domain.incentives.rules_money import digits_of, exact_text, minor
from domain.incentives.rules_pay import COMMISSION, ON_MEASURE, Part
from domain.metrics.coverage import reported_days
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.plans.rules_incentives import Clawback
from domain.scoring.rules_exact import exact_sum, product

MOST_RECORDS_NAMED = 20

Taken = Mapping[tuple[int, Period, str], Sequence[tuple[Fallen, Decimal]]]
"""By person, earned month and measure of the event: what of which sale, and this person's share of it."""
Before = Mapping[tuple[int, Period], Mapping[str, int]]
"""By person and earned month: what each rule has taken back so far, 0 or less."""


@dataclass(frozen=True)
class Paid:
    """Commission that a month paid, at what rate, under which plan; and what of it is still paid."""

    account: Account
    plan: PayingPlan
    rate: str
    line_id: int | None
    left: int

    def is_on(self, measure: str) -> bool:
        """Whether it was paid for sales of this measure."""
        commission = self.plan.pays.commission
        return commission is not None and commission.measure == measure


def clawbacks(session: Session, booked: Period, late: Sequence[Amount]) -> list[Amount]:
    """The changes that bring what is taken back to what should be by the end of `booked`.

    `late`: what the same payroll settles otherwise, not in the ledger yet.
    """
    plans = _plans_with_clawbacks(session, late)
    if not plans:
        return []
    rules = [rule for plan in plans.values() for rule in plan.pays.clawbacks]
    first = months_back(booked, max(rule.within_months for rule in rules))
    load_id = reading.load_of_lock(session, booked)
    named = {rule.measure for rule in rules}
    unknown = reported_days(session, load_id).uncovered(sorted(named), booked.start, booked.last_day)
    stocks = named & {measure for plan in plans.values() for measure in plan.plan.stocks}
    came_back = events(session, named - stocks, stocks, first, booked, load_id)
    measures = {plan.pays.commission.measure for plan in plans.values() if plan.pays.commission}
    sales = sold(session, measures, first, booked, load_id, came_back)
    shares = shares_of(session, {one.record for one in sales}, load_id)
    oldest = min([first, *(one.earned for one in late)])
    before = _taken_before(session, oldest)
    who = {person_id for one in sales for person_id, _ in _sharers(one, shares)}
    paid = _paid(session, plans, oldest, who | {person_id for person_id, _ in before}, late)
    by_customer = _sales(sales, shares, paid)
    fallen = [(one, fall(came_back[one], found)) for one, found in by_customer.items()]
    return list(_changes(booked, paid, _by_account(fallen, shares, paid), before, set(unknown)))


def _plans_with_clawbacks(session: Session, late: Iterable[Amount]) -> dict[int, PayingPlan]:
    used = sa.select(LedgerLine.plan_version_id).where(LedgerLine.part.in_(ON_MEASURE)).distinct()
    versions = {*session.scalars(used), *(one.plan_version_id for one in late)}
    plans = paying_plans(session, versions - {None}, people.company(session).currency)
    return {version_id: plan for version_id, plan in plans.items() if plan.pays.clawbacks}


def _sharers(one: Sold, shares: Shares) -> Sequence[tuple[int, Decimal]]:
    """Whose money a sale is: of all who share in it."""
    return shares.get(one.record) or [(one.person_id, Decimal(1))]


def _sales(
    found: Iterable[Sold], shares: Shares, paid: Mapping[tuple[int, Period], Paid]
) -> dict[Customer, list[Sale]]:
    """Those that commission was paid on, under the rules of the plans that paid it."""
    sales: dict[Customer, list[Sale]] = defaultdict(list)
    for one in found:
        month = Period.containing(PeriodKind.MONTH, one.day)
        within: dict[str, int] = {}
        for person_id, _ in _sharers(one, shares):
            of = paid.get((person_id, month))
            if of is not None and of.is_on(one.measure):
                for rule in of.plan.pays.clawbacks:
                    within[rule.measure] = max(rule.within_months, within.get(rule.measure, 0))
        if within:
            sales[one.person_id, one.customer].append(
                Sale(one.day, one.record, one.measure, one.value, within)
            )
    return sales


def _by_account(
    fallen: Iterable[tuple[Customer, Sequence[Fallen]]],
    shares: Shares,
    paid: Mapping[tuple[int, Period], Paid],
) -> Taken:
    """Of those who share in a sale, whoever was paid for what its measure counts."""
    taken: dict[tuple[int, Period, str], list[tuple[Fallen, Decimal]]] = defaultdict(list)
    for (owner, _customer), found in fallen:
        for one in found:
            month = Period.containing(PeriodKind.MONTH, one.sale.day)
            for person_id, share in shares.get(one.sale.record) or [(owner, Decimal(1))]:
                of = paid.get((person_id, month))
                if of is not None and of.is_on(one.sale.measure):
                    taken[person_id, month, one.measure].append((one, share))
    return taken


def _taken_before(session: Session, first: Period) -> Before:
    rows = (
        sa.select(LedgerLine.person_id, LedgerLine.earned, LedgerLine.name, sa.func.sum(LedgerLine.amount))
        .where(LedgerLine.part == Part.CLAWBACK, LedgerLine.earned >= first.key)
        .group_by(LedgerLine.person_id, LedgerLine.earned, LedgerLine.name)
    )
    found: dict[tuple[int, Period], dict[str, int]] = defaultdict(dict)
    for person_id, earned, name, amount in session.execute(rows):
        found[person_id, Period.parse(earned)][name] = int(amount)
    return found


def _paid(
    session: Session,
    plans: Mapping[int, PayingPlan],
    first: Period,
    person_ids: Collection[int],
    late: Sequence[Amount],
) -> dict[tuple[int, Period], Paid]:
    """By person and earned month; at the rate of the first line that has one, accrued or settled later."""
    line = LedgerLine
    which = (line.earned >= first.key, is_one_of(session, line.person_id, sorted(person_ids)))
    rows = sa.select(
        *(line.id, line.person_id, line.earned, line.currency, line.plan_version_id),
        line.facts["paid_rate"].as_string(),
    ).where(line.part.in_(ON_MEASURE), *which)
    lines = [tuple(row) for row in session.execute(rows.order_by(line.id))]
    lines += [
        (None, one.person_id, one.earned.key, one.currency, one.plan_version_id, one.facts.get("paid_rate"))
        for one in late
        if one.part in ON_MEASURE
    ]
    parts = _parts(session, which, late)
    found: dict[tuple[int, Period], Paid] = {}
    for line_id, person_id, earned, currency, version_id, rate in lines:
        plan, account = plans.get(version_id or 0), Account(person_id, Period.parse(earned), currency)
        if plan is not None and rate is not None and (person_id, account.earned) not in found:
            left = still_paid(parts[account])
            found[person_id, account.earned] = Paid(account, plan, rate, line_id, left)
    return found


def _parts(
    session: Session, which: Iterable[sa.ColumnElement[bool]], late: Sequence[Amount]
) -> Mapping[Account, Mapping[Part, int]]:
    """What each part of the commission has come to by now."""
    line = LedgerLine
    rows = (
        sa.select(line.person_id, line.earned, line.currency, line.part, sa.func.sum(line.amount))
        .where(line.part.in_(COMMISSION), *which)
        .group_by(line.person_id, line.earned, line.currency, line.part)
    )
    found: dict[Account, dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    for person_id, earned, currency, part, amount in session.execute(rows):
        found[Account(person_id, Period.parse(earned), currency)][Part(part)] = int(amount)
    for one in late:
        if one.part in COMMISSION:
            found[Account(one.person_id, one.earned, one.currency)][one.part] += one.amount
    return found


def _changes(
    booked: Period, paid: Mapping[tuple[int, Period], Paid], taken: Taken, before: Before, unknown: set[str]
) -> Iterable[Amount]:
    """What is not looked at, too long ago or not wholly reported, stays as far as it is still paid."""
    for (person_id, month), one in sorted(paid.items(), key=lambda entry: entry[0]):
        had, left = before.get((person_id, month), {}), one.left
        for rule in sorted(one.plan.pays.clawbacks, key=_is_limited_by_law):
            stays = rule.measure in unknown or months_back(booked, rule.within_months) > month
            fallen = [] if stays else taken.get((person_id, month, rule.measure), [])
            wanted = -had.get(rule.name, 0) if stays else _wanted(one, fallen)
            take = min(wanted, left)
            if -take != had.get(rule.name, 0):
                bound = {"still_paid": left} if take < wanted else {}
                yield _change(one, rule, fallen, had.get(rule.name, 0), take, bound)
            left -= take


def _is_limited_by_law(rule: Clawback) -> bool:
    """What the law keeps from being taken must not keep anything else from it."""
    return rule.loss


def _wanted(paid: Paid, fallen: Iterable[tuple[Fallen, Decimal]]) -> int:
    return minor(_value(fallen) * Fraction(paid.rate), digits_of(paid.account.currency))


def _value(fallen: Iterable[tuple[Fallen, Decimal]]) -> Fraction:
    return Fraction(exact_sum(product(one.value, share) for one, share in fallen))


def _change(
    paid: Paid,
    rule: Clawback,
    fallen: Sequence[tuple[Fallen, Decimal]],
    before: int,
    take: int,
    bound: Mapping[str, int],
) -> Amount:
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
        person_id=paid.account.person_id,
        earned=paid.account.earned,
        part=Part.CLAWBACK,
        name=rule.name,
        amount=-take - before,
        currency=paid.account.currency,
        plan_version_id=paid.plan.version_id,
        rate=paid.rate,
        facts={
            "measure": rule.measure,
            "value": exact_text(_value(fallen)),
            "before": before,
            "now": -take,
            **bound,
            "loss": rule.loss,
            "records": records,
            "count": len(fallen),
        },
        reverses_id=paid.line_id,
    )
