"""cards keep numbers only, under ids that are known before they are written"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score_runs") as batch_op:
        batch_op.add_column(sa.Column("digest_version", sa.Integer(), server_default="1", nullable=False))
    op.drop_column("cards", "detail")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("card_lines", "detail")
        op.execute("ALTER TABLE cards ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE BIGINT")
        op.execute("DROP SEQUENCE cards_id_seq")
        op.alter_column("card_lines", "card_id", type_=sa.BigInteger())
        op.alter_column("card_ranks", "card_id", type_=sa.BigInteger())
        return
    with op.batch_alter_table("card_lines", recreate="always", table_kwargs=_with_rowid(False)) as batch_op:
        batch_op.drop_column("detail")
    with op.batch_alter_table("card_ranks", recreate="always", table_kwargs=_with_rowid(False)):
        pass


def downgrade() -> None:
    """Loses data: cards stay, also locked ones; what *Why?* tells beside their numbers does not come back."""
    op.add_column("cards", _empty_detail())
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("card_lines", _empty_detail())
        op.execute("CREATE SEQUENCE cards_id_seq OWNED BY cards.id")
        op.execute("SELECT setval('cards_id_seq', coalesce((SELECT max(id) FROM cards), 0) + 1, false)")
        op.execute("ALTER TABLE cards ALTER COLUMN id SET DEFAULT nextval('cards_id_seq')")
    else:
        with op.batch_alter_table(
            "card_lines", recreate="always", table_kwargs=_with_rowid(True)
        ) as batch_op:
            batch_op.add_column(_empty_detail())
        with op.batch_alter_table("card_ranks", recreate="always", table_kwargs=_with_rowid(True)):
            pass
    op.drop_column("score_runs", "digest_version")


def _empty_detail() -> sa.Column[object]:
    return sa.Column("detail", sa.JSON(), server_default="{}", nullable=False)


def _with_rowid(with_rowid: bool) -> dict[str, bool]:
    """Rows of these tables are found by their whole key: without SQLite's row ids they are stored once."""
    return {"sqlite_with_rowid": with_rowid}
