"""What happens around a lock: what stood open then, what came afterwards, second versions of a card.

Also the cards that a former system made. All of it is kept as it was written.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.closing.rules_notes import AdjustmentReason
from domain.database import Base, ScaledDecimal, UtcDateTime
from domain.loads import Versioned
from domain.metrics.model import id_text

__all__ = ["AdjustmentReason"]


class Adjustment(Base):
    """A record of a locked period that came, changed or went after the lock. It changes no card.

    A record that another person gets makes two: one takes from the first, one gives to the second. A day may
    lie in a locked week, month and quarter: then there is one for each.
    """

    __tablename__ = "adjustments"
    __table_args__ = (
        sa.UniqueConstraint(
            *("load_id", "locked_period", "source", "record_id", "person_id", "measure"),
            name="uq_adjustments_once",
        ),
        sa.Index("ix_adjustments_locked", "person_id", "locked_period"),
        sa.Index("ix_adjustments_booked", "person_id", "booked_period"),
        sa.Index("ix_adjustments_booked_period", "booked_period"),
        sa.Index("ix_adjustments_locked_period", "locked_period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    locked_period: Mapped[str] = mapped_column(sa.String(8))
    booked_period: Mapped[str] = mapped_column(sa.String(8))
    """Of the same kind: the one that was open when the record came."""
    reason: Mapped[str] = mapped_column(sa.String(10))
    """See `AdjustmentReason`."""
    measure: Mapped[str] = mapped_column(sa.String(100))
    source: Mapped[str] = mapped_column(id_text(100))
    record_id: Mapped[str] = mapped_column(id_text(200))
    occurred_on: Mapped[date]
    old_value: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    """What counted in the locked period for this person before; 0: nothing."""
    new_value: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    customer_id: Mapped[str | None] = mapped_column(sa.String(200))
    load_id: Mapped[int] = mapped_column(sa.ForeignKey("loads.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def difference(self) -> Decimal:
        return self.new_value - self.old_value


class Restatement(Base):
    """A locked card, scored once more on newer inputs: a further version beside the first, which is 1.

    Where there was none at the lock, the first version itself. Its card belongs to a run of its own.
    """

    __tablename__ = "restatements"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "period", "version"),
        sa.UniqueConstraint("run_id"),
        sa.Index("ix_restatements_period", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(sa.ForeignKey("periods.key"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("score_runs.id"))
    version: Mapped[int]
    """From 2 on; 1 where there was no card at the lock."""
    by: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    because: Mapped[str] = mapped_column(sa.Text)
    load_id: Mapped[int] = mapped_column(sa.ForeignKey("loads.id"))


class CloseException(Base):
    """What was still open when a period was locked all the same, and why it was."""

    __tablename__ = "close_exceptions"

    period: Mapped[str] = mapped_column(sa.ForeignKey("periods.key"), primary_key=True)
    by: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    because: Mapped[str] = mapped_column(sa.Text)
    open_items: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    """As `checklist.Item.to_json` writes them: what, how many, and the first names."""


class FormerCard(Versioned, Base):
    """A card that a former system made. To be read; nothing is computed from it."""

    __tablename__ = "former_cards"
    __table_args__ = (sa.Index("ix_former_cards_person", "person_id", "period"),)
    feeds_cards = False

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    period: Mapped[str] = mapped_column(sa.String(8))
    score: Mapped[Decimal | None] = mapped_column(ScaledDecimal(4))
    tier: Mapped[str | None] = mapped_column(sa.String(40))
    rank: Mapped[int | None]
    out_of: Mapped[int | None]
    plan: Mapped[str | None] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.String(500))
