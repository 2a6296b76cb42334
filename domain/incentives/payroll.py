"""A month's payroll: a row a person, handed over once. The same again comes out the same."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor, name_of
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.incentives import reading
from domain.incentives.model import AccruedMonth, LedgerLine, PayrollExport
from domain.incentives.paying import month_end, month_pay, paying_plans
from domain.incentives.rules_money import digits_of, major
from domain.incentives.rules_pay import Part
from domain.incentives.service import accrue
from domain.people import service as people
from domain.people.model import Person
from domain.periods import Period
from domain.scoring.rules_cards import CardStatus
from domain.tables import Cell, write_table

COLUMNS = (
    *("employee_id", "name", "booked", "currency", "base", "commission", "quality", "pool", "cap"),
    *("deductions", "earlier_months", "taken_back", "total", "note"),
)
NOT_COMPUTED = "not computed: the card is {status}"
NOT_REPORTED = "not computed: {measures} not reported for every day"
_COLUMN_OF = {
    Part.BASE: "base",
    Part.RATE: "commission",
    Part.BAND: "commission",
    Part.OWN_RATE: "commission",
    Part.UNPAID: "commission",
    Part.QUALITY: "quality",
    Part.POOL: "pool",
    Part.CAP: "cap",
    Part.DEDUCTION: "deductions",
    Part.CLAWBACK: "taken_back",
    Part.CARRIED: "taken_back",
    Part.TAKEN: "taken_back",
}
_AMOUNTS = tuple(dict.fromkeys([*_COLUMN_OF.values(), "earlier_months"]))


@dataclass(frozen=True)
class Payroll:
    """`added_since`: lines booked after it was handed over for the first time; none are in it."""

    month: Period
    rows: tuple[dict[str, Cell], ...]
    added_since: int
    is_repeated: bool


class Named(NamedTuple):
    """Somebody in a payroll as it is handed over: names change, the file does not."""

    person_id: int
    employee_id: str
    name: str
    note: str


def payroll(session: Session, clock: Clock, actor: Actor, month: Period) -> Payroll:
    """The month's rows, and from now on it is paid. Again: as it was handed over.

    Raises NotAllowed, or BadInput for a month not locked.
    """
    access.require_payroll(session, actor, month)
    one_at_a_time(session, "ledger")
    export = session.get(PayrollExport, month.key)
    if export is not None:
        audit.record(session, clock, name_of(actor), "payroll.look", month.key)
        return _handed_over(session, month, export)
    if session.get(AccruedMonth, month.key) is None:
        accrue(session, clock, month)
    lines = _lines(session, month)
    named = _named(session, month, lines)
    rows = tuple(_rows(month, lines, named))
    _hand_over(session, clock, actor, month, rows, named, max((line.id for line in lines), default=0))
    return Payroll(month, rows, 0, is_repeated=False)


def _handed_over(session: Session, month: Period, export: PayrollExport) -> Payroll:
    """Of the same lines, and of the people as they were called then."""
    lines = _lines(session, month)
    kept = [line for line in lines if line.id <= export.last_line_id]
    named = [Named(*one) for one in export.people or ()] or _named(session, month, kept)
    return Payroll(month, tuple(_rows(month, kept, named)), len(lines) - len(kept), True)


def write_payroll(found: Payroll, path: Path) -> None:
    """Raises BadInput where it cannot be written."""
    write_table(path, COLUMNS, found.rows)


def _lines(session: Session, month: Period) -> Sequence[LedgerLine]:
    rows = sa.select(LedgerLine).where(LedgerLine.booked == month.key)
    return session.scalars(rows.order_by(LedgerLine.id)).all()


def _hand_over(
    session: Session,
    clock: Clock,
    actor: Actor,
    month: Period,
    rows: Sequence[dict[str, Cell]],
    named: Sequence[Named],
    last_line_id: int,
) -> None:
    digest = digest_of(rows)
    session.add(
        PayrollExport(
            month=month.key,
            last_line_id=last_line_id,
            digest=digest,
            people=[list(one) for one in named],
            by=name_of(actor),
            at=clock.now(),
        )
    )
    session.flush()
    detail = {"rows": len(rows), "last_line": last_line_id, "digest": digest}
    audit.record(session, clock, name_of(actor), "payroll.export", month.key, detail)


def digest_of(rows: Iterable[dict[str, Cell]]) -> str:
    texts = [{name: str(cell) for name, cell in row.items()} for row in rows]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


def _named(session: Session, month: Period, lines: Iterable[LedgerLine]) -> list[Named]:
    """By employee id: who has a line, or the reason in the place of pay."""
    unpaid = _not_computed(session, month)
    wanted = {line.person_id for line in lines} | unpaid.keys()
    everybody = session.execute(sa.select(Person.id, Person.employee_id, Person.name))
    named = [
        Named(person_id, employee_id, name, unpaid.get(person_id, ""))
        for person_id, employee_id, name in everybody
        if person_id in wanted
    ]
    return sorted(named, key=lambda one: one.employee_id)


def _rows(month: Period, lines: Iterable[LedgerLine], named: Iterable[Named]) -> Iterable[dict[str, Cell]]:
    booked: dict[int, dict[str, list[LedgerLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        booked[line.person_id][line.currency].append(line)
    for one in named:
        for currency, of_person in sorted(booked.get(one.person_id, {}).items()):
            yield _row(one, month, currency, of_person)
        if one.person_id not in booked:
            blank: dict[str, Cell] = dict.fromkeys(COLUMNS, "")
            called = {"employee_id": one.employee_id, "name": one.name, "note": one.note}
            yield {**blank, **called, "booked": month.key}


def _row(who: Named, month: Period, currency: str, lines: Sequence[LedgerLine]) -> dict[str, Cell]:
    digits = digits_of(currency)
    sums: dict[str, int] = dict.fromkeys(_AMOUNTS, 0)
    for line in lines:
        column = _COLUMN_OF[Part(line.part)]
        if line.earned != month.key and column != "taken_back":
            column = "earlier_months"
        sums[column] += line.amount
    amounts: dict[str, Cell] = {name: major(amount, digits) for name, amount in sums.items()}
    return {
        "employee_id": who.employee_id,
        "name": who.name,
        "booked": month.key,
        "currency": currency,
        **amounts,
        "total": major(sum(sums.values()), digits),
        "note": who.note,
    }


def _not_computed(session: Session, month: Period) -> dict[int, str]:
    """Locked cards under plans that pay, and why there is nothing: unknown is not zero."""
    company = people.company(session)
    cards = reading.paid_cards(session, month, month_end(company, month))
    plans = paying_plans(session, {card.plan_version_id for card in cards.values()}, company.currency)
    found = {
        person_id: NOT_COMPUTED.format(status=card.status.replace("_", " "))
        for person_id, card in cards.items()
        if card.plan_version_id in plans and card.status != CardStatus.COMPLETE
    }
    for person_id, pay in month_pay(session, month, month).items():
        if pay.unreported:
            found[person_id] = NOT_REPORTED.format(measures=", ".join(pay.unreported))
    return found
