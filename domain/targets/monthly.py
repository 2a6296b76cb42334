"""A round's amounts month by month, as targets; what locked months say stays as it is."""

from collections.abc import Collection
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
from domain.targets.rules_tree import NOTHING_FROZEN, Frozen, LockedMonthsError, Owner, by_month


def monthly_targets(
    session: Session, shown: Board, locked: Collection[Period], state: TargetState = TargetState.PROPOSED
) -> list[Target]:
    """A unit that is split to the last step has, month by month, what those below it have together.

    `locked`: the months that keep what they have.
    """
    frozen = _frozen(session, shown, locked)
    by_owner: dict[Owner, dict[Period, Decimal]] = {}
    for owner in reversed(list(shown.tree.walk())):
        amount = shown.tree.amounts.get(owner)
        if amount is None:
            continue
        parts = [by_owner[part] for part in shown.tree.parts(owner) if part in by_owner]
        if parts and not shown.tree.rest(owner):
            by_owner[owner] = {
                month: exact_sum(part.get(month, Decimal(0)) for part in parts)
                for month in shown.span.months
                if month not in locked
            }
            continue
        present = shown.months_present(owner)
        try:
            by_owner[owner] = by_month(
                amount, shown.span, shown.season, shown.round.step, present, frozen.get(owner, NOTHING_FROZEN)
            )
        except LockedMonthsError:
            raise BadInput(
                "{owner} has {frozen} in locked months already, which does not go into {amount} for {span}: "
                "give another amount.",
                owner=shown.names[owner],
                frozen=frozen.get(owner, NOTHING_FROZEN).total,
                amount=amount,
                span=shown.span.key,
            ) from None
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


def _frozen(session: Session, shown: Board, locked: Collection[Period]) -> dict[Owner, Frozen]:
    """What the owners' locked months say."""
    found = months_in_force(session, shown.round.indicator, locked)
    return {owner: Frozen(months) for owner, months in found.items()}
