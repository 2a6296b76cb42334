"""HR takes back what was paid in error or for a loss: out of pay that is not yet earned, and no more."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor, name_of
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.errors import N_, BadField, Refusal
from domain.incentives import reading
from domain.incentives.booking import Amount, Book
from domain.incentives.model import AccruedMonth, LedgerLine, LineKind
from domain.incentives.rules_law import Blocked, WageFacts, limit_for_loss
from domain.incentives.rules_money import digits_of, exact_text, major, minor
from domain.incentives.rules_pay import Part, Terms
from domain.incentives.terms import BECAUSE, LONGEST_REASON
from domain.incentives.wages import minimum_wage
from domain.people import service as people
from domain.people.model import Person
from domain.periods import Period

AMOUNT = "amount"


def take_back(
    session: Session,
    clock: Clock,
    actor: Actor,
    person_id: int,
    period: Period,
    amount: Decimal,
    because: str,
    *,
    loss: bool,
) -> LedgerLine:
    """Of a month that is accrued and whose payroll has not been handed over yet.

    `loss`: as compensation for a loss, within the law's limits (R13). Raises NotAllowed, BadField, or Refusal
    where it is more than is not yet earned, or a fact that the law asks for is missing.
    """
    access.require_pay_setting(session, actor, person_id, period)
    if not because.strip() or len(because) > LONGEST_REASON:
        raise BadField(
            BECAUSE, N_("Give a reason of up to {longest} characters: it is kept."), longest=LONGEST_REASON
        )
    one_at_a_time(session, "ledger")
    if session.get(AccruedMonth, period.key) is None:
        raise Refusal(
            "Nothing is earned for {period} yet: it is computed when the month is locked.", period=period.key
        )
    book = Book(session, clock, period)
    currency = _currency(session, person_id, period)
    wanted = minor(amount, digits_of(currency))
    if wanted <= 0:
        raise BadField(AMOUNT, N_("Write an amount above 0."))
    facts = {"because": because.strip(), "by": name_of(actor), "loss": loss}
    if loss:
        facts |= _within_the_law(session, person_id, period, currency, wanted)
    number = _number(session, person_id, period)
    change = Amount(person_id, period, Part.TAKEN, str(number), -wanted, currency, None, facts=facts)
    book.add(LineKind.REVERSAL, [change])
    book.write()
    line = session.scalars(sa.select(LedgerLine).where(LedgerLine.key == book.key_of(change))).one()
    person = session.get_one(Person, person_id)
    detail = {"line": line.id, "amount": line.amount, "currency": currency, "because": because.strip()}
    audit.record(session, clock, name_of(actor), "pay.take_back", f"person:{person.employee_id}", detail)
    return line


def _currency(session: Session, person_id: int, period: Period) -> str:
    rows = sa.select(LedgerLine.currency).where(
        LedgerLine.person_id == person_id, LedgerLine.booked == period.key
    )
    found = session.scalar(rows.order_by(LedgerLine.id).limit(1))
    return found or people.company(session).currency


def _number(session: Session, person_id: int, period: Period) -> int:
    rows = sa.select(sa.func.count()).where(
        LedgerLine.person_id == person_id,
        LedgerLine.booked == period.key,
        LedgerLine.part == Part.TAKEN,
    )
    return (session.scalar(rows) or 0) + 1


def _within_the_law(
    session: Session, person_id: int, period: Period, currency: str, wanted: int
) -> dict[str, str]:
    """What R13 was decided by. Raises Refusal where it does not allow it."""
    terms = reading.terms_in_force(session, period, [person_id]).get(person_id, Terms())
    facts = WageFacts(terms.wage, minimum_wage(session, period))
    earned, taken = _earned_and_taken(session, person_id, period, currency)
    digits = digits_of(currency)
    limit = limit_for_loss(facts, major(earned, digits), major(taken, digits))
    match limit:
        case Blocked.NO_WAGE:
            raise Refusal(
                "Nothing may be taken for a loss while the fixed wage is not known: record it under the "
                "personal terms first."
            )
        case Blocked.NO_MINIMUM_WAGE:
            raise Refusal(
                "Nothing may be taken for a loss while the minimum wage is not known: set minimum_wage in "
                "[policies] of company.toml."
            )
    if Decimal(wanted).scaleb(-digits) > limit:
        raise Refusal(
            "At most {limit} {currency} may be taken for losses in {period}: a fifth of the month's wage, "
            "and what is left must not be below the minimum wage.",
            limit=major(int(limit * 10**digits), digits),
            currency=currency,
            period=period.key,
        )
    return {"limit": exact_text(limit), "wage": exact_text(facts.wage or 0)}


def _earned_and_taken(session: Session, person_id: int, period: Period, currency: str) -> tuple[int, int]:
    """The month's variable pay before losses, and what losses have taken of it so far."""
    rows = session.scalars(
        sa.select(LedgerLine).where(
            LedgerLine.person_id == person_id,
            LedgerLine.booked == period.key,
            LedgerLine.currency == currency,
        )
    )
    earned = taken = 0
    for line in rows:
        if line.facts.get("loss") or {"limit", "blocked"} & line.facts.keys():
            taken -= line.amount
        else:
            earned += line.amount
    return earned, max(taken, 0)
