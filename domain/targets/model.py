"""Targets: what a person or a unit is to reach."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, ScaledDecimal
from domain.loads import Versioned


class TargetState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    REVISED = "revised"
    UPHELD = "upheld"


class Target(Versioned, Base):
    """An amount for a person or a unit, an indicator and a period; a changed amount is a new version."""

    __tablename__ = "targets"
    __table_args__ = (
        sa.Index("ix_targets_person_period", "person_id", "period"),
        sa.Index("ix_targets_unit_period", "unit_id", "period"),
        sa.Index("ix_targets_period_person", "period", "person_id"),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    indicator: Mapped[str] = mapped_column(sa.String(100))
    period: Mapped[str] = mapped_column(sa.String(8))
    from_day: Mapped[date | None]
    """Dates a change within the period; none: the amount of the whole period."""
    amount: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int]
