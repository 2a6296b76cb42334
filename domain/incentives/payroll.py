"""A month's payroll: a row a person, handed over once. The same again comes out the same."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor, name_of
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.errors import BadInput, NotFound
from domain.incentives import reading
from domain.incentives.model import AccruedMonth, LedgerLine, PayrollExport
from domain.incentives.paying import month_end, month_pay, paying_plans
from domain.incentives.rules_money import digits_of, major
from domain.incentives.rules_pay import Part
from domain.incentives.service import accrue
from domain.people import service as people
from domain.people.model import Person, Role
from domain.periods import Period
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.published import IS_PUBLISHED
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


def payroll(session: Session, clock: Clock, actor: Actor, month: Period) -> Payroll:
    """The month's rows, and from now on it is paid. Raises NotAllowed, or BadInput for a month not locked."""
    _require_right(session, actor, month)
    one_at_a_time(session, "ledger")
    if session.get(PayrollExport, month.key) is not None:
        return handed_over(session, actor, month)
    if session.get(AccruedMonth, month.key) is None:
        accrue(session, clock, month)
        _require_right(session, actor, month)
    lines = _lines(session, month)
    rows = tuple(_rows(session, month, lines))
    _hand_over(session, clock, actor, month, rows, max((line.id for line in lines), default=0))
    return Payroll(month, rows, 0, is_repeated=False)


def handed_over(session: Session, actor: Actor, month: Period) -> Payroll:
    """The payroll as it was handed over. Raises NotAllowed, or NotFound where it was not yet."""
    _require_right(session, actor, month)
    export = session.get(PayrollExport, month.key)
    if export is None:
        raise NotFound("The payroll of {period} has not been handed over yet.", period=month.key)
    lines = _lines(session, month)
    kept = [line for line in lines if line.id <= export.last_line_id]
    return Payroll(month, tuple(_rows(session, month, kept)), len(lines) - len(kept), True)


def write_payroll(found: Payroll, path: Path) -> None:
    """Raises BadInput where it cannot be written."""
    write_table(path, COLUMNS, found.rows)


def _require_right(session: Session, actor: Actor, month: Period) -> None:
    """A payroll is of the whole company: for HR that looks after all of it."""
    access.require_hr(actor)
    if isinstance(actor, access.CommandLine):
        return
    with_card = (
        sa.select(Card.person_id).join(ScoredPeriod, IS_PUBLISHED).where(ScoredPeriod.key == month.key)
    )
    with_line = sa.select(LedgerLine.person_id).where(LedgerLine.booked == month.key)
    everybody = {*session.scalars(with_card), *session.scalars(with_line)}
    if actor.role is not Role.HR or access.payees_in_sight(session, actor, month, everybody) < everybody:
        raise BadInput("The payroll is of the whole company, and you look after a part of it: ask head HR.")


def _lines(session: Session, month: Period) -> Sequence[LedgerLine]:
    rows = sa.select(LedgerLine).where(LedgerLine.booked == month.key)
    return session.scalars(rows.order_by(LedgerLine.id)).all()


def _hand_over(
    session: Session,
    clock: Clock,
    actor: Actor,
    month: Period,
    rows: Sequence[dict[str, Cell]],
    last_line_id: int,
) -> None:
    digest = digest_of(rows)
    session.add(
        PayrollExport(
            month=month.key, last_line_id=last_line_id, digest=digest, by=name_of(actor), at=clock.now()
        )
    )
    session.flush()
    detail = {"rows": len(rows), "last_line": last_line_id, "digest": digest}
    audit.record(session, clock, name_of(actor), "payroll.export", month.key, detail)


def digest_of(rows: Iterable[dict[str, Cell]]) -> str:
    texts = [{name: str(cell) for name, cell in row.items()} for row in rows]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


def _rows(session: Session, month: Period, lines: Sequence[LedgerLine]) -> Iterable[dict[str, Cell]]:
    """By employee id; whose card was not computed has the reason in the place of pay."""
    unpaid = _not_computed(session, month)
    booked: dict[int, dict[str, list[LedgerLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        booked[line.person_id][line.currency].append(line)
    names = _names(session, {*booked, *unpaid})
    for person_id in sorted(names, key=lambda one: names[one]):
        note = unpaid.get(person_id, "")
        for currency, of_person in sorted(booked.get(person_id, {}).items()):
            yield _row(names[person_id], month, currency, of_person, note)
        if person_id not in booked:
            employee_id, name = names[person_id]
            blank: dict[str, Cell] = dict.fromkeys(COLUMNS, "")
            yield {**blank, "employee_id": employee_id, "name": name, "booked": month.key, "note": note}


def _row(
    who: tuple[str, str], month: Period, currency: str, lines: Sequence[LedgerLine], note: str
) -> dict[str, Cell]:
    digits = digits_of(currency)
    sums: dict[str, int] = dict.fromkeys(_AMOUNTS, 0)
    for line in lines:
        column = _COLUMN_OF[Part(line.part)]
        if line.earned != month.key and column != "taken_back":
            column = "earlier_months"
        sums[column] += line.amount
    amounts: dict[str, Cell] = {name: major(amount, digits) for name, amount in sums.items()}
    return {
        "employee_id": who[0],
        "name": who[1],
        "booked": month.key,
        "currency": currency,
        **amounts,
        "total": major(sum(sums.values()), digits),
        "note": note,
    }


def _names(session: Session, person_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    wanted = set(person_ids)
    rows = session.execute(sa.select(Person.id, Person.employee_id, Person.name))
    return {person_id: (employee_id, name) for person_id, employee_id, name in rows if person_id in wanted}


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
