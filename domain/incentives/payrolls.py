"""The months of pay at a glance, for HR: of those whom it looks after."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.bulk import is_one_of
from domain.incentives.model import AccruedMonth, LedgerLine, PayrollExport
from domain.incentives.rules_money import digits_of, major
from domain.periods import Period


@dataclass(frozen=True)
class MonthOfPay:
    period: Period
    people: int
    totals: tuple[tuple[str, Decimal], ...]
    """By currency."""
    is_paid: bool
    is_whole: bool
    """Of the whole company, for who may hand its payroll over; else of the people in the viewer's sight."""


def months_of_pay(session: Session, viewer: Viewer, most: int) -> list[MonthOfPay]:
    """The accrued months in which anything is booked, the newest first. Raises NotAllowed."""
    booked = sa.exists().where(LedgerLine.booked == AccruedMonth.month)
    keys = session.scalars(
        sa.select(AccruedMonth.month).where(booked).order_by(AccruedMonth.month.desc()).limit(most)
    )
    return [month_of_pay(session, viewer, Period.parse(key)) for key in keys]


def month_of_pay(session: Session, viewer: Viewer, period: Period) -> MonthOfPay:
    """Raises NotAllowed for others than HR."""
    access.require_hr(viewer)
    which = [LedgerLine.booked == period.key]
    is_whole = access.may_run_payroll(session, viewer, period)
    if not is_whole:
        everybody = set(session.scalars(sa.select(LedgerLine.person_id).where(*which).distinct()))
        seen = access.payees_in_sight(session, viewer, period, everybody)
        which.append(is_one_of(session, LedgerLine.person_id, sorted(seen)))
    sums = session.execute(
        sa.select(LedgerLine.currency, sa.func.sum(LedgerLine.amount))
        .where(*which)
        .group_by(LedgerLine.currency)
        .order_by(LedgerLine.currency)
    )
    count = sa.select(sa.func.count(LedgerLine.person_id.distinct())).where(*which)
    return MonthOfPay(
        period=period,
        people=session.scalar(count) or 0,
        totals=tuple((currency, major(int(amount), digits_of(currency))) for currency, amount in sums),
        is_paid=session.get(PayrollExport, period.key) is not None,
        is_whole=is_whole,
    )
