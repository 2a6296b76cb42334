"""alerts that are withdrawn, and those that follow when their misses stand again"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ONCE = "uq_alerts_person_id_streak_start_length"
ONCE_A_NUMBER = "uq_alerts_person_id_streak_start_length_number"


def upgrade() -> None:
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f(ONCE), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f(ONCE_A_NUMBER), ["person_id", "streak_start", "length", "number"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(ONCE_A_NUMBER), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(ONCE), ["person_id", "streak_start", "length"])
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("number")
