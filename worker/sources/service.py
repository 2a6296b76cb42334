"""Reading a source: store what changed, or leave word of what went wrong."""

import hashlib
import os
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from domain import telemetry
from domain.clock import Clock, today
from domain.database import Database
from domain.errors import N_
from domain.metrics.bench import Bench, open_bench
from domain.people.model import Company
from domain.sources.model import RunState, SourceRun
from domain.sources.service import (
    Covered,
    LaidOut,
    RowsRefused,
    Try,
    confirm_unchanged,
    last_success,
    last_tried,
    lay_out,
    match_people,
    no_other_loads,
    overtaken_by,
    record_failure,
    store_rows,
)
from worker.sources.config import Source
from worker.sources.config_files import FilesQuery
from worker.sources.config_http import HttpQuery
from worker.sources.config_push import PushTerms
from worker.sources.config_sql import SqlQuery
from worker.sources.connector import Connector, Fetched, SourceFailed, Window
from worker.sources.files import FilesConnector
from worker.sources.http import HttpConnector
from worker.sources.secret import known_secrets, rows_without_secrets, scrubbed, without_secrets
from worker.sources.sql import SqlConnector

log = structlog.get_logger()


@dataclass(frozen=True)
class PullResult:
    source: str
    state: RunState
    rows: int
    """Records added, corrected or removed."""
    load_id: int | None
    """None: nothing changed."""
    problem: str | None

    @property
    def is_well(self) -> bool:
        return self.problem is None


def due_sources(database: Database, clock: Clock, sources: Sequence[Source]) -> list[Source]:
    """Those whose last try is as long ago as `every` says, or that were never tried."""
    with database.reading() as session:
        tried = last_tried(session)
    now = clock.now()

    def is_due(source: Source) -> bool:
        if source.delivers or source.every is None:
            return False
        return source.name not in tried or tried[source.name] + source.every <= now

    return [source for source in sources if is_due(source)]


def connector_for(source: Source, environment: Mapping[str, str]) -> Connector:
    """Raises SourceFailed for a source that delivers by itself."""
    match source.reads:
        case FilesQuery() as files:
            return FilesConnector(source.name, files)
        case SqlQuery() as sql:
            return SqlConnector(source.name, sql, environment)
        case HttpQuery() as http:
            return HttpConnector(source.name, http, environment)
        case PushTerms():
            raise SourceFailed(
                N_("{source} delivers by itself and cannot be asked: see docs/sources.md for how to send."),
                source=source.name,
            )


def pull(
    database: Database,
    clock: Clock,
    source: Source,
    connector: Connector | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    correlation_id: str | None = None,
) -> PullResult:
    """Read a source once; again without change where it has nothing new.

    All or nothing: a bad row fails the run. A failure is a result, not an exception: it is recorded and the
    admins are told in the same transaction.
    """
    attempt = Try(source.terms, clock.now(), correlation_id)
    given = os.environ if environment is None else environment
    try:
        with no_surprises(source, given):
            reading = connector or connector_for(source, given)
            fingerprint = _with_terms(reading.fingerprint(), source)
        run = _pull(database, clock, source, reading, attempt, fingerprint, given)
    except SourceFailed as failure:
        run = _failed(database, clock, attempt, failure)
    except RowsRefused as refused:
        hidden = known_secrets(source.secrets, given)
        run = _failed(database, clock, attempt, rows_without_secrets(refused, hidden))
    telemetry.source_pulled(source.name, run.state)
    return PullResult(source.name, RunState(run.state), run.rows, run.load_id, run.problem)


def _failed(database: Database, clock: Clock, attempt: Try, failure: SourceFailed | RowsRefused) -> SourceRun:
    with database.writing() as session:
        return record_failure(session, clock, attempt, failure)


def _pull(
    database: Database,
    clock: Clock,
    source: Source,
    connector: Connector,
    attempt: Try,
    fingerprint: str,
    environment: Mapping[str, str],
) -> SourceRun:
    with database.reading() as session:
        last = last_success(session, source.name)
        cursor = last.cursor if last is not None and last.fingerprint == fingerprint else None
        window = window_of(session, clock, cursor)
    if connector.fingerprint_is_whole and last is not None and last.fingerprint == fingerprint:
        with database.writing() as session:
            return confirm_unchanged(
                session,
                clock,
                attempt,
                says_coverage=source.reads.says_coverage,
                fingerprint=fingerprint,
            )
    with open_bench() as bench:
        with no_surprises(source, environment):
            fetched, laid = _read(connector, window, bench, attempt)
        with database.reading() as session:
            newer = overtaken_by(session, attempt, last)
            if newer is not None:
                return newer
            people = match_people(session, bench, attempt, laid)
        with database.writing() as session:
            no_other_loads(session)
            newer = overtaken_by(session, attempt, last)
            return newer or store_rows(
                session,
                clock,
                bench,
                attempt,
                laid,
                people,
                None if fetched.covered is None else Covered(fetched.covered),
                fingerprint=fingerprint,
                cursor=fetched.cursor(),
            )


def _read(connector: Connector, window: Window, bench: Bench, attempt: Try) -> tuple[Fetched, LaidOut]:
    fetched = connector.fetch(window)
    return fetched, lay_out(bench, attempt.terms, fetched.rows)


def window_of(session: Session, clock: Clock, cursor: str | None, most_rows: int | None = None) -> Window:
    company = session.get(Company, 1)
    zone = company.time_zone if company else "UTC"
    return Window(today(clock, zone), ZoneInfo(zone), cursor, most_rows)


@contextmanager
def no_surprises(source: Source, environment: Mapping[str, str]) -> Iterator[None]:
    """Whatever goes wrong while a source is read is that source's failure, and carries no secret of it."""
    hidden = known_secrets(source.secrets, environment)
    try:
        yield
    except SourceFailed as failure:
        raise without_secrets(failure, hidden) from None
    except Exception as error:  # noqa: BLE001 - somebody else's data and servers: anything can happen
        log.error("source failed", source=source.name, traceback=scrubbed(traceback.format_exc(), hidden))
        raise SourceFailed(
            N_("Reading failed in a way that nobody foresaw ({problem}): see the worker's log."),
            problem=scrubbed(f"{type(error).__name__}: {error}", hidden),
        ) from None


def _with_terms(fingerprint: str, source: Source) -> str:
    """New terms make old data new."""
    return hashlib.sha256(f"{fingerprint}:{source.terms}".encode()).hexdigest()
