"""What the file of all sources says, kept where processes that do not read it can see it."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.database import one_at_a_time
from domain.sources.model import THE_FILE, WELL, ConfiguredSource, RunState, SourceRun
from domain.sources.telling import tell_of_change


@dataclass(frozen=True)
class SourceEntry:
    """A source as far as everybody may know it: no address, no secret."""

    name: str
    kind: str
    every_s: int | None
    measures: tuple[str, ...]


def remember_configured(session: Session, entries: Iterable[SourceEntry]) -> None:
    """Make these the configured sources; nothing is written where they are already."""
    one_at_a_time(session, "sources")
    wanted = {entry.name: entry for entry in entries}
    known = {row.name: row for row in session.scalars(sa.select(ConfiguredSource))}
    for name, row in known.items():
        if name not in wanted:
            session.delete(row)
    for name, entry in wanted.items():
        row = known.get(name) or ConfiguredSource(name=name)
        row.kind, row.every_s, row.measures = entry.kind, entry.every_s, list(entry.measures)
        session.add(row)


def configured_sources(session: Session) -> list[SourceEntry]:
    rows = session.scalars(sa.select(ConfiguredSource).order_by(ConfiguredSource.name))
    return [SourceEntry(row.name, row.kind, row.every_s, tuple(row.measures)) for row in rows]


def note_file(session: Session, clock: Clock, problem: str | None) -> None:
    """Note whether the file can be used, and tell the administrators when that changes.

    The scheduler looks at it every few seconds: only what differs from the last note is written.
    """
    one_at_a_time(session, "sources")
    last = session.scalar(
        sa.select(SourceRun).where(SourceRun.source == THE_FILE).order_by(SourceRun.id.desc()).limit(1)
    )
    was_fine = last is None or last.state in WELL
    if (problem is None and was_fine) or (last is not None and problem == last.problem and not was_fine):
        return
    state = RunState.FAILED if problem else RunState.SUCCEEDED
    now = clock.now()
    run = SourceRun(source=THE_FILE, state=state, started_at=now, finished_at=now, rows=0, problem=problem)
    tell_of_change(session, clock, run)


def file_problem(session: Session) -> str | None:
    """Why the file cannot be used; None where it can."""
    last = session.scalar(
        sa.select(SourceRun).where(SourceRun.source == THE_FILE).order_by(SourceRun.id.desc()).limit(1)
    )
    return None if last is None or last.state in WELL else last.problem
