"""the plan that a draft is based on"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan_drafts", sa.Column("based_on", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_drafts", "based_on")
