"""revisions of targets that hold from a day on"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("target_moves", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_day", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("target_moves", schema=None) as batch_op:
        batch_op.drop_column("from_day")
