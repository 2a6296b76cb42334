"""People, the units they belong to, and what changes over time."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, UtcDateTime
from domain.loads import Versioned


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    HR = "hr"
    ADMIN = "admin"


class Company(Base):
    """The one company of this installation (id 1)."""

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    calendar: Mapped[str] = mapped_column(sa.String(8))
    currency: Mapped[str] = mapped_column(sa.String(3))
    language: Mapped[str] = mapped_column(sa.String(16))
    alerts_from: Mapped[str] = mapped_column(sa.String(7))
    """First month (2026-03) that may end a streak that alerts."""
    shadow: Mapped[bool]
    """Shadow mode: HR sees what would be sent, nobody else gets it."""
    policies: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_by: Mapped[str | None] = mapped_column(sa.String(200))


class Unit(Base):
    """A node of the organisation tree. `path` is the names from the root, joined by `/`."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(sa.String(500), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    hr_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    channel: Mapped[str | None] = mapped_column(sa.String(100))
    """The managers' private channel: an id, or its name; none: the parent's."""


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[str] = mapped_column(sa.String(100), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(320), index=True)
    """Lower case."""
    role: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str | None] = mapped_column(sa.String(200))
    locale: Mapped[str | None] = mapped_column(sa.String(16))
    time_zone: Mapped[str | None] = mapped_column(sa.String(64))
    """As imported."""
    slack_id: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    slack_time_zone: Mapped[str | None] = mapped_column(sa.String(64))
    """As Slack said when it was last asked; counts more than the imported one."""


class PersonalPreferences(Base):
    """What a person has chosen; who has no row has chosen nothing. See `preferences.Preferences`."""

    __tablename__ = "preferences"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    """Without both there are no quiet hours."""
    quiet_on_days_off: Mapped[bool]
    weekly_card: Mapped[bool]
    weekly_chart: Mapped[bool]
    digest: Mapped[bool]
    recognition: Mapped[bool] = mapped_column(server_default=sa.false())
    """To be named in a channel as best of a month."""
    language: Mapped[str | None] = mapped_column(sa.String(8))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Employment(Versioned, Base):
    """From `hired_on` to `left_on`, both included."""

    __tablename__ = "employments"
    __table_args__ = (
        sa.Index(
            "uq_employments_current",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    hired_on: Mapped[date]
    left_on: Mapped[date | None]

    def covers(self, day: date) -> bool:
        return employed_on(day, self.hired_on, self.left_on)


def employed_on(day: date, hired_on: date, left_on: date | None) -> bool:
    return hired_on <= day and (left_on is None or day <= left_on)


class Assignment(Versioned, Base):
    """Unit, manager and job family in force from a day; what is none stays as it was before."""

    __tablename__ = "assignments"
    __table_args__ = (
        sa.Index(
            "uq_assignments_current",
            "person_id",
            "from_day",
            "at_hire",
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    from_day: Mapped[date]
    at_hire: Mapped[bool]
    """The state at hire; a transfer otherwise. A transfer dated at or before the hire follows it."""
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    job_family: Mapped[str | None] = mapped_column(sa.String(100))


class Leave(Versioned, Base):
    """Days away, both included; leaves may overlap."""

    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    kind: Mapped[str] = mapped_column(sa.String(60))
