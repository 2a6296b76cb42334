"""Asking owners to agree to what a round has given them."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.judges.rules import DAYS_TO_ANSWER, due_on
from domain.people import service as people
from domain.people.model import Unit
from domain.targets.agreement_rights import company_today, owner_of
from domain.targets.board import Board
from domain.targets.model import TargetAgreement, TargetRound
from domain.targets.rules_agreement import TargetState
from domain.targets.rules_tree import Owner
from domain.working_days import working_days_of

POLICY = "days_to_answer_targets"
"""In [policies] of company.toml: working days."""


def ask_owners(session: Session, clock: Clock, shown: Board) -> list[TargetAgreement]:
    """Ask everybody who has an amount in a published round to agree; those who agreed to the same are not.

    What was asked before about another amount of the same indicator and span ends. Nobody is asked for a
    unit that nobody leads. They are still to be told: `posts.tell_asked`.
    """
    day = company_today(session, clock)
    earlier = _standing(session, shown.round)
    asked = []
    for owner, amount in sorted(shown.tree.amounts.items()):
        before = earlier.get(owner)
        if before is not None and before.amount == amount and before.state != TargetState.APPEALED:
            continue
        if before is not None:
            before.ended_at = clock.now()
        asked_id = _asked(session, owner)
        if asked_id is not None:
            asked.append(_new(shown.round, owner, asked_id, amount, answer_due_on(session, day)))
    session.add_all(asked)
    session.flush()
    return asked


def answer_due_on(session: Session, day: date) -> date:
    company = people.company(session)
    return due_on(working_days_of(company.calendar), day, company.policies.get(POLICY, DAYS_TO_ANSWER))


def _asked(session: Session, owner: Owner) -> int | None:
    return session.get_one(Unit, owner.id).manager_id if owner.is_unit else owner.id


def _new(round_: TargetRound, owner: Owner, asked_id: int, amount: Decimal, due: date) -> TargetAgreement:
    return TargetAgreement(
        round_id=round_.id,
        unit_id=owner.id if owner.is_unit else None,
        person_id=None if owner.is_unit else owner.id,
        asked_id=asked_id,
        amount=amount,
        state=TargetState.PROPOSED,
        due_on=due,
    )


def _standing(session: Session, round_: TargetRound) -> dict[Owner, TargetAgreement]:
    """What owners have been asked for the same indicator and span, and has not ended."""
    rows = session.scalars(
        sa.select(TargetAgreement)
        .join(TargetRound, TargetRound.id == TargetAgreement.round_id)
        .where(
            TargetRound.indicator == round_.indicator,
            TargetRound.span == round_.span,
            TargetAgreement.ended_at.is_(None),
        )
    )
    return {owner_of(row): row for row in rows}
