"""Alerts about people who missed month after month."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, UtcDateTime


class AlertState(StrEnum):
    SHADOW = "shadow"  # shown to HR only
    HELD = "held"  # the circuit breaker waits for HR, or a dispute for its answer or its card
    QUEUED = "queued"  # its messages are in the outbox
    WITHDRAWN = "withdrawn"  # its misses do not stand any more; final


class Alert(Base):
    """One alert per person, start of streak and length, whatever happens in between.

    One that was withdrawn stays; should its misses come to stand again, they have another, with the next
    number.
    """

    __tablename__ = "alerts"
    __table_args__ = (sa.UniqueConstraint("person_id", "streak_start", "length", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    streak_start: Mapped[str] = mapped_column(sa.String(7))
    length: Mapped[int]
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    month: Mapped[str] = mapped_column(sa.String(7), index=True)
    """The missed month that completed the length."""
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    """Why it is held, or was: a rules.HoldReason."""
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
