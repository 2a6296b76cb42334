"""What people dispute, with every move until it is answered."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, UtcDateTime


class SubjectKind(StrEnum):
    CARD_LINE = "card_line"
    LEDGER_LINE = "ledger_line"
    """Of money."""
    FILE_ENTRY = "file_entry"
    """Of the person's file: a reward or a sanction."""


class Dispute(Base):
    """One person's objection to one thing; of the same thing there is one open at a time."""

    __tablename__ = "disputes"
    __table_args__ = (
        sa.Index(
            "uq_disputes_open",
            "owner_id",
            "subject",
            "period",
            "name",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index("ix_disputes_owner_period", "owner_id", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    subject: Mapped[str] = mapped_column(sa.String(12))
    period: Mapped[str] = mapped_column(sa.String(8))
    """Of the card; of a ledger line or an entry of the file, its month."""
    name: Mapped[str] = mapped_column(sa.String(100))
    """The card line's name; the ledger line's or the entry's id."""
    state: Mapped[str] = mapped_column(sa.String(10))
    judge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    """Who is to answer; none: HR."""
    due_on: Mapped[date]
    """Of the answer; once closed, of what HR decides about a locked card that a record was corrected of."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class DisputedRecord(Base):
    """A measure record that the owner points at, as it was then."""

    __tablename__ = "disputed_records"

    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("disputes.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    """Of `measure_records.id`, which nothing refers to by a key (see there)."""


class DisputeMove(Base):
    """One move of a dispute. Never changed."""

    __tablename__ = "dispute_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("disputes.id"), index=True)
    move: Mapped[str] = mapped_column(sa.String(10))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    """None: the clock, after nobody answered."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(sa.Text)
    evidence: Mapped[str | None] = mapped_column(sa.Text)
    """Of the owner: text and links."""
    correction_id: Mapped[int | None] = mapped_column(sa.ForeignKey("record_corrections.id"))
