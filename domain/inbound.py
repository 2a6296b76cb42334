"""What Slack has already told us: the same request acts once."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.clock import Clock
from domain.database import Base, UtcDateTime

REMEMBERED_FOR = timedelta(hours=24)


class InboundKey(Base):
    __tablename__ = "inbound_keys"

    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def is_first_time(session: Session, clock: Clock, key: str) -> bool:
    """Remember the key; false where it is known already."""
    if session.get(InboundKey, key) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(InboundKey(key=key, at=clock.now()))
            session.flush()
    except sa.exc.IntegrityError:  # another process was told at the same moment
        return False
    return True


def forget_old(session: Session, clock: Clock) -> None:
    session.execute(sa.delete(InboundKey).where(InboundKey.at < clock.now() - REMEMBERED_FOR))
