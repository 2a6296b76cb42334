"""The months of pay at a glance, for HR."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

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


def months_of_pay(session: Session, most: int) -> list[MonthOfPay]:
    """The accrued months in which anything is booked, the newest first."""
    booked = sa.exists().where(LedgerLine.booked == AccruedMonth.month)
    keys = session.scalars(
        sa.select(AccruedMonth.month).where(booked).order_by(AccruedMonth.month.desc()).limit(most)
    )
    return [month_of_pay(session, Period.parse(key)) for key in keys]


def month_of_pay(session: Session, period: Period) -> MonthOfPay:
    in_month = LedgerLine.booked == period.key
    sums = session.execute(
        sa.select(LedgerLine.currency, sa.func.sum(LedgerLine.amount))
        .where(in_month)
        .group_by(LedgerLine.currency)
        .order_by(LedgerLine.currency)
    )
    count = sa.select(sa.func.count(LedgerLine.person_id.distinct())).where(in_month)
    return MonthOfPay(
        period=period,
        people=session.scalar(count) or 0,
        totals=tuple((currency, major(int(amount), digits_of(currency))) for currency, amount in sums),
        is_paid=session.get(PayrollExport, period.key) is not None,
    )
