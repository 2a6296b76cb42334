"""How Alembic runs here: on the connection it is handed, or on the one the settings name."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from domain.database import Database
from domain.models import Base
from domain.settings import Settings


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as the plain types they are kept in: a migration never changes with our code."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        plain = item.impl_instance
        return f"sa.{plain!r}"
    return False


def run(connection: sa.Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        render_item=render_item,
        compare_type=True,
    )
    if not is_sqlite:
        connection.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    database = Database(Settings.from_environment().database_url)
    with database.writing() as session:
        run(session.connection())
