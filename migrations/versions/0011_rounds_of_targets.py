"""rounds of targets: a tree of amounts in the making"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = "published_at IS NULL AND dropped_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "target_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=100), nullable=False),
        sa.Column("span", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("season", sa.JSON(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=200), nullable=True),
        sa.Column("unbalanced_because", sa.Text(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_target_rounds_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_rounds")),
    )
    op.create_index(
        "uq_target_rounds_open",
        "target_rounds",
        ["indicator", "span"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_table(
        "target_round_amounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_owner_in_round"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["target_rounds.id"], name=op.f("fk_target_round_amounts_round_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_target_round_amounts_unit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_target_round_amounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_round_amounts")),
        sa.UniqueConstraint("round_id", "unit_id"),
        sa.UniqueConstraint("round_id", "person_id"),
    )
    op.create_table(
        "target_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=True),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_id"], ["people.id"], name=op.f("fk_target_agreements_asked_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["people.id"], name=op.f("fk_target_agreements_judge_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_target_agreements_person_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["target_rounds.id"], name=op.f("fk_target_agreements_round_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_target_agreements_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_agreements")),
    )
    op.create_index("ix_target_agreements_open", "target_agreements", ["state", "ended_at"])
    for column in ("round_id", "asked_id", "judge_id"):
        op.create_index(op.f(f"ix_target_agreements_{column}"), "target_agreements", [column])
    op.create_table(
        "target_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["target_agreements.id"], name=op.f("fk_target_moves_agreement_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_target_moves_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_moves")),
    )
    op.create_index(op.f("ix_target_moves_agreement_id"), "target_moves", ["agreement_id"])


def downgrade() -> None:
    op.drop_table("target_moves")
    op.drop_table("target_agreements")
    op.drop_table("target_round_amounts")
    op.drop_table("target_rounds")
