"""the straight way"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "audit_chain",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("detail_digest", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_chain")),
    )
    with op.batch_alter_table("audit_chain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_chain_subject"), ["subject"], unique=False)

    op.create_table(
        "companies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("calendar", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("alerts_from", sa.String(length=7), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("policies", sa.JSON(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_table(
        "inbound_keys",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbound_keys")),
    )
    with op.batch_alter_table("inbound_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_keys_at"), ["at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("batch", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_batch"), ["batch"], unique=False)
        batch_op.create_index("ix_jobs_state_lease", ["state", "lease_until_ms"], unique=False)

    op.create_table(
        "loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loads")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("slack_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("employee_id", name=op.f("uq_people_employee_id")),
        sa.UniqueConstraint("slack_id", name=op.f("uq_people_slack_id")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_email"), ["email"], unique=False)

    op.create_table(
        "periods",
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("published_run_id", sa.Integer(), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_periods")),
    )
    with op.batch_alter_table("periods", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_periods_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_periods_start"), ["start"], unique=False)

    op.create_table(
        "uploads",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_uploads")),
    )
    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("measure", sa.String(length=100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_coverage_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_coverage_ended_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    op.create_table(
        "employments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_employments_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_employments_ended_in")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_employments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employments")),
    )
    with op.batch_alter_table("employments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employments_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_employments_current",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        )

    op.create_table(
        "leaves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_leaves_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_leaves_ended_in")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leaves_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaves_person_id"), ["person_id"], unique=False)

    op.create_table(
        "measure_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("record_id", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=100), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=True),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_measure_records_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_measure_records_ended_in")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_measure_records_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_records")),
    )
    with op.batch_alter_table("measure_records", schema=None) as batch_op:
        batch_op.create_index("ix_measure_records_day", ["occurred_on"], unique=False)
        batch_op.create_index("ix_measure_records_person_day", ["person_id", "occurred_on"], unique=False)
        batch_op.create_index(
            "uq_measure_records_current",
            ["source", "record_id"],
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("thread_of_id", sa.Integer(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("first_tried_ms", sa.BigInteger(), nullable=True),
        sa.Column("sent_channel", sa.String(length=32), nullable=True),
        sa.Column("sent_ts", sa.String(length=32), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["after_id"], ["outbox.id"], name=op.f("fk_outbox_after_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id")),
        sa.ForeignKeyConstraint(["thread_of_id"], ["outbox.id"], name=op.f("fk_outbox_thread_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_state_due", ["state", "not_before", "lease_until_ms"], unique=False)

    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("job_family", sa.String(length=100), nullable=False),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_plan_versions_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_plan_versions_ended_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint(
            "name",
            "job_family",
            "from_month",
            "version",
            name=op.f("uq_plan_versions_name_job_family_from_month_version"),
        ),
    )
    op.create_table(
        "score_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["load_id"], ["loads.id"], name=op.f("fk_score_runs_load_id")),
        sa.ForeignKeyConstraint(["period"], ["periods.key"], name=op.f("fk_score_runs_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_runs")),
    )
    with op.batch_alter_table("score_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_runs_period"), ["period"], unique=False)

    op.create_table(
        "source_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["load_id"], ["loads.id"], name=op.f("fk_source_runs_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_runs")),
    )
    with op.batch_alter_table("source_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_runs_source"), ["source"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("hr_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["hr_id"], ["people.id"], name=op.f("fk_units_hr_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_units_manager_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("path", name=op.f("uq_units_path")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("streak_start", sa.String(length=7), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_alerts_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_alerts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint(
            "person_id", "streak_start", "length", name=op.f("uq_alerts_person_id_streak_start_length")
        ),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_month"), ["month"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("at_hire", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("job_family", sa.String(length=100), nullable=True),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_assignments_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_assignments_ended_in")),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_assignments_manager_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_assignments_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assignments_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_assignments_current",
            ["person_id", "from_day", "at_hire"],
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        )

    op.create_table(
        "cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("plan_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("miss", sa.String(length=6), nullable=True),
        sa.Column("rankable", sa.Boolean(), nullable=False),
        sa.Column("unranked_because", sa.Text(), nullable=True),
        sa.Column("eligible_days", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("as_of_day", sa.Date(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("inputs_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cards_person_id")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_versions.id"], name=op.f("fk_cards_plan_version_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["score_runs.id"], name=op.f("fk_cards_run_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cards_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("run_id", "person_id", name=op.f("uq_cards_run_id_person_id")),
    )
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.create_index("ix_cards_person", ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cards_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("indicator", sa.String(length=100), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_targets_one_owner")),
        sa.ForeignKeyConstraint(["added_in"], ["loads.id"], name=op.f("fk_targets_added_in")),
        sa.ForeignKeyConstraint(["ended_in"], ["loads.id"], name=op.f("fk_targets_ended_in")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_targets_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_targets_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index("ix_targets_period", ["period"], unique=False)
        batch_op.create_index("ix_targets_person_period", ["person_id", "period"], unique=False)
        batch_op.create_index("ix_targets_unit_period", ["unit_id", "period"], unique=False)

    op.create_table(
        "card_lines",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("actual", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("reading", sa.String(length=40), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("weight", sa.String(length=40), nullable=True),
        sa.Column("contribution", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_card_lines_card_id")),
        sa.PrimaryKeyConstraint("card_id", "position", name=op.f("pk_card_lines")),
    )
    op.create_table(
        "card_ranks",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_card_ranks_card_id")),
        sa.ForeignKeyConstraint(["run_id"], ["score_runs.id"], name=op.f("fk_card_ranks_run_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_card_ranks_unit_id")),
        sa.PrimaryKeyConstraint("card_id", "unit_id", name=op.f("pk_card_ranks")),
    )
    with op.batch_alter_table("card_ranks", schema=None) as batch_op:
        batch_op.create_index("ix_card_ranks_unit", ["run_id", "unit_id", "rank"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("card_ranks", schema=None) as batch_op:
        batch_op.drop_index("ix_card_ranks_unit")

    op.drop_table("card_ranks")
    op.drop_table("card_lines")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index("ix_targets_unit_period")
        batch_op.drop_index("ix_targets_person_period")
        batch_op.drop_index("ix_targets_period")

    op.drop_table("targets")
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cards_unit_id"))
        batch_op.drop_index("ix_cards_person")

    op.drop_table("cards")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignments_current",
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignments_person_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alerts_month"))

    op.drop_table("alerts")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_units_parent_id"))

    op.drop_table("units")
    with op.batch_alter_table("source_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_runs_source"))

    op.drop_table("source_runs")
    with op.batch_alter_table("score_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_runs_period"))

    op.drop_table("score_runs")
    op.drop_table("plan_versions")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state_due")

    op.drop_table("outbox")
    with op.batch_alter_table("measure_records", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_measure_records_current",
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        )
        batch_op.drop_index("ix_measure_records_person_day")
        batch_op.drop_index("ix_measure_records_day")

    op.drop_table("measure_records")
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaves_person_id"))

    op.drop_table("leaves")
    with op.batch_alter_table("employments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_employments_current",
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_employments_person_id"))

    op.drop_table("employments")
    op.drop_table("coverage")
    op.drop_table("uploads")
    with op.batch_alter_table("periods", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_periods_start"))
        batch_op.drop_index(batch_op.f("ix_periods_kind"))

    op.drop_table("periods")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_email"))

    op.drop_table("people")
    op.drop_table("loads")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_state_lease")
        batch_op.drop_index(batch_op.f("ix_jobs_batch"))

    op.drop_table("jobs")
    with op.batch_alter_table("inbound_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_keys_at"))

    op.drop_table("inbound_keys")
    op.drop_table("companies")
    with op.batch_alter_table("audit_chain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_chain_subject"))

    op.drop_table("audit_chain")
