"""The amount that an appeal came to, month by month: for the whole span, or from a day on."""

from datetime import date

from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.clock import Clock
from domain.errors import N_, BadField
from domain.periods import Period
from domain.targets.agreement_rights import owner_of
from domain.targets.amounts import store_amounts
from domain.targets.board import board_of_owner
from domain.targets.model import Target, TargetAgreement, TargetRound, TargetState
from domain.targets.monthly import locked_months, monthly_targets
from domain.targets.rules_span import Span


def store_revision(
    session: Session, clock: Clock, arrival: Arrival, agreement: TargetAgreement, from_day: date | None
) -> list[Period]:
    """The owner's months anew; those above keep theirs, and the difference shows in the tree.

    The months that were locked before the owner was asked keep what they have. Those locked since get the
    new amount, as a version for a restatement: these are the result. Their cards stay as they are.
    """
    round_ = session.get_one(TargetRound, agreement.round_id)
    shown = board_of_owner(session, clock, round_, owner_of(agreement), agreement.amount)
    locked = locked_months(session, shown.span)
    asked_at = round_.published_at
    kept = {month for month, at in locked.items() if asked_at is not None and at <= asked_at}
    revised = monthly_targets(session, shown, kept, TargetState.REVISED)
    dated = revised if from_day is None else [one for one in revised if _in_force_from(one, from_day)]
    store_amounts(arrival, dated, for_good=True)
    return sorted(month for month in {Period.parse(one.period) for one in dated} if month in locked)


def require_day(span: Span, from_day: date | None) -> None:
    """Raises BadField for a day on which nothing of the span is left to change."""
    first, last = span.months[0].start, span.months[-1].last_day
    if from_day is not None and not first <= from_day <= last:
        raise BadField(
            "from_day",
            N_("{day} is not in {span}: choose a day from {first} to {last}, or none for all of it."),
            day=from_day,
            span=span.key,
            first=first,
            last=last,
        )


def _in_force_from(target: Target, from_day: date) -> bool:
    """Dates the target within the month that the day is in; false for a month before it."""
    month = Period.parse(target.period)
    if month.last_day < from_day:
        return False
    if month.start < from_day:
        target.from_day = from_day
    return True
