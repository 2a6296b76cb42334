"""Messages to those who run the system."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.outbox import add_post
from domain.people.model import Company, Employment, Person, Role


def admins_in_office(session: Session, clock: Clock) -> list[int]:
    """The administrators who have not left, on the company's day."""
    company = session.get(Company, 1)
    day = today(clock, company.time_zone if company else "UTC")
    has_left = sa.exists().where(
        Employment.person_id == Person.id,
        Employment.ended_in.is_(None),
        Employment.left_on < day,
    )
    admins = sa.select(Person.id).where(Person.role == Role.ADMIN, ~has_left).order_by(Person.id)
    return list(session.scalars(admins))


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
    admins = admins_in_office(session, clock)
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
