"""Alerts about people who missed month after month."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, UtcDateTime


class AlertState(StrEnum):
    SHADOW = "shadow"  # shown to HR only
    HELD = "held"  # the circuit breaker waits for HR
    QUEUED = "queued"  # its messages are in the outbox


class Alert(Base):
    """One alert per person, start of streak and length, whatever happens in between."""

    __tablename__ = "alerts"
    __table_args__ = (sa.UniqueConstraint("person_id", "streak_start", "length"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    streak_start: Mapped[str] = mapped_column(sa.String(7))
    length: Mapped[int]
    month: Mapped[str] = mapped_column(sa.String(7), index=True)
    """The missed month that completed the length."""
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
