"""What came to light about earned months since they were locked: what they should pay, less what they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.incentives.booking import Account, Amount, lines_of_earned
from domain.incentives.changed import changed, known_to
from domain.incentives.model import LedgerLine
from domain.incentives.paying import PersonPay, month_pay
from domain.incentives.rules_pay import Part, PayPart
from domain.periods import Period

PartName = tuple[str, str, str]
"""A currency, a part and its name: a card that is restated under another plan may pay in another currency."""
NOT_FROM_CARDS = frozenset({Part.CLAWBACK, Part.TAKEN, Part.CARRIED})
"""Parts that no card says: they are settled by themselves."""


def late_amounts(session: Session, booked: Period) -> list[Amount]:
    """The changes of earned months that the payroll of `booked` settles."""
    known = known_to(session, booked)
    found: list[Amount] = []
    for earned, person_ids in sorted(changed(session, booked).items()):
        pays = month_pay(session, earned, known, person_ids)
        lines: dict[int, list[LedgerLine]] = defaultdict(list)
        for line in lines_of_earned(session, earned, {*pays, *person_ids}):
            lines[line.person_id].append(line)
        for person_id in sorted({*pays, *lines}):
            found += differences(earned, person_id, pays.get(person_id), lines[person_id])
    return found


def differences(
    earned: Period, person_id: int, pay: PersonPay | None, lines: Sequence[LedgerLine]
) -> list[Amount]:
    """Part by part, what should be less what the ledger has; nothing where it is the same, or not known."""
    if pay is not None and pay.unreported:
        return []
    of_cards = [line for line in lines if line.part not in NOT_FROM_CARDS]
    has = sums_by_part(of_cards)
    should = {(pay.plan.currency, str(part.part), part.name): part for part in pay.parts} if pay else {}
    first = {(line.currency, line.part, line.name): line for line in reversed(of_cards)}
    version_id = pay.plan.version_id if pay else None
    found = []
    for key in dict.fromkeys([*should, *has]):
        change = (should[key].amount if key in should else 0) - has.get(key, 0)
        if change:
            part, line = should.get(key), first.get(key)
            found.append(_change(earned, person_id, version_id, key, change, part, has.get(key, 0), line))
    return found


def sums_by_part(lines: Iterable[LedgerLine]) -> dict[PartName, int]:
    found: dict[PartName, int] = defaultdict(int)
    for line in lines:
        found[line.currency, line.part, line.name] += line.amount
    return dict(found)


def _change(
    earned: Period,
    person_id: int,
    version_id: int | None,
    key: PartName,
    change: int,
    part: PayPart | None,
    had: int,
    first: LedgerLine | None,
) -> Amount:
    """Under the card's plan; what no longer is due, under the plan that paid it."""
    currency, name_of_part, name = key
    if part is None and first is not None:
        version_id = first.plan_version_id
    return Amount(
        person_id=person_id,
        earned=earned,
        part=Part(name_of_part),
        name=name,
        amount=change,
        currency=currency,
        plan_version_id=version_id,
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


def by_account(amounts: Iterable[Amount]) -> dict[Account, list[Amount]]:
    found: dict[Account, list[Amount]] = defaultdict(list)
    for amount in amounts:
        found[Account(amount.person_id, amount.earned, amount.currency)].append(amount)
    return found
