"""Drafts of plans that HR has asked about, and what came out. For whoever asked alone."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, UtcDateTime


class PlanDraft(Base):
    """A plan's text, held against some periods. It scores nobody."""

    __tablename__ = "plan_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    """Who asked."""
    text: Mapped[str] = mapped_column(sa.Text)
    periods: Mapped[list[str]] = mapped_column(sa.JSON)
    based_on: Mapped[str | None] = mapped_column(sa.String(64))
    """The digest of the plan that its first month had when it was drafted, "" where it had none."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    result: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """As `drafts.Outcome` writes it; None while it is being worked out."""
