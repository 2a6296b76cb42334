"""Targets: what a person or a unit is to reach."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, ScaledDecimal, UtcDateTime
from domain.loads import Versioned
from domain.targets.rules_agreement import TargetState

__all__ = ["TargetState"]


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


class How(StrEnum):
    """Where an amount of a round came from."""

    TYPED = "typed"
    FILE = "file"
    SHARE = "share"
    HISTORY = "history"
    HEADCOUNT = "headcount"
    PROPOSAL = "proposal"
    """Of history, from the bottom up."""


class TargetRound(Base):
    """A tree of targets in the making: one indicator, one span, from one unit down.

    Its amounts are for the whole span. Publishing writes them month by month as targets.
    """

    __tablename__ = "target_rounds"
    __table_args__ = (
        sa.Index(
            "uq_target_rounds_open",
            "indicator",
            "span",
            unique=True,
            sqlite_where=sa.text("published_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL AND dropped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(sa.String(100))
    span: Mapped[str] = mapped_column(sa.String(8))
    """`2026`, `2026-Q3` or `2026-07`."""
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    season: Mapped[list[str]] = mapped_column(sa.JSON)
    """A weight for each month, as text: exact."""
    step: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    """Amounts are multiples of it."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(sa.String(200))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(sa.String(200))
    unbalanced_because: Mapped[str | None] = mapped_column(sa.Text)
    """Why it was published although parts do not sum to the whole."""
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_by: Mapped[str | None] = mapped_column(sa.String(200))


class RoundAmount(Base):
    """What a unit or a person is given in a round, for the whole span."""

    __tablename__ = "target_round_amounts"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "unit_id"),
        sa.UniqueConstraint("round_id", "person_id"),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_owner_in_round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("target_rounds.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    amount: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    how: Mapped[str] = mapped_column(sa.String(10))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(sa.String(200))


class TargetAgreement(Base):
    """What one owner is asked to agree to: an amount of a round, and how far that has come.

    The owner of a unit's amount is who leads the unit. Every move is kept (`TargetMove`).
    """

    __tablename__ = "target_agreements"
    __table_args__ = (sa.Index("ix_target_agreements_open", "state", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("target_rounds.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    asked_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    """What stands now."""
    state: Mapped[str] = mapped_column(sa.String(10))
    wanted: Mapped[Decimal | None] = mapped_column(ScaledDecimal(4))
    """What an appeal proposes."""
    judge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    """Who is to answer an appeal; none: HR."""
    due_on: Mapped[date]
    """By when the owner, or the judge, is to answer."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a later round put another amount in its place."""


class TargetMove(Base):
    """One move of an agreement. Never changed."""

    __tablename__ = "target_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("target_agreements.id"), index=True)
    move: Mapped[str] = mapped_column(sa.String(10))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    """None: the clock, after nobody answered."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    amount: Mapped[Decimal | None] = mapped_column(ScaledDecimal(4))
    """What was asked for, or settled."""
    from_day: Mapped[date | None]
    """Of a revision: from when on; none: for the whole span."""
    note: Mapped[str | None] = mapped_column(sa.Text)
