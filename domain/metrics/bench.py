"""The bench where measure rows are laid out as text, checked and compared, before any of them is stored.

A million rows are checked by a handful of SQL statements in DuckDB, which keeps its tables in memory and,
past `MEMORY`, on disk. Nothing is downloaded: extensions are switched off.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from domain.cells import (
    BLANK,
    BLANKS_AROUND,
    FIRST_DAY,
    LAST_DAY,
    NOT_A_DAY,
    NOT_A_DECIMAL,
    PLAIN_DAY,
    PLAIN_DECIMAL,
    too_long,
)
from domain.errors import N_
from domain.rows import MOST_PROBLEMS, BadRow, ImportRefused, Reason, Row

MEMORY = "1GB"
CHUNK = 50_000
TEXTS = {"record_id": 200, "employee": 100, "measure": 100, "customer_id": 200, "source": 100}
"""The text columns and how long they may be."""
NUL = Reason(N_("holds a NUL character: remove it."))
NOT_A_MEASURE = Reason(N_("is not a measure: give it a name."))
NOBODY = Reason(N_("is nobody who is known: correct it, or add the person to people.csv."))
INCOMING = ("record_id", "employee", "measure", "occurred_on", "value", "customer_id", "source")


@dataclass(frozen=True)
class Check:
    """A condition that makes a cell bad, and the reason to give."""

    column: str
    is_bad: str
    reason: str


CHECKS = [
    *(
        Check(column, f"{column} = ''", BLANK)
        for column in ("record_id", "employee", "measure", "occurred_on", "value")
    ),
    *(Check(column, rf"regexp_matches({column}, '^\s|\s$')", BLANKS_AROUND) for column in TEXTS),
    *(Check(column, f"length({column}) > {longest}", too_long(longest)) for column, longest in TEXTS.items()),
    *(Check(column, f"contains({column}, chr(0))", NUL) for column in TEXTS),
    Check("measure", "measure = '*'", NOT_A_MEASURE),
    Check(
        "occurred_on",
        f"NOT regexp_full_match(occurred_on, '{PLAIN_DAY}') OR try_cast(occurred_on AS DATE) IS NULL "
        f"OR occurred_on NOT BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'",
        NOT_A_DAY,
    ),
    Check("value", f"NOT regexp_full_match(value, '{PLAIN_DECIMAL}')", NOT_A_DECIMAL),
    Check(
        "employee",
        "employee NOT IN (SELECT name FROM employees)",
        NOBODY,
    ),
]
"""In this order: of a bad row the first reason is given. All columns are text and never NULL."""


@contextmanager
def open_bench() -> Iterator["Bench"]:
    with (
        TemporaryDirectory(prefix="pacesetter-") as folder,
        duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY,
                "temp_directory": folder,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        ) as connection,
    ):
        yield Bench(connection)


class Bench:
    """Tables: `incoming` (as it came, with lines), `employees` (who is known), `typed` (checked rows)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.run("SET enable_progress_bar = false")
        self.run(f"CREATE TABLE incoming (line BIGINT, {', '.join(f'{name} VARCHAR' for name in INCOMING)})")
        self.run("CREATE TABLE employees (name VARCHAR, person_id BIGINT)")

    def run(self, sql: str, parameters: Iterable[object] = ()) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, list(parameters))

    def count(self, table: str) -> int:
        row = self.run(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own table's name
        return int(row[0]) if row else 0

    def lay_out_csv(
        self, path: Path, names: Mapping[str, str], header: list[str], default_source: str
    ) -> bool:
        """Lay out a whole file, fast and without lines; False where only a slow reading finds out why not.

        `names` translates the header's names into those of the bench.
        """
        columns = {names.get(name, name): "VARCHAR" for name in header}
        selected = ", ".join(_cell(name, columns, default_source) for name in INCOMING)
        try:
            self.run(
                f"INSERT INTO incoming SELECT NULL, {selected} FROM read_csv($1, header = true, "  # noqa: S608 - our own names
                "auto_detect = false, columns = $2, delim = ',', quote = '\"', escape = '\"')",
                [str(path), columns],
            )
        except duckdb.Error:
            self.clear()
            return False
        return True

    def lay_out_rows(self, rows: Iterable[Row], names: Mapping[str, str], default_source: str) -> None:
        """Lay out rows one by one, with their lines."""
        theirs = {ours: name for name, ours in names.items()}
        remaining = iter(rows)
        while chunk := list(islice(remaining, CHUNK)):
            columns: dict[str, list[object]] = {"line": [row.line for row in chunk]}
            for name in INCOMING:
                default = default_source if name == "source" else ""
                columns[name] = [row.cells.get(theirs.get(name, name)) or default for row in chunk]
            self.insert("incoming", columns)

    def insert(self, table: str, columns: Mapping[str, list[object]]) -> None:
        """Append columns of equal length, in the table's order."""
        self.connection.register("appended", pa.table(dict(columns)))
        self.run(f"INSERT INTO {table} SELECT * FROM appended")  # noqa: S608 - our own table's name
        self.connection.unregister("appended")

    def clear(self) -> None:
        self.run("DELETE FROM incoming")

    def know(self, employees: Mapping[str, int | None]) -> None:
        """Say who is known by which names, and their ids as far as they have one yet."""
        self.run("DELETE FROM employees")
        self.insert("employees", {"name": list(employees), "person_id": list(employees.values())})

    def match_employees_in_any_case(self) -> None:
        """Write names that are known only in lower case in lower case, as e-mail addresses are kept."""
        known = "(SELECT name FROM employees)"
        self.run(
            "UPDATE incoming SET employee = lower(employee) "  # noqa: S608 - our own names
            f"WHERE employee NOT IN {known} AND lower(employee) IN {known}"
        )

    def sources(self) -> list[str]:
        return [row[0] for row in self.run("SELECT DISTINCT source FROM incoming ORDER BY 1").fetchall()]

    def is_clean(self) -> bool:
        any_bad = " OR ".join(f"({check.is_bad})" for check in CHECKS)
        row = self.run(f"SELECT count(*) FROM incoming WHERE {any_bad}").fetchone()  # noqa: S608 - our own names
        if row and row[0]:
            return False
        return self.run(_REPEATED + " LIMIT 1").fetchone() is None

    def refuse_bad_rows(self, file: str) -> None:
        """Raises ImportRefused with the bad rows; `incoming` must have lines."""
        if not self.is_clean():
            raise ImportRefused(self.problems(file, {}))

    def count_bad(self) -> int:
        """How many rows have a bad cell; where none has, how many come again with other content."""
        any_bad = " OR ".join(f"({check.is_bad})" for check in CHECKS)
        row = self.run(f"SELECT count(*) FROM incoming WHERE {any_bad}").fetchone()  # noqa: S608 - our own names
        if row and row[0]:
            return int(row[0])
        row = self.run(f"SELECT count(*) FROM ({_REPEATED})").fetchone()  # noqa: S608 - our own SQL
        return int(row[0]) if row else 0

    def problems(self, file: str, names: Mapping[str, str], most: int = MOST_PROBLEMS) -> list[BadRow]:
        """The first bad rows in the order of their lines; `incoming` must have them."""
        bad_cells = " ".join(f"WHEN {check.is_bad} THEN {number}" for number, check in enumerate(CHECKS))
        found = self.run(
            f"SELECT line, CASE {bad_cells} END AS number, {', '.join(INCOMING)} FROM incoming "  # noqa: S608 - our own names
            f"WHERE number IS NOT NULL ORDER BY line LIMIT {most}"
        ).fetchall()
        theirs = {ours: name for name, ours in names.items()}
        if not found:
            return self._repeats(file, most)
        problems = []
        for line, number, *cells in found:
            check = CHECKS[number]
            value = dict(zip(INCOMING, cells, strict=True))[check.column]
            problems.append(BadRow(file, line, theirs.get(check.column, check.column), value, check.reason))
        return problems

    def _repeats(self, file: str, most: int) -> list[BadRow]:
        found = self.run(
            f"SELECT line, record_id, first_line FROM ({_REPEATED}) "  # noqa: S608 - our own SQL
            f"ORDER BY line LIMIT {most}"
        ).fetchall()
        return [
            BadRow(
                file,
                line,
                "record_id",
                record_id,
                Reason(
                    N_("comes again with other content (first on line {line}): keep one of the two."),
                    line=first,
                ),
            )
            for line, record_id, first in found
        ]

    def type_rows(self) -> int:
        """Turn the clean rows into `typed`, identical repeats once; how many there are."""
        self.run(
            f"CREATE OR REPLACE TABLE typed AS SELECT DISTINCT {_TYPED} FROM incoming "  # noqa: S608 - our own names
            "JOIN employees ON employees.name = incoming.employee"
        )
        return self.count("typed")


SCALED_VALUE = "CAST(CAST(CAST(value AS DECIMAL(16, 4)) AS DECIMAL(22, 4)) * 10000 AS BIGINT)"
_TYPED = (
    "source, record_id, person_id, measure, occurred_on, "
    f"{SCALED_VALUE} AS value, nullif(customer_id, '') AS customer_id"
)
_CONTENT = f"row(employee, measure, occurred_on, {SCALED_VALUE}, customer_id)"
_REPEATED = f"""
    SELECT line, record_id, first_line FROM (
        SELECT line, record_id, {_CONTENT} AS content,
            first_value({_CONTENT}) OVER same_id AS first_content,
            first_value(line) OVER same_id AS first_line
        FROM incoming
        SEMI JOIN (SELECT source, record_id FROM incoming GROUP BY ALL HAVING count(*) > 1)
            USING (source, record_id)
        WINDOW same_id AS (PARTITION BY source, record_id ORDER BY line)
    )
    WHERE content <> first_content
"""  # noqa: S608 - our own SQL
"""Rows whose record id came before with other content."""


def _cell(name: str, columns: Mapping[str, str], default_source: str) -> str:
    default = default_source.replace("'", "''") if name == "source" else ""
    return f"coalesce({name}, '{default}')" if name in columns else f"'{default}'"
