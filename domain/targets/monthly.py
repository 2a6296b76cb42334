"""A round's amounts month by month, as targets; what locked months say stays as it is."""

from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import BadInput
from domain.periods import Period
from domain.scoring.model import ScoredPeriod
from domain.scoring.rules_exact import exact_sum
from domain.targets.board import Board, months_in_force
from domain.targets.model import Target, TargetState
from domain.targets.rules_span import Span
from domain.targets.rules_tree import Frozen, LockedMonthsError, NoMonthLeftError, Owner, by_month


def monthly_targets(
    session: Session, shown: Board, locked: Collection[Period], state: TargetState = TargetState.PROPOSED
) -> list[Target]:
    """A unit that is split to the last step has, month by month, what those below it have together.

    Where their locked months do not come to what the unit has in these, its own amount is spread by the
    season instead: over the span the parts sum to the whole either way.
    `locked`: the months that keep what they have.
    """
    frozen = _frozen(session, shown, locked)
    by_owner: dict[Owner, dict[Period, Decimal]] = {}
    for owner in reversed(list(shown.tree.walk())):
        amount = shown.tree.amounts.get(owner)
        if amount is None:
            continue
        parts = [part for part in shown.tree.parts(owner) if part in by_owner]
        is_split = parts and not shown.tree.rest(owner)
        if is_split and frozen(owner).total == exact_sum(frozen(part).total for part in parts):
            by_owner[owner] = {
                month: exact_sum(by_owner[part].get(month, Decimal(0)) for part in parts)
                for month in shown.span.months
                if month not in locked
            }
            continue
        by_owner[owner] = _by_month(shown, owner, amount, frozen(owner))
    return [
        Target(
            unit_id=owner.id if owner.is_unit else None,
            person_id=None if owner.is_unit else owner.id,
            indicator=shown.round.indicator,
            period=month.key,
            from_day=None,
            amount=amount,
            state=state,
        )
        for owner, months in by_owner.items()
        for month, amount in months.items()
    ]


def locked_months(session: Session, span: Span) -> dict[Period, datetime]:
    """The span's locked months, each with the moment of its lock."""
    keys = [month.key for month in span.months]
    locked = session.execute(
        sa.select(ScoredPeriod.key, ScoredPeriod.locked_at).where(
            ScoredPeriod.key.in_(keys), ScoredPeriod.locked_at.is_not(None)
        )
    )
    return {Period.parse(key): at for key, at in locked if at is not None}


def _by_month(shown: Board, owner: Owner, amount: Decimal, frozen: Frozen) -> dict[Period, Decimal]:
    """Raises BadInput."""
    said = {"owner": shown.names[owner], "amount": amount, "frozen": frozen.total, "span": shown.span.key}
    present = shown.months_present(owner)
    try:
        return by_month(amount, shown.span, shown.season, shown.round.step, present, frozen)
    except NoMonthLeftError:
        raise BadInput(
            "{owner} has no open month in {span} to take more than the {frozen} of the locked ones, and is "
            "to have {amount}: give {frozen}.",
            **said,
        ) from None
    except LockedMonthsError:
        raise BadInput(
            "{owner} has {frozen} in locked months already, which does not go into {amount} for {span}: "
            "give another amount.",
            **said,
        ) from None


def _frozen(session: Session, shown: Board, locked: Collection[Period]) -> Callable[[Owner], Frozen]:
    """What each owner's locked months say."""
    found = months_in_force(session, shown.round.indicator, locked)

    def of_owner(owner: Owner) -> Frozen:
        return Frozen(dict.fromkeys(locked, Decimal(0)) | found.get(owner, {}))

    return of_owner
