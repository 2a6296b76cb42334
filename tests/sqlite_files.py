"""SQLite files that are filled once, and copied for each test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.database import Database


@contextmanager
def a_copy(of: Path, path: Path) -> Iterator[Database]:
    shutil.copy(of, path)
    database = Database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.close()


def settle(database: Database) -> None:
    """Bring all that was written into the one file: it may be copied then."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
