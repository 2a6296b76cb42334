"""Who hears of closing: HR on the due days and when a lock is done, the owner of a card that is restated."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.closing.model import Restatement
from domain.outbox import add_post
from domain.people.model import Person
from domain.quiet_hours import Hours
from domain.scoring.model import Card

RESTATED_POST = "card_restated"
"""Facts: `period`, `version`, `by` (a name), `because`, and `score` and `tier` `before` and `after`."""


def tell_restated(
    session: Session, clock: Clock, made: Restatement, before: Card, after: dict[str, Any]
) -> None:
    add_post(
        session,
        clock,
        key=f"restated:{made.id}",
        kind=RESTATED_POST,
        facts={
            "period": made.period,
            "version": made.version,
            "by": name_of_actor(session, made.by),
            "because": made.because,
            "before": _result(before.score, before.tier),
            "after": _result(after["score"], after["tier"]),
        },
        person_id=made.person_id,
        hours=Hours.WORKING,
    )


def name_of_actor(session: Session, actor: str) -> str:
    """The person's name behind an employee id of the records; anything else stays as it is."""
    return session.scalar(sa.select(Person.name).where(Person.employee_id == actor)) or actor


def _result(score: Decimal | None, tier: str | None) -> dict[str, str | None]:
    return {"score": None if score is None else str(score), "tier": tier}
