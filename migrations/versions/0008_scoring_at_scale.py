"""targets are found by period and people; places have no keys to runs and units"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEYS = {"run_id": "score_runs", "unit_id": "units"}
WITHOUT_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.drop_index("ix_targets_period", "targets")
    op.create_index("ix_targets_period_person", "targets", ["period", "person_id"])
    with op.batch_alter_table("card_ranks", table_kwargs=WITHOUT_ROWID) as batch_op:
        for column in KEYS:
            batch_op.drop_constraint(f"fk_card_ranks_{column}", type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("card_ranks", table_kwargs=WITHOUT_ROWID) as batch_op:
        for column, table in KEYS.items():
            batch_op.create_foreign_key(f"fk_card_ranks_{column}", table, [column], ["id"])
    op.drop_index("ix_targets_period_person", "targets")
    op.create_index("ix_targets_period", "targets", ["period"])
