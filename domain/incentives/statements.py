"""A person's statement of a month: every line with what it was computed from, and why there is none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor
from domain.clock import Clock
from domain.disputes.model import Dispute, SubjectKind
from domain.errors import NotFound
from domain.incentives import reading
from domain.incentives.booking import is_paid
from domain.incentives.late import carried_forward
from domain.incentives.model import AccruedMonth, LedgerLine
from domain.incentives.paying import PayingPlan, month_end, month_pay, paying_plans
from domain.incentives.rules_money import digits_of, major
from domain.incentives.rules_terms import TermKind
from domain.incentives.terms import terms_in
from domain.people import service as people
from domain.people.model import Person
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.service import parsed
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.rules_cards import CardStatus
from domain.scoring.rules_kept import read_unranked
from domain.tables import Cell, write_table

COLUMNS = ("booked", "earned", "kind", "part", "name", "amount", "currency", "rate", "why")


@dataclass(frozen=True)
class PayLine:
    id: int
    earned: Period
    kind: str
    part: str
    name: str
    amount: Decimal
    currency: str
    rate: str | None
    facts: dict[str, Any]


@dataclass(frozen=True)
class Withheld:
    """Why a card pays nothing: its status and reason, or measures that pay and were not reported."""

    status: str
    reason: str | None
    measures: tuple[str, ...]


@dataclass(frozen=True)
class TermView:
    kind: TermKind
    value: Decimal
    from_day: date
    because: str


@dataclass(frozen=True)
class Statement:
    """What is booked for a person in a month, the earlier months that it settles included."""

    person_id: int
    employee_id: str
    name: str
    period: Period
    lines: tuple[PayLine, ...]
    totals: tuple[tuple[str, Decimal], ...]
    """By currency."""
    withheld: Withheld | None
    terms: tuple[TermView, ...]
    carried: tuple[tuple[Period, Decimal, str], ...]
    """What is still to be taken back, by the month that earned it: never more than is not yet earned."""
    disputes: Mapping[int, str]
    """By line: how its newest dispute stands."""
    is_accrued: bool
    is_paid: bool
    is_own: bool


def statement(session: Session, actor: Actor, person_id: int, period: Period) -> Statement:
    """Raises NotAllowed, or NotFound where the month pays this person nothing and never will."""
    access.require_pay(session, actor, person_id, period)
    person = session.get_one(Person, person_id)
    lines = tuple(_lines(session, person_id, period))
    withheld = _withheld(session, person_id, period)
    if not lines and withheld is None and not _has_paying_card(session, person_id, period):
        raise NotFound("No variable pay is known for {period}.", period=period.key)
    return Statement(
        person_id=person_id,
        employee_id=person.employee_id,
        name=person.name,
        period=period,
        lines=lines,
        totals=_totals(lines),
        withheld=withheld,
        terms=tuple(
            TermView(TermKind(term.kind), term.value, term.from_day, term.because)
            for term in terms_in(session, person_id, period)
            if term.value is not None
        ),
        carried=tuple(_carried(session, person_id)),
        disputes=_disputes(session, person_id, lines),
        is_accrued=session.get(AccruedMonth, period.key) is not None,
        is_paid=is_paid(session, period),
        is_own=not isinstance(actor, access.CommandLine) and actor.person_id == person_id,
    )


def look(session: Session, clock: Clock, actor: Actor, person_id: int, period: Period) -> Statement:
    """As `statement`; that somebody else looked at it is written down. Raises NotAllowed or NotFound."""
    shown = statement(session, actor, person_id, period)
    if not shown.is_own:
        subject, detail = f"person:{shown.employee_id}", {"period": period.key}
        audit.record(session, clock, access.name_of(actor), "pay.look", subject, detail)
    return shown


def pays(session: Session, person_id: int, period: Period) -> bool:
    """Whether there is a statement to look at: for the button on the card."""
    booked = sa.select(LedgerLine.id).where(
        LedgerLine.person_id == person_id, LedgerLine.booked == period.key
    )
    return session.scalar(booked.limit(1)) is not None or _has_paying_card(session, person_id, period)


def write_statement(shown: Statement, path: Path, why: Iterable[str]) -> None:
    """`why`: each line's arithmetic in words. Raises BadInput where it cannot be written."""
    write_table(path, COLUMNS, statement_rows(shown, why))


