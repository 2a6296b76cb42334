"""records that ended since a load are found without a look at all of them"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEX = "ix_measure_records_ended"


def upgrade() -> None:
    ended = sa.text("ended_in IS NOT NULL")
    op.create_index(INDEX, "measure_records", ["ended_in"], sqlite_where=ended, postgresql_where=ended)


def downgrade() -> None:
    op.drop_index(INDEX, "measure_records")
