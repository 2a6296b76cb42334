"""closing: adjustments, restatements, exceptions of a lock, cards of a former system"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("locked_period", sa.String(length=8), nullable=False),
        sa.Column("booked_period", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("measure", sa.String(length=100), nullable=False),
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
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("old_value", sa.BigInteger(), nullable=False),
        sa.Column("new_value", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["loads.id"], name=op.f("fk_adjustments_load_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_adjustments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
        sa.UniqueConstraint(
            "load_id",
            "locked_period",
            "source",
            "record_id",
            "person_id",
            "measure",
            name="uq_adjustments_once",
        ),
    )
    with op.batch_alter_table("adjustments", schema=None) as batch_op:
        batch_op.create_index("ix_adjustments_booked", ["person_id", "booked_period"], unique=False)
        batch_op.create_index("ix_adjustments_booked_period", ["booked_period"], unique=False)
        batch_op.create_index("ix_adjustments_locked", ["person_id", "locked_period"], unique=False)
        batch_op.create_index("ix_adjustments_locked_period", ["locked_period"], unique=False)

    op.create_table(
        "close_exceptions",
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("open_items", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["period"], ["periods.key"], name=op.f("fk_close_exceptions_period")),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_close_exceptions")),
    )
    op.create_table(
        "former_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("plan", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_former_cards_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_former_cards_ended_in")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_former_cards_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_cards")),
    )
    with op.batch_alter_table("former_cards", schema=None) as batch_op:
        batch_op.create_index("ix_former_cards_person", ["person_id", "period"], unique=False)

    op.create_table(
        "restatements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["loads.id"], name=op.f("fk_restatements_load_id")),
        sa.ForeignKeyConstraint(["period"], ["periods.key"], name=op.f("fk_restatements_period")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_restatements_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["score_runs.id"], name=op.f("fk_restatements_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restatements")),
        sa.UniqueConstraint(
            "person_id", "period", "version", name=op.f("uq_restatements_person_id_period_version")
        ),
        sa.UniqueConstraint("run_id", name=op.f("uq_restatements_run_id")),
    )
    with op.batch_alter_table("restatements", schema=None) as batch_op:
        batch_op.create_index("ix_restatements_period", ["period"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("restatements", schema=None) as batch_op:
        batch_op.drop_index("ix_restatements_period")

    op.drop_table("restatements")
    with op.batch_alter_table("former_cards", schema=None) as batch_op:
        batch_op.drop_index("ix_former_cards_person")

    op.drop_table("former_cards")
    op.drop_table("close_exceptions")
    with op.batch_alter_table("adjustments", schema=None) as batch_op:
        batch_op.drop_index("ix_adjustments_locked_period")
        batch_op.drop_index("ix_adjustments_locked")
        batch_op.drop_index("ix_adjustments_booked_period")
        batch_op.drop_index("ix_adjustments_booked")

    op.drop_table("adjustments")
