"""Bringing a database's tables up to date."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import domain.models as models
from domain.database import Database, one_at_a_time
from domain.health import Check, NotReady

__all__ = ["alembic_config", "is_up_to_date", "models", "tables_check", "upgrade"]


def alembic_config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database) -> None:
    """Bring the tables to the newest version; several processes may ask at once.

    Where there is nothing to do nothing is written, so that nobody waits for an import to end.
    """
    if is_up_to_date(database):
        return
    with database.writing() as session:
        one_at_a_time(session, "migrations")
        command.upgrade(alembic_config(session.connection()), "head")


def is_up_to_date(database: Database) -> bool:
    with database.reading() as session:
        connection = session.connection()
        newest = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() == newest


def tables_check(database: Database) -> Check:
    """For readiness: the database answers, and its tables are those that this version needs."""

    def ask() -> None:
        if not is_up_to_date(database):
            raise NotReady("the tables are of another version")

    return Check("database", ask, otherwise="the database does not answer")
