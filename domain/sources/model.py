"""Sources of measures as the tables know them: which there are, how each run went, what was delivered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, UtcDateTime


class RunState(StrEnum):
    SUCCEEDED = "succeeded"
    UNCHANGED = "unchanged"
    """It was read, and there was nothing new."""
    FAILED = "failed"
    """It could not be read."""
    REFUSED = "refused"
    """It was read, and some of its rows cannot be used: none was stored."""


WELL = (RunState.SUCCEEDED, RunState.UNCHANGED)

THE_FILE = "sources.toml"
"""Runs under this name tell of the file of all sources itself; no source can be called so."""


class ConfiguredSource(Base):
    """A source that the installation's file names; a copy, for those who do not read the file."""

    __tablename__ = "configured_sources"

    name: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    every_s: Mapped[int | None]
    """Seconds between two pulls; of a source that delivers by itself, how long it may be silent, if said."""
    measures: Mapped[list[str]] = mapped_column(sa.JSON)


class SourceRun(Base):
    """One try at reading a source, or one delivery of a source that delivers by itself."""

    __tablename__ = "source_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(100), index=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the configuration, and of what was read as far as that is known before reading."""
    cursor: Mapped[str | None] = mapped_column(sa.Text)
    """Where the next run goes on, as long as the fingerprint stays the same."""
    load_id: Mapped[int | None] = mapped_column(sa.ForeignKey("loads.id"))
    rows: Mapped[int] = mapped_column(default=0)
    """Records added, corrected or removed."""
    states_coverage: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether the source said by then which days it reports; otherwise all of them are, to yesterday."""
    rows_read: Mapped[int] = mapped_column(default=0, server_default="0")
    rows_added: Mapped[int] = mapped_column(default=0, server_default="0")
    rows_corrected: Mapped[int] = mapped_column(default=0, server_default="0")
    rows_removed: Mapped[int] = mapped_column(default=0, server_default="0")
    rows_unchanged: Mapped[int] = mapped_column(default=0, server_default="0")
    rows_refused: Mapped[int] = mapped_column(default=0, server_default="0")
    refusals: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON)
    """The first refused rows: `row`, `column`, `value`, `reason`, and the reason as it is `said`."""
    problem: Mapped[str | None] = mapped_column(sa.Text)
    """Why it failed, in English …"""
    problem_said: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """… and as `sentence` and `values`, to be said in the reader's language."""
    correlation_id: Mapped[str | None] = mapped_column(sa.String(40))


class PushDelivery(Base):
    """A delivery that was accepted: sent again, it acts no more."""

    __tablename__ = "push_deliveries"

    source: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    delivery_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    body_digest: Mapped[str] = mapped_column(sa.String(64))
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("source_runs.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
