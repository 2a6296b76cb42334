"""Arrivals of data, and rows that remember with which arrival they came and went."""

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.clock import Clock
from domain.database import Base, UtcDateTime, one_at_a_time


class Load(Base):
    """One arrival of data: an import or a pull. Its id orders all that ever changed.

    Loads are made one at a time (`begin_load` takes a lock), so "as of load 17" names exactly
    one state of the inputs, and a locked period can be computed again from it.
    """

    __tablename__ = "loads"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(sa.String(100))
    """`import`, or a source's name."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(200))


class Versioned:
    """A row that came with one load and, if it was corrected or withdrawn, ended with a later one.

    Rows are never updated in place: the old one is kept beside the new one. In force as of load n:
    `added_in <= n and (ended_in is null or ended_in > n)`; now: `ended_in is null`.
    """

    feeds_cards: ClassVar[bool] = True
    """False for what no card is computed from."""

    added_in: Mapped[int] = mapped_column(sa.ForeignKey("loads.id"))
    ended_in: Mapped[int | None] = mapped_column(sa.ForeignKey("loads.id"))

    @classmethod
    def as_of(cls, load_id: int) -> sa.ColumnElement[bool]:
        return sa.and_(cls.added_in <= load_id, sa.or_(cls.ended_in.is_(None), cls.ended_in > load_id))


def begin_load(session: Session, clock: Clock, origin: str, by: str) -> Load:
    """Open a load; another one waits until this transaction ends."""
    one_at_a_time(session, "loads")
    load = Load(origin=origin, at=clock.now(), by=by)
    session.add(load)
    session.flush()
    return load


def latest_load_id(session: Session) -> int:
    """The newest load, 0 where nothing was ever loaded."""
    return session.scalar(sa.select(sa.func.coalesce(sa.func.max(Load.id), 0))) or 0
