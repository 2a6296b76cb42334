"""Pulling a source: read it, store what changed, or leave word of what went wrong."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from domain.clock import Clock
from domain.database import Database
from domain.metrics.bench import open_bench
from domain.metrics.model import RunState
from domain.metrics.service import (
    SourceTerms,
    confirm_unchanged,
    last_fingerprint,
    last_tried,
    record_failure,
    store_pull,
)
from domain.rows import ImportRefused
from worker.sources.config import FilesQuery, Source
from worker.sources.connector import Connector, SourceFailed
from worker.sources.files import FilesConnector


@dataclass(frozen=True)
class PullResult:
    source: str
    state: RunState
    rows: int
    """Records added, corrected or removed."""
    load_id: int | None
    """None: nothing changed."""
    problem: str | None


def due_sources(database: Database, clock: Clock, sources: Sequence[Source]) -> list[Source]:
    """Those whose last try is as long ago as `every` says, or that were never tried."""
    with database.reading() as session:
        tried = last_tried(session)
    now = clock.now()

    def is_due(source: Source) -> bool:
        return source.name not in tried or tried[source.name] + source.every <= now

    return [source for source in sources if is_due(source)]


def connector_for(source: Source) -> Connector:
    match source.reads:
        case FilesQuery() as files:
            return FilesConnector(source.name, files)


def pull(database: Database, clock: Clock, source: Source, connector: Connector | None = None) -> PullResult:
    """Pull a source once; again without change where it has nothing new.

    All or nothing: a bad row fails the pull. A failure is a result, not an exception: it is recorded and the
    admins are told in the same transaction.
    """
    started_at = clock.now()
    terms = SourceTerms(source.name, source.measures, source.covered_from, source.removes)
    connector = connector or connector_for(source)
    try:
        fingerprint = _with_terms(connector.fingerprint(), terms)
        with database.reading() as session:
            is_unchanged = last_fingerprint(session, source.name) == fingerprint
        if is_unchanged:
            with database.writing() as session:
                run = confirm_unchanged(
                    session, clock, terms, source.reads.says_coverage, fingerprint, started_at
                )
        else:
            fetched = connector.fetch()
            with open_bench() as bench, database.writing() as session:
                run = store_pull(
                    session, clock, bench, terms, fetched.rows, fetched.covered, fingerprint, started_at
                )
    except (SourceFailed, ImportRefused) as failure:
        with database.writing() as session:
            run = record_failure(session, clock, terms, _one_sentence(failure), started_at)
    return PullResult(source.name, RunState(run.state), run.rows, run.load_id, run.problem)


def _with_terms(fingerprint: str, terms: SourceTerms) -> str:
    """New terms make old data new."""
    return hashlib.sha256(f"{fingerprint}:{terms}".encode()).hexdigest()


def _one_sentence(failure: SourceFailed | ImportRefused) -> str:
    if isinstance(failure, SourceFailed):
        return str(failure)
    first, more = failure.problems[0], len(failure.problems) - 1
    return f"{first} ({more} more like this.)" if more else str(first)
