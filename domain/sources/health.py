"""How each source is, for those who run the system."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import Viewer, require_operator
from domain.clock import Clock
from domain.errors import NotFound
from domain.sources.asking import pull_under_way
from domain.sources.configured import SourceEntry, configured_sources, file_problem
from domain.sources.model import WELL, RunState, SourceRun
from domain.sources.telling import failures_in_a_row

LATE_AFTER = 3
"""A source is late when it was not heard of for so many times its `every` …"""
NEVER_LATE_WITHIN = timedelta(minutes=10)
"""… but not before this: a worker may be busy."""


class Verdict(StrEnum):
    WELL = "well"
    FAILING = "failing"
    LATE = "late"
    """Its last run went well, and it should have been heard of since."""
    NEW = "new"
    """There has been no run yet."""


@dataclass(frozen=True)
class RunView:
    """A run as people may read of it."""

    id: int
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    read: int
    added: int
    corrected: int
    removed: int
    unchanged: int
    refused: int
    refusals: tuple[dict[str, Any], ...]
    """The first refused rows: `row`, `column`, `value`, `reason`, and the reason as it is `said`."""
    problem: str | None
    problem_said: dict[str, Any] | None
    cursor: str | None
    load_id: int | None
    correlation_id: str | None

    @classmethod
    def of(cls, run: SourceRun) -> "RunView":
        return cls(
            id=run.id,
            state=RunState(run.state),
            started_at=run.started_at,
            finished_at=run.finished_at,
            read=run.rows_read,
            added=run.rows_added,
            corrected=run.rows_corrected,
            removed=run.rows_removed,
            unchanged=run.rows_unchanged,
            refused=run.rows_refused,
            refusals=tuple(run.refusals or ()),
            problem=run.problem,
            problem_said=run.problem_said,
            cursor=run.cursor,
            load_id=run.load_id,
            correlation_id=run.correlation_id,
        )


@dataclass(frozen=True)
class SourceHealth:
    source: SourceEntry
    verdict: Verdict
    failures: int
    """Runs in a row that failed."""
    last: RunView | None
    last_well_at: datetime | None
    pull_id: int | None
    """The job that reads it now, or is about to."""

    @property
    def is_being_read(self) -> bool:
        return self.pull_id is not None


@dataclass(frozen=True)
class Sources:
    """All sources, those in trouble first."""

    health: tuple[SourceHealth, ...]
    file_problem: str | None
    """Why the file that configures them cannot be used."""

    @property
    def pulls(self) -> tuple[int, ...]:
        """The jobs that read them now."""
        return tuple(one.pull_id for one in self.health if one.pull_id is not None)


def sources_for(session: Session, clock: Clock, viewer: Viewer) -> Sources:
    """Raises NotAllowed."""
    require_operator(viewer)
    return all_sources(session, clock)


def source_for(session: Session, clock: Clock, viewer: Viewer, name: str) -> SourceHealth:
    """Raises NotAllowed, NotFound."""
    require_operator(viewer)
    return one_source(session, clock, name)


def one_source(session: Session, clock: Clock, name: str) -> SourceHealth:
    """Raises NotFound."""
    for entry in configured_sources(session):
        if entry.name == name:
            return _health(session, clock, entry)
    raise NotFound("There is no source {source} any more: sources.toml does not name it.", source=name)


def all_sources(session: Session, clock: Clock) -> Sources:
    health = [_health(session, clock, entry) for entry in configured_sources(session)]
    in_trouble = (Verdict.FAILING, Verdict.LATE)
    health.sort(key=lambda one: (one.verdict not in in_trouble, one.source.name))
    return Sources(tuple(health), file_problem(session))


def runs_of(session: Session, name: str, most: int = 10) -> list[RunView]:
    """The newest first."""
    newest = sa.select(SourceRun).where(SourceRun.source == name).order_by(SourceRun.id.desc()).limit(most)
    return [RunView.of(run) for run in session.scalars(newest)]


def _health(session: Session, clock: Clock, entry: SourceEntry) -> SourceHealth:
    last = next(iter(runs_of(session, entry.name, 1)), None)
    last_well_at = session.scalar(
        sa.select(SourceRun.finished_at)
        .where(SourceRun.source == entry.name, SourceRun.state.in_(WELL))
        .order_by(SourceRun.id.desc())
        .limit(1)
    )
    failures = failures_in_a_row(session, entry.name)
    verdict = _verdict(entry, last, failures, clock.now())
    return SourceHealth(entry, verdict, failures, last, last_well_at, pull_under_way(session, entry.name))


def _verdict(entry: SourceEntry, last: RunView | None, failures: int, now: datetime) -> Verdict:
    if last is None:
        return Verdict.NEW
    if failures:
        return Verdict.FAILING
    if entry.every_s is not None:
        patience = max(timedelta(seconds=LATE_AFTER * entry.every_s), NEVER_LATE_WITHIN)
        if last.started_at + patience < now:
            return Verdict.LATE
    return Verdict.WELL
