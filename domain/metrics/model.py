"""What was measured, and for which days it is known."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, ScaledDecimal, UtcDateTime
from domain.loads import Versioned


class MeasureRecord(Versioned, Base):
    """A quantity for a person on a day; `(source, record_id)` is its identity."""

    __tablename__ = "measure_records"
    __table_args__ = (
        sa.Index(
            "uq_measure_records_current",
            "source",
            "record_id",
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        ),
        sa.Index("ix_measure_records_person_day", "person_id", "occurred_on"),
        sa.Index("ix_measure_records_day", "occurred_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(100))
    record_id: Mapped[str] = mapped_column(sa.String(200))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    measure: Mapped[str] = mapped_column(sa.String(100))
    occurred_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    customer_id: Mapped[str | None] = mapped_column(sa.String(200))


class Coverage(Versioned, Base):
    """The days for which a measure is reported, both included; `*` stands for every measure."""

    __tablename__ = "coverage"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(sa.String(100))
    measure: Mapped[str] = mapped_column(sa.String(100))
    first_day: Mapped[date]
    last_day: Mapped[date]


class RunState(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class SourceRun(Base):
    """One try at pulling a source."""

    __tablename__ = "source_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(100), index=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the files and the query that the run read: unchanged means nothing to do."""
    load_id: Mapped[int | None] = mapped_column(sa.ForeignKey("loads.id"))
    rows: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(sa.Text)
