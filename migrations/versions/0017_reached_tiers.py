"""tiers of locked months, for plans that weigh by the tier a period was started with"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reached_tiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_reached_tiers_added_in_loads")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_reached_tiers_ended_in_loads")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reached_tiers_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reached_tiers")),
    )
    with op.batch_alter_table("reached_tiers", schema=None) as batch_op:
        batch_op.create_index("ix_reached_tiers_person", ["person_id", "month"], unique=False)
        batch_op.create_index(
            "uq_reached_tiers_current",
            ["month", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("reached_tiers")
