"""What came to light about earned months since they were locked: what they should pay, less what they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.closing.model import Adjustment, Restatement
from domain.incentives.booking import Account, Amount, lines_of_earned
from domain.incentives.model import AccruedMonth, Credit, LedgerLine
from domain.incentives.paying import PersonPay, month_end, month_pay
from domain.incentives.rules_pay import Part, PayPart
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.periods import Period
from domain.scoring.model import ScoreRun

PartName = tuple[str, str]
NOT_FROM_CARDS = frozenset({Part.CLAWBACK, Part.TAKEN, Part.CARRIED})
"""Parts that no card says: they are settled by themselves."""


def late_amounts(session: Session, booked: Period) -> list[Amount]:
    """The changes of earned months that the payroll of `booked` settles."""
    found: list[Amount] = []
    for earned, person_ids in sorted(_changed(session, booked).items()):
        pays = month_pay(session, earned, booked, person_ids)
        lines: dict[int, list[LedgerLine]] = defaultdict(list)
        for line in lines_of_earned(session, earned, {*pays, *person_ids}):
            lines[line.person_id].append(line)
        for person_id in sorted({*pays, *lines}):
            found += differences(earned, person_id, pays.get(person_id), lines[person_id])
    return found


def differences(
    earned: Period, person_id: int, pay: PersonPay | None, lines: Sequence[LedgerLine]
) -> list[Amount]:
    """Part by part, what should be less what the ledger has; nothing where it is the same."""
    of_cards = [line for line in lines if line.part not in NOT_FROM_CARDS]
    has = sums_by_part(of_cards)
    should = {(str(part.part), part.name): part for part in pay.parts} if pay else {}
    first = {(line.part, line.name): line for line in reversed(of_cards)}
    found = []
    for key in dict.fromkeys([*should, *has]):
        change = (should[key].amount if key in should else 0) - has.get(key, 0)
        if change:
            found.append(
                _change(earned, person_id, pay, key, change, should.get(key), has.get(key, 0), first.get(key))
            )
    return found


def sums_by_part(lines: Iterable[LedgerLine]) -> dict[PartName, int]:
    found: dict[PartName, int] = defaultdict(int)
    for line in lines:
        found[line.part, line.name] += line.amount
    return dict(found)


def _change(
    earned: Period,
    person_id: int,
    pay: PersonPay | None,
    key: PartName,
    change: int,
    part: PayPart | None,
    had: int,
    first: LedgerLine | None,
) -> Amount:
    if pay is not None:
        currency, version_id = pay.plan.currency, pay.plan.version_id
    else:
        assert first is not None  # noqa: S101 - what is neither due nor booked is no change
        currency, version_id = first.currency, first.plan_version_id or 0
    return Amount(
        person_id=person_id,
        earned=earned,
        part=Part(key[0]),
        name=key[1],
        amount=change,
        currency=currency,
        plan_version_id=version_id or None,
        rate=part.rate if part else (first.rate if first else None),
        facts={**(part.facts if part else {}), "before": had, "now": had + change},
        reverses_id=first.id if first else None,
    )


def carried_forward(session: Session, person_id: int | None = None) -> dict[Account, int]:
    """What could not be taken back so far; of everybody where nobody is named."""
    rows = (
        sa.select(
            LedgerLine.person_id, LedgerLine.earned, LedgerLine.currency, sa.func.sum(LedgerLine.amount)
        )
        .where(LedgerLine.part == Part.CARRIED)
        .group_by(LedgerLine.person_id, LedgerLine.earned, LedgerLine.currency)
    )
    if person_id is not None:
        rows = rows.where(LedgerLine.person_id == person_id)
    return {
        Account(owner, Period.parse(earned), currency): int(amount)
        for owner, earned, currency, amount in session.execute(rows)
        if amount
    }


def _changed(session: Session, booked: Period) -> dict[Period, set[int]]:
    """Whose pay of which accrued months may have changed by what is booked in this one."""
    accrued = {*session.scalars(sa.select(AccruedMonth.month).where(AccruedMonth.month != booked.key))}
    found: dict[Period, set[int]] = defaultdict(set)
    for month, person_id in [
        *_adjusted(session, booked),
        *_restated(session, booked),
        *_shared_anew(session, booked),
    ]:
        if month in accrued:
            found[Period.parse(month)].add(person_id)
    return found


def _adjusted(session: Session, booked: Period) -> list[tuple[str, int]]:
    """Those named on the records, and those who share in them."""
    in_book = Adjustment.booked_period == booked.key
    own = sa.select(Adjustment.locked_period, Adjustment.person_id).where(in_book).distinct()
    shared = (
        sa.select(Adjustment.locked_period, Credit.person_id)
        .join(Credit, sa.and_(Credit.source == Adjustment.source, Credit.record_id == Adjustment.record_id))
        .where(in_book)
        .distinct()
    )
    return [(month, one) for rows in (own, shared) for month, one in session.execute(rows)]


def _restated(session: Session, booked: Period) -> list[tuple[str, int]]:
    company = people.company(session)
    rows = sa.select(Restatement.period, Restatement.person_id).where(
        Restatement.at >= month_end(company, booked.previous()), Restatement.at < month_end(company, booked)
    )
    return [(month, person_id) for month, person_id in session.execute(rows)]


def _shared_anew(session: Session, booked: Period) -> list[tuple[str, int]]:
    """Whose records, or shares of records, were shared otherwise since the months before were accrued."""
    runs = sa.select(sa.func.max(ScoreRun.load_id)).join(AccruedMonth, AccruedMonth.run_id == ScoreRun.id)
    since = session.scalar(runs.where(AccruedMonth.month != booked.key)) or 0
    record = MeasureRecord
    rows = (
        sa.select(record.occurred_on, record.person_id, Credit.person_id)
        .join(record, sa.and_(record.source == Credit.source, record.record_id == Credit.record_id))
        .where(sa.or_(Credit.added_in > since, Credit.ended_in > since), record.ended_in.is_(None))
    )
    found = []
    for day, owner, person_id in session.execute(rows):
        found += [(f"{day:%Y-%m}", owner), (f"{day:%Y-%m}", person_id)]
    return found


def by_account(amounts: Iterable[Amount]) -> dict[Account, list[Amount]]:
    found: dict[Account, list[Amount]] = defaultdict(list)
    for amount in amounts:
        found[Account(amount.person_id, amount.earned, amount.currency)].append(amount)
    return found
