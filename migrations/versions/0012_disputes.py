"""disputes, and corrections of records that hold"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["judge_id"], ["people.id"], name=op.f("fk_disputes_judge_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_disputes_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index("ix_disputes_closed_at", "disputes", ["closed_at"])
    op.create_index("ix_disputes_judge_id", "disputes", ["judge_id"])
    op.create_index("ix_disputes_owner_period", "disputes", ["owner_id", "period"])
    op.create_index(
        "uq_disputes_open",
        "disputes",
        ["owner_id", "subject", "period", "name"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "record_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "record_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("sent_id", sa.Integer(), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("over_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["load_id"], ["loads.id"], name=op.f("fk_record_corrections_load_id")),
        sa.ForeignKeyConstraint(["over_in"], ["loads.id"], name=op.f("fk_record_corrections_over_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_corrections")),
    )
    op.create_index(
        "uq_record_corrections_held",
        "record_corrections",
        ["source", "record_id"],
        unique=True,
        sqlite_where=sa.text("over_in IS NULL"),
        postgresql_where=sa.text("over_in IS NULL"),
    )
    op.create_table(
        "dispute_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_dispute_moves_by_id")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["record_corrections.id"], name=op.f("fk_dispute_moves_correction_id")
        ),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_moves_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_moves")),
    )
    op.create_index("ix_dispute_moves_dispute_id", "dispute_moves", ["dispute_id"])
    op.create_table(
        "disputed_records",
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_disputed_records_dispute_id")),
        sa.PrimaryKeyConstraint("dispute_id", "record_id", name=op.f("pk_disputed_records")),
    )


def downgrade() -> None:
    op.drop_table("disputed_records")
    op.drop_table("dispute_moves")
    op.drop_table("record_corrections")
    op.drop_table("disputes")