def statement_rows(shown: Statement, why: Iterable[str]) -> Iterator[dict[str, Cell]]:
    for line, words in zip(shown.lines, why, strict=True):
        yield {
            "booked": shown.period.key,
            "earned": line.earned.key,
            "kind": line.kind,
            "part": line.part,
            "name": line.name,
            "amount": line.amount,
            "currency": line.currency,
            "rate": line.rate or "",
            "why": words,
        }


def _lines(session: Session, person_id: int, period: Period) -> Iterator[PayLine]:
    rows = sa.select(LedgerLine).where(LedgerLine.person_id == person_id, LedgerLine.booked == period.key)
    return map(pay_line, session.scalars(rows.order_by(LedgerLine.id)))


def pay_line(line: LedgerLine) -> PayLine:
    return PayLine(
        line.id,
        Period.parse(line.earned),
        line.kind,
        line.part,
        line.name,
        major(line.amount, digits_of(line.currency)),
        line.currency,
        line.rate,
        line.facts,
    )


def _totals(lines: Sequence[PayLine]) -> tuple[tuple[str, Decimal], ...]:
    currencies = dict.fromkeys(line.currency for line in lines)
    return tuple(
        (currency, sum((line.amount for line in lines if line.currency == currency), Decimal(0)))
        for currency in currencies
    )


def _disputes(session: Session, person_id: int, lines: Sequence[PayLine]) -> dict[int, str]:
    rows = sa.select(Dispute.name, Dispute.state).where(
        Dispute.owner_id == person_id,
        Dispute.subject == SubjectKind.LEDGER_LINE,
        Dispute.name.in_([str(line.id) for line in lines]),
    )
    return {int(name): state for name, state in session.execute(rows.order_by(Dispute.id))}


def _carried(session: Session, person_id: int) -> Iterator[tuple[Period, Decimal, str]]:
    for account, amount in sorted(carried_forward(session, person_id).items(), key=lambda one: one[0].earned):
        yield account.earned, major(amount, digits_of(account.currency)), account.currency


def _locked_card(session: Session, person_id: int, period: Period) -> Card | None:
    locked = session.get(ScoredPeriod, period.key)
    if locked is None or locked.locked_at is None:
        return None
    until = month_end(people.company(session), period)
    found = reading.paid_cards(session, period, until, [person_id]).get(person_id)
    if found is None:
        return None
    return session.scalar(sa.select(Card).where(Card.run_id == found.run_id, Card.person_id == person_id))


def _plan_of(session: Session, card: Card) -> PayingPlan | None:
    company = people.company(session)
    return paying_plans(session, [card.plan_version_id], company.currency).get(card.plan_version_id)


def _has_paying_card(session: Session, person_id: int, period: Period) -> bool:
    card = _locked_card(session, person_id, period)
    return card is not None and _plan_of(session, card) is not None


def _withheld(session: Session, person_id: int, period: Period) -> Withheld | None:
    card = _locked_card(session, person_id, period)
    if card is None or _plan_of(session, card) is None:
        return None
    if card.status == CardStatus.COMPLETE:
        pay = month_pay(session, period, period, [person_id]).get(person_id)
        unreported = pay.unreported if pay else ()
        return Withheld(CardStatus.INCOMPLETE, None, unreported) if unreported else None
    plan = parsed(session.get_one(PlanVersion, card.plan_version_id))
    reason, measures = read_unranked(card.unranked_because, plan)
    return Withheld(card.status, reason and str(reason), measures)
