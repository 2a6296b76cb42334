"""What is taken back for a loss keeps to the law's limit (R13); what it may not take is asked for again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.incentives import reading
from domain.incentives.booking import Amount, Book, Owed
from domain.incentives.model import LedgerLine
from domain.incentives.paying import minimum_wage
from domain.incentives.rules_law import Blocked, WageFacts, limit_for_loss
from domain.incentives.rules_money import digits_of, exact_text, major, minor_down
from domain.incentives.rules_pay import Part, Terms
from domain.people import service as people

Wanted = dict[tuple[int, str, str], int]
"""By person, earned month and name: what was wanted last and could not be taken."""


def lawful(session: Session, book: Book, amounts: Sequence[Amount]) -> list[Amount]:
    """The clawbacks, those for losses cut to what the law and the month's pay leave."""
    losses = [one for one in amounts if one.facts["loss"] and one.amount < 0]
    if not losses:
        return list(amounts)
    who = sorted({one.person_id for one in losses})
    terms = reading.terms_in_force(session, book.booked, who)
    minimum, known = minimum_wage(people.company(session)), _known(session, who)
    pay = _Pay(book)
    found = [one for one in amounts if one not in losses]
    for one in losses:
        facts = WageFacts(terms.get(one.person_id, Terms()).wage, minimum)
        cut = pay.cut(one, facts)
        asked = (one.person_id, one.earned.key, one.name)
        if cut.amount or known.get(asked) != cut.facts["wanted"]:
            found.append(cut)
    return found


class _Pay:
    """Each person's variable pay of the month, and what of it losses have taken so far."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._earned: dict[Owed, int] = defaultdict(int)
        self._taken: dict[Owed, int] = defaultdict(int)
        for one in book.amounts:
            owed = (one.person_id, one.currency)
            if one.part is Part.DEDUCTION and {"limit", "blocked"} & one.facts.keys():
                self._taken[owed] -= one.amount
            else:
                self._earned[owed] += one.amount
        self._left: dict[Owed, int] = {}

    def cut(self, one: Amount, facts: WageFacts) -> Amount:
        owed, digits = (one.person_id, one.currency), digits_of(one.currency)
        limit = limit_for_loss(facts, major(self._earned[owed], digits), major(self._taken[owed], digits))
        left = self._left.setdefault(owed, self._book.not_yet_earned(*owed))
        most = 0 if isinstance(limit, Blocked) else min(minor_down(limit, digits), left)
        taken = min(-one.amount, most)
        self._taken[owed] += taken
        self._left[owed] -= taken
        because = {"blocked": str(limit)} if isinstance(limit, Blocked) else {"limit": exact_text(limit)}
        more = {
            **because,
            "wage": _text(facts.wage),
            "minimum_wage": _text(facts.minimum_wage),
            "wanted": -one.amount,
            "now": one.facts["before"] - taken,
        }
        return replace(one, amount=-taken, facts={**one.facts, **more})


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else exact_text(amount)


def _known(session: Session, person_ids: Sequence[int]) -> Wanted:
    rows = sa.select(LedgerLine).where(
        LedgerLine.part == Part.CLAWBACK, is_one_of(session, LedgerLine.person_id, person_ids)
    )
    return {
        (line.person_id, line.earned, line.name): line.facts["wanted"] + line.amount
        for line in session.scalars(rows.order_by(LedgerLine.id))
        if "wanted" in line.facts
    }
