"""Two transactions at once on PostgreSQL."""

import sqlalchemy as sa

from domain.database import Database


def somebody_waits(database: Database) -> bool:
    """Whether a transaction waits for another one."""
    with database.reading() as session:
        return bool(session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
