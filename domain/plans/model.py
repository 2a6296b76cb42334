"""Scoring plans, version by version."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base
from domain.loads import Versioned


class PlanVersion(Versioned, Base):
    """A plan file as it was loaded. The same name and first month with new content is a new version."""

    __tablename__ = "plan_versions"
    __table_args__ = (sa.UniqueConstraint("name", "job_family", "from_month", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    job_family: Mapped[str] = mapped_column(sa.String(100))
    from_month: Mapped[str] = mapped_column(sa.String(7))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
