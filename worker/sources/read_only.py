"""Connections that can only read, as far as the database knows how to.

SQLite opens the file read-only. PostgreSQL is given a read-only transaction and a time limit. Of any other
database only this is certain: one SELECT was sent, and whatever it did is rolled back.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from domain.errors import N_
from worker.sources.connector import SourceFailed
from worker.sources.deadline import Deadline

CONNECT_S = 10
STEPS_BETWEEN_LOOKS = 10_000
"""Of SQLite's virtual machine, between two looks at the clock."""


@contextmanager
def reading(url: sa.URL, deadline: Deadline) -> Iterator[sa.Connection]:
    """A connection in a transaction that is rolled back. Raises what SQLAlchemy raises, or SourceFailed."""
    opened = _OPENERS.get(url.get_backend_name(), _any_database)
    engine = opened(url, deadline)
    try:
        with engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()
    finally:
        engine.dispose()


def _sqlite(url: sa.URL, deadline: Deadline) -> sa.Engine:
    path = Path(url.database or "")
    if not path.is_file():
        raise SourceFailed(
            N_("The database file is not there: {path}. Put it there, or correct sources.toml."), path=path
        )

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=CONNECT_S
        )
        connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(lambda: deadline.left_s <= 0, STEPS_BETWEEN_LOOKS)
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool, hide_parameters=True)


def _postgresql(url: sa.URL, deadline: Deadline) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=sa.NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_S},
        execution_options={"postgresql_readonly": True},
    )

    @sa.event.listens_for(engine, "begin")
    def limit(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {deadline.left_ms}")

    return engine


def _any_database(url: sa.URL, _deadline: Deadline) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)


_OPENERS: dict[str, Callable[[sa.URL, Deadline], Any]] = {"sqlite": _sqlite, "postgresql": _postgresql}
