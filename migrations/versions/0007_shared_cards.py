"""shared cards"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_card_shares_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["outbox.id"], name=op.f("fk_card_shares_post_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["people.id"], name=op.f("fk_card_shares_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_shares")),
        sa.UniqueConstraint("post_id", name=op.f("uq_card_shares_post_id")),
    )
    with op.batch_alter_table("card_shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_shares_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("card_shares")
