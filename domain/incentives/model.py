"""The ledger of variable pay, and what it rests on besides the plan: shared credit and personal terms."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, ExactText, UtcDateTime
from domain.loads import Versioned
from domain.metrics.model import id_text


class LineKind(StrEnum):
    ACCRUAL = "accrual"
    """What a locked card earns, booked in its own month."""
    ADJUSTMENT = "adjustment"
    """What came to light later and adds money, or moves it between parts."""
    REVERSAL = "reversal"
    """Takes money back."""


class LedgerLine(Base):
    """One amount for one person. Inserted, never changed or deleted: triggers see to it. Balances are sums.

    `earned` is the month it is for, `booked` the month whose payroll it goes into.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        sa.Index("ix_ledger_person_booked", "person_id", "booked"),
        sa.Index("ix_ledger_booked", "booked"),
        sa.Index("ix_ledger_earned", "earned", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(300), unique=True)
    """Of what it is for: a job that runs twice adds nothing."""
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    earned: Mapped[str] = mapped_column(sa.String(7))
    booked: Mapped[str] = mapped_column(sa.String(7))
    kind: Mapped[str] = mapped_column(sa.String(10))
    part: Mapped[str] = mapped_column(sa.String(12))
    """See `rules_pay.Part`."""
    name: Mapped[str] = mapped_column(sa.String(100))
    """Which of several parts of a sort: a deduction's name, a band's number; blank where there is one."""
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    """In the currency's minor unit; below 0 it takes away."""
    currency: Mapped[str] = mapped_column(sa.String(3))
    rate: Mapped[str | None] = mapped_column(sa.Text)
    """Frozen with the line, exact: a decimal, or a fraction such as 13/2000."""
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    """What the arithmetic took; numbers as exact text."""
    plan_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_versions.id"))
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccruedMonth(Base):
    """A locked month whose variable pay has been computed: once."""

    __tablename__ = "accrued_months"

    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("score_runs.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    minimum_wage: Mapped[Decimal | None] = mapped_column(ExactText)
    """As it was in force in the month; its losses are judged by it ever after. None: nobody had said."""


class Credit(Versioned, Base):
    """A share of a record's money for one person; the shares of a record sum to 1."""

    __tablename__ = "credits"
    __table_args__ = (sa.Index("ix_credits_record", "source", "record_id"),)
    feeds_cards = False

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(id_text(100))
    record_id: Mapped[str] = mapped_column(id_text(200))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    share: Mapped[Decimal] = mapped_column(ExactText)


class PersonalTerm(Base):
    """What holds for one person in the place of the plan, from a day on. A later row is a later version."""

    __tablename__ = "personal_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[Decimal | None] = mapped_column(ExactText)
    """None: the plan's own again."""
    from_day: Mapped[date]
    because: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PayrollExport(Base):
    """A month's payroll as it was handed over: from then on it is paid, and nothing is booked in it."""

    __tablename__ = "payroll_exports"

    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    last_line_id: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of its rows."""
    people: Mapped[list[list[Any]] | None] = mapped_column(sa.JSON)
    """Who is in it, as they were called then: id, employee id, name, note. None: handed over before 0021."""
    by: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
