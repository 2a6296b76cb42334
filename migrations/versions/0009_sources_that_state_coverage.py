"""a source that has said which days it reports is remembered as one"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source_runs") as batch_op:
        batch_op.add_column(
            sa.Column("states_coverage", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    op.drop_column("source_runs", "states_coverage")
