"""Deliveries of sources that deliver by themselves: each is stored once, however often it is sent."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.sources.model import PushDelivery, SourceRun

REMEMBERED_FOR = timedelta(days=30)
"""Senders that had no answer send again for a while; what comes later still meets its own records."""


def earlier_delivery(session: Session, source: str, delivery_id: str) -> PushDelivery | None:
    return session.get(PushDelivery, (source, delivery_id))


def remember_delivery(
    session: Session, clock: Clock, run: SourceRun, delivery_id: str, body_digest: str
) -> None:
    """In the transaction that stored it. Raises IntegrityError where another process was faster."""
    session.add(
        PushDelivery(
            source=run.source,
            delivery_id=delivery_id,
            body_digest=body_digest,
            run_id=run.id,
            received_at=clock.now(),
        )
    )
    session.flush()


def forget_old(session: Session, clock: Clock) -> None:
    session.execute(sa.delete(PushDelivery).where(PushDelivery.received_at < clock.now() - REMEMBERED_FOR))
