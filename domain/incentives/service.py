"""Variable pay: a locked month is written into the ledger once; what comes to light later, in a later one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.errors import BadInput
from domain.incentives.booking import Amount, Book, settle
from domain.incentives.changed import known_to
from domain.incentives.clawing import clawbacks
from domain.incentives.late import by_account, carried_forward, late_amounts
from domain.incentives.lawful import lawful, takes_for_loss
from domain.incentives.model import AccruedMonth, LineKind
from domain.incentives.paying import PersonPay, month_pay
from domain.incentives.wages import minimum_wage
from domain.periods import Period, PeriodKind
from domain.scoring.model import ScoredPeriod


def accrue(session: Session, clock: Clock, period: Period) -> list[Amount]:
    """Write what a locked month earns, and what came to light about earlier ones; what is new.

    Locked months before it that were not accrued yet come first. Done again it adds nothing. Raises BadInput
    for a period that is no locked month: nothing else pays.
    """
    one_at_a_time(session, "ledger")
    locked = _locked_months(session, period)
    if period not in locked:
        raise BadInput("{period} is not locked: only locked months pay.", period=period.key)
    done = {Period.parse(key) for key in session.scalars(sa.select(AccruedMonth.month))}
    new: list[Amount] = []
    for month in sorted(set(locked) - done):
        new += _accrue(session, clock, month, locked[month])
    return new


def is_locked(session: Session, period: Period) -> bool:
    return period in _locked_months(session, period)


def _locked_months(session: Session, until: Period) -> dict[Period, int]:
    """With the run that each was locked on."""
    rows = session.execute(
        sa.select(ScoredPeriod.key, ScoredPeriod.published_run_id).where(
            ScoredPeriod.kind == PeriodKind.MONTH,
            ScoredPeriod.locked_at.is_not(None),
            ScoredPeriod.start <= until.start,
        )
    )
    return {Period.parse(key): run_id for key, run_id in rows if run_id is not None}


def _accrue(session: Session, clock: Clock, month: Period, run_id: int) -> list[Amount]:
    book = Book(session, clock, month)
    pays = month_pay(session, month, month)
    book.add(LineKind.ACCRUAL, (amount for pay in pays.values() for amount in _amounts(month, pay)))
    book.write()  # clawbacks may fall on what was earned just now
    minimum = minimum_wage(session, month)
    session.add(AccruedMonth(month=month.key, run_id=run_id, at=clock.now(), minimum_wage=minimum))
    session.flush()
    _settle_all(session, book, late_amounts(session, month))
    book.write()
    if book.amounts:
        detail = {"run": run_id, "lines": len(book.amounts), "sums": _sums(book.amounts)}
        audit.record(session, clock, "system", "pay.accrue", month.key, detail)
    return book.amounts


def _amounts(month: Period, pay: PersonPay) -> Iterable[Amount]:
    for part in pay.parts:
        yield Amount(
            person_id=pay.card.person_id,
            earned=month,
            part=part.part,
            name=part.name,
            amount=part.amount,
            currency=pay.plan.currency,
            plan_version_id=pay.plan.version_id,
            rate=part.rate,
            facts={**part.facts, "card": pay.card.run_id, "digest": pay.card.digest},
        )


def _settle_all(session: Session, book: Book, late: Sequence[Amount]) -> None:
    """Who gains first: what is gained may be taken from. Then the oldest month first; losses last."""
    found = [*late, *clawbacks(session, known_to(session, book.booked), late)]
    changes = by_account(one for one in found if not takes_for_loss(one))
    carried = carried_forward(session)
    net = {
        account: sum(change.amount for change in changes.get(account, ())) - carried.get(account, 0)
        for account in {*changes, *carried}
    }
    for account in sorted(net, key=lambda one: (net[one] < 0, one.person_id, one.earned, one.currency)):
        settle(book, account, changes.get(account, ()), carried.get(account, 0))
    losses = sorted(filter(takes_for_loss, found), key=lambda one: (one.person_id, one.earned))
    book.add(LineKind.REVERSAL, list(lawful(session, book, losses)))


def _sums(amounts: Iterable[Amount]) -> dict[str, int]:
    """By currency, in minor units."""
    found: dict[str, int] = defaultdict(int)
    for one in amounts:
        found[one.currency] += one.amount
    return dict(found)
