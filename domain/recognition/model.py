"""What a person has won, and what stands in the person's file."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, UtcDateTime


class AwardKind(StrEnum):
    BEST = "best"
    """Of a unit, by one indicator."""
    CLIMBER = "climber"
    """Who gained most places in the unit."""


class Award(Base):
    """Who was best in a unit in a locked month; those who tie have one each. Never changed."""

    __tablename__ = "awards"
    __table_args__ = (
        sa.UniqueConstraint("period", "unit_id", "plan", "kind", "indicator", "person_id", name="uq_awards"),
        sa.Index("ix_awards_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(8))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    plan: Mapped[str] = mapped_column(sa.String(100))
    """Its name: people are compared with those of the same plan."""
    kind: Mapped[str] = mapped_column(sa.String(10))
    indicator: Mapped[str] = mapped_column(sa.String(100))
    """Empty for a climber."""
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EntryKind(StrEnum):
    REWARD = "reward"
    SANCTION = "sanction"


class EntrySource(StrEnum):
    AUTOMATIC = "automatic"
    HR = "hr"


class FileEntry(Base):
    """A reward or a sanction in a person's file. Never changed: what was wrong is withdrawn."""

    __tablename__ = "file_entries"
    __table_args__ = (sa.Index("ix_file_entries_person", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(200))
    on_day: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    evidence: Mapped[str | None] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.String(10))
    award_id: Mapped[int | None] = mapped_column(sa.ForeignKey("awards.id"), unique=True)
    """What an automatic entry is about."""
    by: Mapped[str] = mapped_column(sa.String(200))
    """An employee id, `cli:<user>` or `system`."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EntryWithdrawal(Base):
    """That an entry does not count any more. It stays in the file, marked."""

    __tablename__ = "file_entry_withdrawals"

    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("file_entries.id"), primary_key=True, autoincrement=False
    )
    by: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    because: Mapped[str] = mapped_column(sa.Text)
