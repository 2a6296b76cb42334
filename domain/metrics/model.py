"""What was measured, and for which days it is known."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, ScaledDecimal
from domain.loads import Versioned


def id_text(length: int) -> sa.types.TypeEngine[str]:
    """Text that is no words: PostgreSQL compares it byte by byte, as SQLite does, and not by a language."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


CONTENT = ("person_id", "measure", "occurred_on", "value", "customer_id")
"""The columns that make a record what it is, beside its identity."""


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
        sa.Index(
            "ix_measure_records_ended",
            "ended_in",
            sqlite_where=sa.text("ended_in IS NOT NULL"),
            postgresql_where=sa.text("ended_in IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(id_text(100))
    record_id: Mapped[str] = mapped_column(id_text(200))
    # Ids of people, and of loads as in Versioned, but no foreign keys: to check three for each of a million
    # rows takes PostgreSQL longer than to write them, and neither people nor loads are ever deleted.
    person_id: Mapped[int] = mapped_column(sa.Integer)
    measure: Mapped[str] = mapped_column(sa.String(100))
    occurred_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(ScaledDecimal(4))
    customer_id: Mapped[str | None] = mapped_column(sa.String(200))
    added_in: Mapped[int] = mapped_column(sa.Integer)
    ended_in: Mapped[int | None] = mapped_column(sa.Integer)


def as_kept(names: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    """Columns of the records as a bench compares them: days as text, values in ten-thousandths."""
    columns = MeasureRecord.__table__.c
    kept: dict[str, sa.ColumnElement[Any]] = {
        "occurred_on": sa.cast(columns.occurred_on, sa.String),
        "value": sa.type_coerce(columns.value, sa.BigInteger),
    }
    return [kept.get(name, columns[name]) for name in names]


class RecordCorrection(Base):
    """A record that people put right; it holds until its source sends content other than it did before.

    The rows that it names are those of `measure_records`, by id.
    """

    __tablename__ = "record_corrections"
    __table_args__ = (
        sa.Index(
            "uq_record_corrections_held",
            "source",
            "record_id",
            unique=True,
            sqlite_where=sa.text("over_in IS NULL"),
            postgresql_where=sa.text("over_in IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(id_text(100))
    record_id: Mapped[str] = mapped_column(id_text(200))
    before_id: Mapped[int]
    """The row that stood before …"""
    after_id: Mapped[int | None]
    """… and the one in its place; none: the record is withdrawn."""
    sent_id: Mapped[int | None]
    """The row as the source sent it last (none: it left it out); while it sends the same, this holds."""
    load_id: Mapped[int] = mapped_column(sa.ForeignKey("loads.id"))
    over_in: Mapped[int | None] = mapped_column(sa.ForeignKey("loads.id"))
    """The load in which the source sent something else, or in which people corrected it again."""


class Coverage(Versioned, Base):
    """The days for which a measure is reported, both included; `*` stands for every measure."""

    __tablename__ = "coverage"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(sa.String(100))
    measure: Mapped[str] = mapped_column(sa.String(100))
    first_day: Mapped[date]
    last_day: Mapped[date]
