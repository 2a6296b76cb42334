"""R8: the notice (LCL 40, IR 20). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from domain.errors import N_
from domain.exits.rules_dates import month_key, months_later
from domain.exits.rules_facts import CaseFacts, Delivery, Ground, Notice, Wages
from domain.exits.rules_findings import Fact, Finding, Rule, Supplier, incomplete

R8 = Rule("R8", (N_("the notice in writing"), N_("its signed receipt, e-signature or registered mail")))
DAYS_AHEAD = 30


def notice_was_given(facts: CaseFacts) -> Finding:
    """R8: in writing, delivered with proof, 30 days ahead or a month's pay in lieu."""
    notice, last_day = facts.notice, facts.effective_on
    read = (
        Fact(N_("notice delivered on"), notice.delivered_on if notice else None),
        Fact(N_("delivered by"), notice.delivery if notice else None),
        Fact(N_("proof of delivery"), notice.proof or None if notice else None),
        Fact(N_("last day"), last_day),
    )
    if notice is not None and notice.delivery is Delivery.CHAT:
        return R8.blocks(N_("A chat message is no delivery: have the notice signed for, or send it."), *read)
    if notice is None or last_day is None or incomplete(read):
        return R8.lacks(*read)
    if facts.ground is Ground.PROBATION:
        if last_day < notice.delivered_on:
            return R8.blocks(N_("The last day lies before the notice."), *read)
        return R8.allows(N_("In writing, before the last day; probation asks for no thirty days."), *read)
    if notice.in_lieu is None:
        return _thirty_days(notice, last_day, read)
    owed = pay_in_lieu(facts.wages, notice.delivered_on)
    return _in_lieu(notice, notice.in_lieu, owed, last_day, read)


def earliest_last_day(delivered_on: date) -> date:
    """The thirtieth day after the day of delivery: days are counted from the next one."""
    return delivered_on + timedelta(days=DAYS_AHEAD)


def month_before(day: date) -> str:
    """The month whose wage is paid in lieu (IR 20), such as 2026-03."""
    return month_key(months_later(day, -1))


def pay_in_lieu(wages: Wages | None, delivered_on: date) -> Decimal | None:
    """The previous month's wage; None where nobody has recorded it."""
    return None if wages is None else wages.months.get(month_before(delivered_on))


def _thirty_days(notice: Notice, last_day: date, read: tuple[Fact, ...]) -> Finding:
    earliest = earliest_last_day(notice.delivered_on)
    if last_day < earliest:
        return R8.blocks(
            N_("The notice is less than thirty days ahead: {earliest} at the earliest, or a month's pay."),
            *read,
            earliest=earliest,
        )
    return R8.allows(N_("In writing, delivered with proof, thirty days ahead."), *read)


def _in_lieu(
    notice: Notice, paid: Decimal, owed: Decimal | None, last_day: date, read: tuple[Fact, ...]
) -> Finding:
    read = (*read, Fact(N_("wage of the month before"), owed, Supplier.FINANCE))
    if owed is None:
        return R8.lacks(*read)
    if last_day < notice.delivered_on:
        return R8.blocks(N_("The last day lies before the notice."), *read)
    if paid < owed:
        return R8.blocks(
            N_("Pay in lieu is {paid}, less than the wage of the month before, {owed}."),
            *read,
            paid=paid,
            owed=owed,
        )
    return R8.allows(N_("In writing, delivered with proof, with a month's pay in lieu."), *read)
