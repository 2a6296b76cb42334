"""Messages to those who run the system."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.outbox import add_post
from domain.people.model import Person, Role


def tell_admins(
    session: Session,
    clock: Clock,
    *,
    kind: str,
    key: str,
    facts: dict[str, Any],
    correlation_id: str | None = None,
) -> int:
    """Put one direct message to every administrator into the outbox, once per `key`; how many there are."""
    admins = session.scalars(sa.select(Person.id).where(Person.role == Role.ADMIN).order_by(Person.id)).all()
    for admin_id in admins:
        add_post(
            session,
            clock,
            key=f"{key}:{admin_id}",
            kind=kind,
            facts=facts,
            person_id=admin_id,
            correlation_id=correlation_id,
        )
    return len(admins)
