"""Trying a source out: a few of its rows, judged like any others, and nothing stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.clock import Clock
from domain.database import Database
from domain.metrics.bench import open_bench
from domain.rows import BadRow, Row
from domain.sources.service import RowsRefused, Try, lay_out, match_people
from worker.sources.config import Source
from worker.sources.secret import known_secrets, rows_without_secrets
from worker.sources.service import connector_for, no_surprises, window_of

A_FEW = 20


@dataclass(frozen=True)
class Checked:
    rows: tuple[Row, ...]
    """As they would be stored."""
    refused: tuple[BadRow, ...]


def check(database: Database, clock: Clock, source: Source, environment: Mapping[str, str]) -> Checked:
    """Read a few rows from the beginning. Raises SourceFailed where the source cannot be read at all."""
    attempt = Try(source.terms, clock.now())
    seen: list[Row] = []
    with open_bench() as bench:
        with no_surprises(source, environment):
            if source.delivers:
                for secret in source.secrets:
                    secret.read(environment)
                return Checked((), ())
            with database.reading() as session:
                window = window_of(session, clock, cursor=None, most_rows=A_FEW)
            fetched = connector_for(source, environment).fetch(window)
            laid = lay_out(bench, source.terms, _noted(fetched.rows, seen))
        try:
            with database.reading() as session:
                match_people(session, bench, attempt, laid)
        except RowsRefused as refused:
            shown = rows_without_secrets(refused, known_secrets(source.secrets, environment))
            return Checked(tuple(seen), tuple(shown.problems))
    return Checked(tuple(seen), ())


def _noted(rows: Iterable[Row | BadRow], seen: list[Row]) -> Iterator[Row | BadRow]:
    for row in rows:
        if isinstance(row, Row):
            seen.append(row)
        yield row
