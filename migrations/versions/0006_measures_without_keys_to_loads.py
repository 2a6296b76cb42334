"""measures without keys to loads

Checking two keys for each of a million rows takes PostgreSQL longer than writing them. Loads are never
deleted, and a record takes its load's id from the transaction that made it.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEYS = ("added_in", "ended_in")


def upgrade() -> None:
    with op.batch_alter_table("measure_records", schema=None) as batch_op:
        for column in KEYS:
            batch_op.drop_constraint(f"fk_measure_records_{column}", type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("measure_records", schema=None) as batch_op:
        for column in KEYS:
            batch_op.create_foreign_key(f"fk_measure_records_{column}", "loads", [column], ["id"])
