"""health of sources"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COUNTS = ("rows_read", "rows_added", "rows_corrected", "rows_removed", "rows_unchanged", "rows_refused")


def upgrade() -> None:
    op.create_table(
        "configured_sources",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=True),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_configured_sources")),
    )
    with op.batch_alter_table("source_runs", schema=None) as batch_op:
        for count in COUNTS:
            batch_op.add_column(sa.Column(count, sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("cursor", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("refusals", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("problem_said", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("correlation_id", sa.String(length=40), nullable=True))
    op.create_table(
        "push_deliveries",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("delivery_id", sa.String(length=100), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["source_runs.id"], name=op.f("fk_push_deliveries_run_id")),
        sa.PrimaryKeyConstraint("source", "delivery_id", name=op.f("pk_push_deliveries")),
    )
    with op.batch_alter_table("push_deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_deliveries_received_at"), ["received_at"], unique=False)


def downgrade() -> None:
    op.drop_table("push_deliveries")
    op.execute("UPDATE source_runs SET state = 'succeeded' WHERE state = 'unchanged'")
    op.execute("UPDATE source_runs SET state = 'failed' WHERE state = 'refused'")
    for column in ("correlation_id", "problem_said", "refusals", "cursor", *reversed(COUNTS)):
        op.drop_column("source_runs", column)
    op.drop_table("configured_sources")
