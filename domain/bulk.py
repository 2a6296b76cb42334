"""Writing very many rows, past SQLAlchemy's work for each: by the driver on SQLite, by COPY on PostgreSQL."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.database import Base, UtcDateTime

FETCHED_AT_ONCE = 5_000

Key = TypeVar("Key", str, int)


def insert_rows(
    connection: sa.Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows of values as the database keeps them (scaled integers, texts), without any defaults."""
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        cursor: Any = connection.connection.cursor()
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - our own names
        cursor.close()
        return
    cursor = connection.connection.cursor()  # psycopg's own, which knows COPY
    with cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def insert_mappings(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of Python values, all with the same columns; each is turned into what its type keeps."""
    columns = list(rows[0])
    processors = [to_keep(table.c[name].type, connection.dialect) for name in columns]
    kept = (
        tuple(
            value if process is None else process(value)
            for process, value in zip(processors, row.values(), strict=True)
        )
        for row in rows
    )
    insert_rows(connection, table.name, columns, kept)


def to_keep(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """What turns a Python value into the one that the type keeps; None: it is kept as it is."""
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is not None and isinstance(kind, UtcDateTime):
        return cache(process)  # many rows share a moment
    return process


def count_anew(session: Session, *tables: type[Base]) -> None:
    """After very many new rows: until PostgreSQL counts by itself, it would plan by the counts before."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"ANALYZE {', '.join(table.__tablename__ for table in tables)}"))


def is_one_of(
    session: Session,
    column: sa.orm.InstrumentedAttribute[Key] | sa.orm.InstrumentedAttribute[Key | None],
    values: Iterable[Key],
) -> sa.ColumnElement[bool]:
    """`column IN (values)` as one parameter: ten thousand take long to bind, and databases limit them."""
    if session.get_bind().dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.literal(list(values), sa.ARRAY(column.type)))


def read_integers(session: Session, statement: sa.Select[*tuple[Any, ...]]) -> npt.NDArray[np.int64]:
    """What a statement finds, an array a column; all of them are integers and never NULL."""
    result = session.connection().execute(statement)
    cursor: Any = result.cursor  # the driver's own: a Row for each would take as long again
    parts = [np.empty((len(result.keys()), 0), dtype=np.int64)]
    while rows := cursor.fetchmany(FETCHED_AT_ONCE):
        parts.append(np.array(rows, dtype=np.int64).T)
    result.close()
    return np.concatenate(parts, axis=1)


def insert_columns(connection: sa.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that come in columns, all with the same names, as the database keeps the values.

    In each row a list is a column, all of the same length; anything else stands for the whole column. SQLite
    gets one statement that writes a row of each at once, which halves its work.
    """
    names = list(rows[0])
    if connection.dialect.name != "sqlite":
        for row in rows:
            insert_rows(connection, table, names, _tuples(row))
        return
    columns = {id(value): value for row in rows for value in row.values() if isinstance(value, list)}
    places = {key: f"?{number}" for number, key in enumerate(columns, start=1)}
    values = (", ".join(places.get(id(value)) or _literal(value) for value in row.values()) for row in rows)
    lists = ", ".join(f"({each})" for each in values)
    cursor: Any = connection.connection.cursor()
    cursor.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES {lists}",  # noqa: S608 - our own names, quoted values
        zip(*columns.values(), strict=True),
    )
    cursor.close()


def _tuples(row: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    length = next(len(value) for value in row.values() if isinstance(value, list))
    columns = (value if isinstance(value, list) else repeat(value, length) for value in row.values())
    return zip(*columns, strict=True)


def _literal(value: str | int | date | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    text = str(value).replace("'", "''")
    return f"'{text}'"
