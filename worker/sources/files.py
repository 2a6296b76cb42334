"""The *files* connector: CSV, Excel, Parquet and JSON files, read by one SQL query in DuckDB.

Each file is a table under the name that sources.toml gives it; columns of CSV and Excel are text, so that
all typing is done in the query, in the open. The query itself can read nothing but these tables: no other
file, no network, no extension.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import duckdb

from domain.errors import N_
from domain.metrics.coverage import CoveredDays
from domain.rows import Row
from worker.sources.config_files import FilesQuery
from worker.sources.connector import Fetched, SourceFailed, Window

REQUIRED = ("record_id", "employee", "measure", "occurred_on", "value")
OPTIONAL = ("customer_id",)
COVERAGE = ("measure", "from", "to")
MEMORY = "1GB"
CHUNK = 50_000
READERS = {".parquet": "read_parquet($1)", ".json": "read_json($1)"}
SEALS = (
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


@dataclass(frozen=True)
class FilesConnector:
    name: str
    reads: FilesQuery
    fingerprint_is_whole: ClassVar[bool] = True

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for text in (self.reads.sql, self.reads.coverage_sql or ""):
            digest.update(f"{len(text)}:{text}".encode())
        for table, path in sorted(self.reads.tables.items()):
            with _readable(table, path), path.open("rb") as file:
                digest.update(f"{table}:{hashlib.file_digest(file, 'sha256').hexdigest()}".encode())
        return digest.hexdigest()

    def fetch(self, window: Window) -> Fetched:
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        connection.execute("SET enable_progress_bar = false")
        for table, path in self.reads.tables.items():
            with _readable(table, path):
                _add_table(connection, table, path)
        for seal in SEALS:
            connection.execute(seal)
        with _sql_problems():
            connection.execute(f"CREATE TABLE measures AS {_one_query(self.reads.sql)}")
        columns = _checked_columns(connection, "measures", REQUIRED, OPTIONAL)
        return Fetched(self._rows(connection, columns, window.most_rows), self._covered(connection))

    def _rows(
        self, connection: duckdb.DuckDBPyConnection, columns: list[str], most: int | None
    ) -> Iterator[Row]:
        """Rows are numbered as the query yields them."""
        texts = ", ".join(f"coalesce(CAST({column} AS VARCHAR), '')" for column in columns)
        number = 0
        with connection:
            result = connection.execute(f"SELECT {texts} FROM measures LIMIT $1", [most])  # noqa: S608 - checked names
            while chunk := result.fetchmany(CHUNK):
                for cells in chunk:
                    number += 1
                    yield Row(self.name, number, dict(zip(columns, cells, strict=True)))

    def _covered(self, connection: duckdb.DuckDBPyConnection) -> tuple[CoveredDays, ...] | None:
        if self.reads.coverage_sql is None:
            return None
        with _sql_problems():
            connection.execute(f"CREATE TABLE coverage AS {_one_query(self.reads.coverage_sql)}")
            _checked_columns(connection, "coverage", COVERAGE, ())
            rows = connection.execute(
                'SELECT CAST(measure AS VARCHAR), CAST("from" AS DATE), CAST("to" AS DATE) FROM coverage'
            ).fetchall()
        return tuple(_covered_days(*row) for row in rows)


def _covered_days(measure: str | None, first: date | None, last: date | None) -> CoveredDays:
    if measure is None or first is None or last is None or last < first:
        raise SourceFailed(
            N_("The coverage query yields {measure}, {first}, {last}: give a measure and two days in order."),
            measure=measure,
            first=first,
            last=last,
        )
    return CoveredDays(measure, first, last)


def _add_table(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    kind = path.suffix.lower()
    if kind == ".xlsx":
        import pandas as pd  # here: it takes half a second of every process's start

        sheet = pd.read_excel(path, dtype=str, engine="openpyxl").astype(object)
        connection.register("sheet", sheet.where(sheet.notna(), None))
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM sheet")  # noqa: S608 - checked name
        connection.unregister("sheet")
    else:
        reader = READERS.get(kind, "read_csv($1, header = true, all_varchar = true)")
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {reader}", [str(path)])  # noqa: S608 - our own names


def _one_query(sql: str) -> str:
    """The query in brackets, so that nothing but a query can stand there."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise SourceFailed(N_("The query must be one SELECT: remove the other statements."))
    return f"({statements[0].query.rstrip().rstrip(';')}\n)"


def _checked_columns(
    connection: duckdb.DuckDBPyConnection, table: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> list[str]:
    columns = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    missing = [name for name in required if name not in columns]
    unknown = [name for name in columns if name not in required + optional]
    if missing or unknown:
        sentence = (
            N_("The query for {table} yields {columns}; it must yield {required} and may yield {optional}.")
            if optional
            else N_("The query for {table} yields {columns}; it must yield {required}.")
        )
        raise SourceFailed(
            sentence,
            table=table,
            columns=", ".join(columns),
            required=", ".join(required),
            optional=", ".join(optional),
        )
    return columns


@contextmanager
def _readable(table: str, path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise SourceFailed(
            N_("The file of {table} is not there: {path}. Put it there, or correct sources.toml."),
            table=table,
            path=path,
        ) from None
    except (OSError, ValueError, KeyError, duckdb.Error) as error:
        raise SourceFailed(
            N_("The file of {table} cannot be read: {path}. {problem}"),
            table=table,
            path=path,
            problem=_first_line(error),
        ) from None


@contextmanager
def _sql_problems() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise SourceFailed(N_("The query fails: {problem}"), problem=_first_line(error)) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
