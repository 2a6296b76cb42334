"""A source of the kind *files*, as `sources.toml` describes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.plans.rules_table import Table
from worker.sources.config_values import Place, one_sql, sql_file
from worker.sources.secret import Secret

KEYS = ("query", "sql", "coverage", "files")
FILE_TYPES = (".csv", ".xlsx", ".parquet", ".json")


@dataclass(frozen=True)
class FilesQuery:
    """What the *files* connector reads: tables of files, and SQL over them."""

    tables: Mapping[str, Path]
    sql: str
    """Yields record_id, employee, measure, occurred_on, value and, if it likes, customer_id."""
    coverage_sql: str | None = None
    """Yields measure, from, to, both days included; may read the first query's rows as `measures`."""

    @property
    def says_coverage(self) -> bool:
        return self.coverage_sql is not None

    @property
    def reads_whole(self) -> bool:
        return True

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return ()


def files_query(table: Table, place: Place) -> FilesQuery:
    sql = one_sql(table, place)
    coverage = sql_file(table, "coverage", place) if table.has("coverage") else None
    files = table.values.get("files")
    if not isinstance(files, dict) or not files:
        raise table.error(f"{table.title} needs [sources.files] with a table's name and its file.", "files")
    return FilesQuery(
        tables={name: _file(table, name, files[name], place) for name in files},
        sql=sql,
        coverage_sql=coverage,
    )


def _file(table: Table, name: str, value: object, place: Place) -> Path:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise table.error(f'"{name}" cannot name a table: use lower-case letters, digits and _.', "files")
    if not isinstance(value, str) or not value:
        raise table.error(f'"{name}" must name a file.', "files", name)
    path = place.path(table, value, "files", name)
    if path.suffix.lower() not in FILE_TYPES:
        raise table.error(f'"{name}" names {path.name}: read are {", ".join(FILE_TYPES)}.', "files", name)
    return path
