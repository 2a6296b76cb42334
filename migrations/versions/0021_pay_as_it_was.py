"""whom a payroll named, and the minimum wage that a month was paid by"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payroll_exports", sa.Column("people", sa.JSON(), nullable=True))
    op.add_column("accrued_months", sa.Column("minimum_wage", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("accrued_months", "minimum_wage")
    op.drop_column("payroll_exports", "people")
