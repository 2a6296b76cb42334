"""The minimum wage that a month's losses are judged by: the one in force in it."""

from decimal import Decimal

from sqlalchemy.orm import Session

from domain.incentives.model import AccruedMonth
from domain.incentives.rules_law import MINIMUM_WAGE, minimum_wage_in
from domain.people import service as people
from domain.periods import Period


def minimum_wage(session: Session, month: Period) -> Decimal | None:
    """Of an accrued month as it was then. None: nobody has said, and then nothing may be taken for a loss."""
    accrued = session.get(AccruedMonth, month.key)
    if accrued is not None and accrued.minimum_wage is not None:
        return accrued.minimum_wage
    return minimum_wage_in(people.company(session).policies.get(MINIMUM_WAGE), month)
