"""The tables and column types, the same on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import FixedClock
from domain.database import Base, Database, ScaledDecimal, UtcDateTime, db_now_ms, one_at_a_time
from domain.outbox import add_post
from domain.periods import Period
from domain.scoring.printing import score_rows
from migrations import alembic_config, upgrade
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock


def test_migrations_lead_to_the_entities_and_back(database: Database) -> None:
    with database.writing() as session:
        config = alembic_config(session.connection())
        command.check(config)
        command.downgrade(config, "base")
        left = set(sa.inspect(session.connection()).get_table_names()) - {"alembic_version"}
        command.upgrade(config, "head")

    assert left == set()


def test_migrations_go_back_and_forth_under_a_scored_company(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    """Rows that others point to must not be dropped on the way."""
    load(scored_company())
    lock("2026-06")
    a_post_that_follows_another(database, clock)
    before = rows_by_table(database)

    with database.writing() as session:
        config = alembic_config(session.connection())
        command.downgrade(config, "0001")
        command.upgrade(config, "head")
        command.check(config)
    after = rows_by_table(database)
    with database.reading() as session:
        [row] = score_rows(session, Period.parse("2026-06"))
    with database.writing() as session:
        config = alembic_config(session.connection())
        command.downgrade(config, "base")
        command.upgrade(config, "head")

    assert {"people", "score_runs", "cards", "card_lines", "card_ranks", "outbox"} <= before.keys()
    assert after == before
    assert (row["employee_id"], row["score"]) == ("R1", "108.00")
    assert rows_by_table(database) == {}


def scored_company() -> CompanyFolder:
    folder = CompanyFolder().plan().person("R1", unit="Acme/West")
    folder.target("R1", "sales", "2026-06", 1000)
    for measure in ("won_amount", "wins", "closed_deals"):
        folder.measure("R1", measure, "2026-06-10", 1000, record_id=measure)
    return folder


def a_post_that_follows_another(database: Database, clock: FixedClock) -> None:
    with database.writing() as session:
        first = add_post(session, clock, key="first", kind="test", facts={}, channel="C1")
        add_post(session, clock, key="second", kind="test", facts={}, channel="C1", after_id=first.id)


def rows_by_table(database: Database) -> dict[str, int]:
    """How many rows, of the tables that have any."""
    with database.reading() as session:
        counts = {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def test_tables_that_are_up_to_date_need_not_wait_for_a_writer(database: Database) -> None:
    with ThreadPoolExecutor(1) as other, database.writing() as session:
        session.execute(sa.text("UPDATE companies SET name = 'Acme'"))
        one_at_a_time(session, "migrations")
        other.submit(upgrade, database).result(timeout=10)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_decimal_comes_back_digit_for_digit(value: Decimal) -> None:
    column = ScaledDecimal(4)
    dialect = sa.create_engine("sqlite://").dialect

    kept = column.process_bind_param(value, dialect)

    assert column.process_result_value(kept, dialect) == value


def test_a_decimal_that_does_not_fit_is_refused_not_rounded() -> None:
    column = ScaledDecimal(2)
    dialect = sa.create_engine("sqlite://").dialect

    for value in (Decimal("0.005"), Decimal(10**18)):
        with pytest.raises(ValueError, match="does not fit"):
            column.process_bind_param(value, dialect)


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 7, 7), sa.create_engine("sqlite://").dialect)  # noqa: DTZ001 - the point


def test_leases_run_on_the_databases_clock(database: Database) -> None:
    before = datetime.now(UTC).timestamp() * 1000

    with database.reading() as session:
        now = session.scalar(sa.select(db_now_ms()))

    assert now is not None
    assert abs(now - before) < 60_000


def test_nothing_can_be_changed_while_reading(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.reading() as session:
        session.execute(sa.text("DELETE FROM people"))


def test_a_rested_connection_that_was_cut_is_opened_again(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.database.TRUSTED_S", 0)
    with postgresql_database.reading() as session:
        before = session.scalar(sa.text("SELECT pg_backend_pid()"))
    with postgresql_database.writing() as session:
        session.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": before})

    with postgresql_database.reading() as session:
        after = session.scalar(sa.text("SELECT pg_backend_pid()"))

    assert after != before
