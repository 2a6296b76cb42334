"""measures that are quick to write

Of a million rows PostgreSQL spent a quarter of its time on the key to people, and as much on comparing ids of
records by the rules of a language. People are never deleted, and an import takes their ids from the
transaction that writes the rows; ids of records are no words, so they are compared byte by byte.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = "fk_measure_records_person_id"
LENGTHS = {"source": 100, "record_id": 200}


def upgrade() -> None:
    with op.batch_alter_table("measure_records", schema=None) as batch_op:
        batch_op.drop_constraint(KEY, type_="foreignkey")
    _collate('"C"')


def downgrade() -> None:
    _collate('"default"')
    with op.batch_alter_table("measure_records", schema=None) as batch_op:
        batch_op.create_foreign_key(KEY, "people", ["person_id"], ["id"])


def _collate(collation: str) -> None:
    """SQLite compares bytes anyway."""
    if op.get_context().dialect.name == "postgresql":
        changes = (
            f"ALTER {column} TYPE VARCHAR({length}) COLLATE {collation}" for column, length in LENGTHS.items()
        )
        op.execute(f"ALTER TABLE measure_records {', '.join(changes)}")
