"""Two transactions at once on PostgreSQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from domain.database import Database


def somebody_waits(database: Database) -> bool:
    """Whether a transaction waits for another one."""
    with database.reading() as session:
        return bool(session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@contextmanager
def locks_taken(database: Database) -> Iterator[list[list[str]]]:
    """By transaction, what it held, in this order: named locks, and the tables of rows held for update."""
    taken: list[list[str]] = [[]]

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "pg_advisory_xact_lock" in statement:
            name = next(iter(parameters.values()))
        elif "FOR UPDATE" in statement and (table := re.search(r"FROM (\w+)", statement)):
            name = table[1]
        else:
            return
        if name not in taken[-1]:
            taken[-1].append(name)

    def end(_connection: Any) -> None:
        taken.append([])

    sa.event.listen(database.engine, "before_cursor_execute", note)
    sa.event.listen(database.engine, "commit", end)
    try:
        yield taken
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
        sa.event.remove(database.engine, "commit", end)
