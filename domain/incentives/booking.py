"""Writing the ledger: the one place where lines are made. It never takes back more than is not yet earned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import insert_mappings, is_one_of
from domain.clock import Clock
from domain.errors import Refusal
from domain.incentives.model import LedgerLine, LineKind, PayrollExport
from domain.incentives.rules_money import digits_of, major
from domain.incentives.rules_pay import Part
from domain.periods import Period

LEDGER = LedgerLine.metadata.tables[LedgerLine.__tablename__]

Owed = tuple[int, str]
"""A person and a currency."""


@dataclass(frozen=True)
class Amount:
    """What a part of an earned month comes to, or is to be changed by."""

    person_id: int
    earned: Period
    part: Part
    name: str
    amount: int
    currency: str
    plan_version_id: int | None
    rate: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    reverses_id: int | None = None


class Book:
    """The lines that go into one month's payroll. Knows what each person has in it so far."""

    def __init__(self, session: Session, clock: Clock, booked: Period) -> None:
        if is_paid(session, booked):
            raise Refusal(
                "The payroll of {period} has been handed over: nothing is booked in it any more.",
                period=booked.key,
            )
        self._session = session
        self._now = clock.now()
        self.booked = booked
        self.amounts: list[Amount] = []
        """All that went in."""
        self._unwritten: list[dict[str, Any]] = []
        self._in_book = _sums(session, booked)

    def not_yet_earned(self, person_id: int, currency: str) -> int:
        """What may be taken back, at most."""
        return max(self._in_book[person_id, currency], 0)

    def add(self, kind: LineKind, amounts: Iterable[Amount]) -> None:
        """Raises Refusal where somebody would be left with less than nothing."""
        new = list(amounts)
        for one in new:
            self._in_book[one.person_id, one.currency] += one.amount
        for owed in {(one.person_id, one.currency) for one in new}:
            if self._in_book[owed] < 0:
                raise self._too_much(owed, [one for one in new if (one.person_id, one.currency) == owed])
        self.amounts += new
        self._unwritten += [self._columns(kind, one) for one in new]

    def write(self) -> None:
        """Past the ORM: a month has tens of thousands of lines."""
        if self._unwritten:
            insert_mappings(self._session.connection(), LEDGER, self._unwritten)
            self._unwritten = []

    def _columns(self, kind: LineKind, one: Amount) -> dict[str, Any]:
        return {
            "key": self.key_of(one),
            "person_id": one.person_id,
            "earned": one.earned.key,
            "booked": self.booked.key,
            "kind": str(kind),
            "part": str(one.part),
            "name": one.name,
            "amount": one.amount,
            "currency": one.currency,
            "rate": one.rate,
            "facts": one.facts,
            "plan_version_id": one.plan_version_id,
            "reverses_id": one.reverses_id,
            "created_at": self._now,
        }

    def key_of(self, one: Amount) -> str:
        return ":".join(map(str, (self.booked, one.earned, one.person_id, one.part, one.name, one.currency)))

    def _too_much(self, owed: Owed, amounts: Sequence[Amount]) -> Refusal:
        wanted = sum(one.amount for one in amounts)
        digits = digits_of(owed[1])
        return Refusal(
            "{wanted} {currency} cannot be taken back: {left} {currency} of variable pay are not yet earned "
            "in {period}, and no more may be taken.",
            wanted=major(-wanted, digits),
            left=major(self._in_book[owed] - wanted, digits),
            currency=owed[1],
            period=self.booked.key,
        )


@dataclass(frozen=True)
class Account:
    """One person's pay for one earned month, in one currency."""

    person_id: int
    earned: Period
    currency: str


def settle(book: Book, account: Account, changes: Sequence[Amount], carried: int = 0) -> None:
    """Book the changes of an earned month, as far as what is not yet earned covers them.

    `carried`: what earlier payrolls could not take of it. What this one cannot take either stays carried, as
    a line that says so: the sum of an earned month's lines is always what was really given.
    """
    net = sum(amount.amount for amount in changes) - carried
    short = max(-net - book.not_yet_earned(account.person_id, account.currency), 0)
    lines = list(changes)
    if short != carried:
        facts = {"short": short, "before": carried}
        plan_version_id = changes[0].plan_version_id if changes else None
        lines.append(
            Amount(
                account.person_id,
                account.earned,
                Part.CARRIED,
                "",
                short - carried,
                account.currency,
                plan_version_id,
                facts=facts,
            )
        )
    _add_in_order(book, lines)


def _add_in_order(book: Book, amounts: Sequence[Amount]) -> None:
    """What gives before what takes: in between nobody may stand below nothing."""
    gives = [one for one in amounts if one.amount >= 0 and not _takes(one)]
    book.add(LineKind.ADJUSTMENT, gives)
    book.add(LineKind.REVERSAL, [one for one in amounts if one not in gives])


def _takes(amount: Amount) -> bool:
    return amount.amount < 0 or (amount.part is Part.CLAWBACK and not amount.amount)


def is_paid(session: Session, month: Period) -> bool:
    """Whether the month's payroll has been handed over."""
    return session.get(PayrollExport, month.key) is not None


def _sums(session: Session, booked: Period) -> defaultdict[Owed, int]:
    rows = (
        sa.select(LedgerLine.person_id, LedgerLine.currency, sa.func.sum(LedgerLine.amount))
        .where(LedgerLine.booked == booked.key)
        .group_by(LedgerLine.person_id, LedgerLine.currency)
    )
    found: defaultdict[Owed, int] = defaultdict(int)
    for person_id, currency, amount in session.execute(rows):
        found[person_id, currency] = int(amount)
    return found


def lines_of_earned(session: Session, earned: Period, person_ids: Iterable[int]) -> list[LedgerLine]:
    """All lines of these people for an earned month, in the order they were written."""
    which = is_one_of(session, LedgerLine.person_id, sorted(set(person_ids)))
    rows = sa.select(LedgerLine).where(LedgerLine.earned == earned.key, which)
    return list(session.scalars(rows.order_by(LedgerLine.id)))
