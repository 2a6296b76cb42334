"""What is taken back for a loss keeps to the law's limit (R13); what it may not take is asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.incentives import reading
from domain.incentives.booking import Amount, Book, Owed
from domain.incentives.model import LedgerLine
from domain.incentives.rules_law import Blocked, WageFacts, is_for_loss, limit_for_loss
from domain.incentives.rules_money import digits_of, exact_text, major, minor_down
from domain.incentives.rules_pay import Part, Terms
from domain.incentives.wages import minimum_wage

Asked = tuple[int, str, str]
"""A person, an earned month and a clawback's name."""


def takes_for_loss(amount: Amount) -> bool:
    return amount.amount < 0 and is_for_loss(amount.facts)


def lawful(session: Session, book: Book, losses: Sequence[Amount]) -> Iterable[Amount]:
    """These cut to what the law and the month's pay leave, once all else is in the book.

    None of it is carried: a later payroll would take it beside its own, beyond the limit. Clawbacks are asked
    for again each month.
    """
    if not losses:
        return
    who = sorted({one.person_id for one in losses})
    terms = reading.terms_in_force(session, book.booked, who)
    minimum, known = minimum_wage(session, book.booked), _known(session, losses)
    pay = _Pay(book)
    for one in losses:
        cut = pay.cut(one, WageFacts(terms.get(one.person_id, Terms()).wage, minimum))
        is_new = one.part is Part.CLAWBACK and known.get(_asked(one)) != -one.amount
        if cut.amount or is_new:
            yield cut


class _Pay:
    """Each person's variable pay of the month, and what of it losses have taken so far."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._earned: dict[Owed, int] = {}
        self._taken: dict[Owed, int] = {}
        for one in book.amounts:
            owed = (one.person_id, one.currency)
            if is_for_loss(one.facts):
                self._taken[owed] = self._taken.get(owed, 0) - one.amount
            else:
                self._earned[owed] = self._earned.get(owed, 0) + one.amount
        self._left: dict[Owed, int] = {}

    def cut(self, one: Amount, facts: WageFacts) -> Amount:
        owed, digits = (one.person_id, one.currency), digits_of(one.currency)
        before = max(self._taken.get(owed, 0), 0)
        limit = limit_for_loss(facts, major(self._earned.get(owed, 0), digits), major(before, digits))
        left = self._left.setdefault(owed, self._book.not_yet_earned(*owed))
        most = 0 if isinstance(limit, Blocked) else min(minor_down(limit, digits), left)
        taken = min(-one.amount, most)
        self._taken[owed] = before + taken
        self._left[owed] = left - taken
        because = {"blocked": str(limit)} if isinstance(limit, Blocked) else {"limit": exact_text(limit)}
        more = {
            **because,
            "wage": _text(facts.wage),
            "minimum_wage": _text(facts.minimum_wage),
            "now": one.facts["before"] - taken,
        }
        if one.part is Part.CLAWBACK:
            more["wanted"] = -one.amount
        return replace(one, amount=-taken, facts={**one.facts, **more})


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else exact_text(amount)


def _asked(one: Amount) -> Asked:
    return one.person_id, one.earned.key, one.name


def _known(session: Session, losses: Iterable[Amount]) -> dict[Asked, int]:
    """What of each clawback was wanted last and could not be taken."""
    line = LedgerLine
    rows = sa.select(line.person_id, line.earned, line.name, line.facts, line.amount).where(
        line.part == Part.CLAWBACK,
        line.earned.in_({one.earned.key for one in losses}),
        is_one_of(session, line.person_id, sorted({one.person_id for one in losses})),
    )
    return {
        (person_id, earned, name): facts["wanted"] + amount
        for person_id, earned, name, facts, amount in session.execute(rows.order_by(line.id))
        if "wanted" in facts
    }
