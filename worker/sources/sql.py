"""The *sql* connector: one query against a database, read-only, a batch at a time."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from domain.errors import N_
from domain.rows import BadRow, Row
from worker.sources.config_sql import SqlQuery, describe, since_day
from worker.sources.connector import Fetched, SourceFailed, Window
from worker.sources.deadline import Deadline
from worker.sources.fields import Reader
from worker.sources.read_only import reading

BATCH = 5_000
TIME_IS_UP = ("interrupted", "statement timeout")


@dataclass(frozen=True)
class SqlConnector:
    name: str
    reads: SqlQuery
    environment: Mapping[str, str]
    fingerprint_is_whole: ClassVar[bool] = False

    def fingerprint(self) -> str:
        reads = self.reads
        parts = (
            reads.url,
            reads.sql,
            reads.fields,
            reads.since,
            reads.window,
            reads.cursor,
            reads.cursor_start,
        )
        return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()

    def fetch(self, window: Window) -> Fetched:
        greatest = Greatest(window.cursor)
        return Fetched(self._rows(window, greatest), cursor=lambda: greatest.text)

    def _rows(self, window: Window, greatest: "Greatest") -> Iterator[Row | BadRow]:
        reads = self.reads
        deadline = Deadline(reads.timeout)
        reader = Reader(self.name, reads.fields, window.zone)
        number = 0
        with (
            _problems(reads.url, deadline),
            reading(self._url(), deadline) as connection,
            connection.execute(*self._statement(window), execution_options={"yield_per": BATCH}) as result,
        ):
            _check_columns(list(result.keys()), reads)
            for batch in result.mappings().partitions():
                deadline.check()
                for record in batch:
                    number += 1
                    if reads.cursor is not None:
                        greatest.see(record[reads.cursor])
                    yield from reader.rows(number, record.__getitem__)
                    if number == window.most_rows:
                        return

    def _url(self) -> sa.URL:
        url, password = self.reads.url, self.reads.password
        return url if password is None else url.set(password=password.read(self.environment))

    def _statement(self, window: Window) -> tuple[sa.TextClause, dict[str, Any]]:
        """The query and its parameters: days as days, the cursor as the text it was kept as."""
        reads = self.reads
        given: dict[str, Any] = {
            "since": since_day(reads, window.until),
            "until": window.until,
            "cursor": window.cursor or reads.cursor_start,
        }
        asked = reads.parameters
        days = [sa.bindparam(name, type_=sa.Date) for name in ("since", "until") if name in asked]
        return sa.text(reads.sql).bindparams(*days), {name: given[name] for name in asked}


class Greatest:
    """The greatest value of the cursor's column, as text."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        """As long as nothing was seen: the last run's."""
        self._value: Any = None

    def see(self, value: Any) -> None:
        try:
            if value is None or (self._value is not None and value <= self._value):
                return
        except TypeError:
            raise SourceFailed(
                N_(
                    "The cursor's column yields {one} and {other}, which have no order: cast it in the query."
                ),
                one=self._value,
                other=value,
            ) from None
        self._value = value
        self.text = value.isoformat(" ") if isinstance(value, datetime) else _text(value)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _check_columns(columns: list[str], reads: SqlQuery) -> None:
    needed = [*reads.fields.required, *([reads.cursor] if reads.cursor is not None else [])]
    missing = [name for name in needed if name not in columns]
    if missing:
        raise SourceFailed(
            N_(
                "The query yields the columns {columns}; missing is {missing}. Name it so in the query, or "
                "say in [sources.fields] what it is called."
            ),
            columns=", ".join(columns),
            missing=", ".join(missing),
        )
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise SourceFailed(
            N_("The query yields two columns called {columns}: name one of them differently."),
            columns=", ".join(twice),
        )


@contextmanager
def _problems(url: sa.URL, deadline: Deadline) -> Iterator[None]:
    try:
        yield
    except (sa.exc.NoSuchModuleError, ModuleNotFoundError):
        raise SourceFailed(
            N_("No driver for {dialect} is installed: install one, or correct the url."),
            dialect=url.drivername,
        ) from None
    except sa.exc.DBAPIError as error:
        problem = _first_line(error)
        if any(sign in problem for sign in TIME_IS_UP):
            raise deadline.missed() from None
        if error.statement is None:
            raise SourceFailed(
                N_("The database {where} cannot be reached: {problem}"), where=describe(url), problem=problem
            ) from None
        raise SourceFailed(N_("The query fails: {problem}"), problem=problem) from None
    except sa.exc.SQLAlchemyError as error:
        raise SourceFailed(N_("The query fails: {problem}"), problem=str(error).splitlines()[0]) from None


def _first_line(error: sa.exc.DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
