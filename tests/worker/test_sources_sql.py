"""The *sql* connector, against SQLite and a real PostgreSQL: the same query, the same rows, and only read."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from domain.sources.model import RunState
from tests.worker.source_builders import SourcedCompany, toml
from worker.sources import read_only
from worker.sources import sql as sql_connector
from worker.sources.deadline import Deadline
from worker.sources.read_only import reading
from worker.sources.statement import NotOneQueryError, one_query

DEALS = """
SELECT id AS record_id, rep AS employee, 'won_amount' AS measure, closed_on AS occurred_on,
    {amount} AS value, client AS customer_id
FROM deals
"""
AMOUNT = {"sqlite": "printf('%.2f', amount)", "postgresql": "amount"}
"""SQLite keeps decimals as floats, which the query turns into text; PostgreSQL keeps them exactly."""
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
SCHEMA = (
    "CREATE TABLE deals (id INTEGER PRIMARY KEY, rep TEXT, closed_on DATE, amount DECIMAL(12, 2), "
    "client TEXT, changed_at TIMESTAMP)"
)


class Crm:
    """Somebody else's database with a table of deals."""

    def __init__(self, kind: str, url: str, execute: Callable[[str], object]) -> None:
        self.kind = kind
        self.url = url
        self.execute = execute
        execute(SCHEMA)

    @property
    def deals(self) -> str:
        return DEALS.format(amount=AMOUNT[self.kind])

    def add(
        self,
        number: int,
        rep: str | None = "E1",
        closed_on: str = "2026-03-05",
        amount: object = "100.50",
        client: str = "C1",
        changed_at: str = "2026-03-05 10:00:00",
    ) -> None:
        written = "NULL" if rep is None else f"'{rep}'"
        self.execute(
            f"INSERT INTO deals VALUES ({number}, {written}, '{closed_on}', {amount}, '{client}', "
            f"'{changed_at}')"
        )


def sqlite_crm(folder: Path) -> Crm:
    def execute(statement: str) -> None:
        with sqlite3.connect(folder / "crm.db") as connection:
            connection.execute(statement)
        connection.close()

    return Crm("sqlite", "sqlite:///crm.db", execute)


@pytest.fixture(scope="session")
def crm_address(postgresql_url: str) -> Iterator[str]:
    """A PostgreSQL database of its own beside ours."""
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS crm")
        server.execute("CREATE DATABASE crm")
        yield sa.make_url(postgresql_url).set(database="crm").render_as_string(hide_password=False)
        server.execute("DROP DATABASE crm WITH (FORCE)")


@pytest.fixture
def postgresql_crm(crm_address: str) -> Iterator[Crm]:
    with psycopg.connect(crm_address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        yield Crm("postgresql", crm_address, lambda statement: connection.execute(statement.encode()))


@pytest.fixture(params=["sqlite", "postgresql"])
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> Crm:
    if request.param == "sqlite":
        return sqlite_crm(tmp_path)
    found: Crm = request.getfixturevalue("postgresql_crm")
    return found


def configure(company: SourcedCompany, crm: Crm, sql: str | None = None, **keys: object) -> None:
    """Where the server wants a password, it is where passwords belong."""
    url = sa.make_url(crm.url)
    if url.password:
        company.environment["CRM_PASSWORD"] = url.password
        keys["secret_env"] = "CRM_PASSWORD"
    company.configure(toml(kind="sql", url=str(url._replace(password=None)), sql=sql or crm.deals, **keys))


def test_the_same_query_yields_the_same_from_every_database(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1)
    crm.add(2, rep="Ada@Example.com", closed_on="2026-03-06", amount="-7")
    configure(company, crm)

    result = company.pull()

    assert (result.problem, result.state, result.rows) == (None, RunState.SUCCEEDED, 2)
    assert company.records() == {
        "1": ("E1", "won_amount", date(2026, 3, 5), Decimal("100.50"), "C1"),
        "2": ("E2", "won_amount", date(2026, 3, 6), Decimal(-7), "C1"),
    }


def test_a_run_counts_what_it_read(company: SourcedCompany, crm: Crm) -> None:
    for number in range(1, 4):
        crm.add(number)
    configure(company, crm)
    company.pull()
    crm.execute("UPDATE deals SET amount = 5 WHERE id = 1")
    crm.add(4)

    company.pull()

    run = company.last_run()
    assert (run.rows_read, run.rows_added, run.rows_corrected, run.rows_unchanged) == (4, 1, 1, 2)
    assert company.pull().state is RunState.UNCHANGED
    assert company.last_run().rows_unchanged == 4


def test_many_rows_come_in_batches(
    company: SourcedCompany, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_connector, "BATCH", 7)
    for number in range(30):
        crm.add(number, amount=number)
    configure(company, crm)

    assert company.pull().rows == 30


def test_one_record_with_several_measures_becomes_several(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1)
    wide = f"SELECT id, rep, closed_on, {AMOUNT[crm.kind]} AS amount, 1 AS deals FROM deals"
    configure(
        company,
        crm,
        wide,
        measures=["won_amount", "wins"],
        fields={"record_id": "id", "employee": "rep", "occurred_on": "closed_on"},
        values={"won_amount": "amount", "wins": "deals"},
    )

    assert company.pull().problem is None

    assert company.records() == {
        "1:won_amount": ("E1", "won_amount", date(2026, 3, 5), Decimal("100.50"), None),
        "1:wins": ("E1", "wins", date(2026, 3, 5), Decimal(1), None),
    }


def test_the_next_run_goes_on_where_the_last_one_ended(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1, changed_at="2026-03-05 10:00:00")
    crm.add(2, changed_at="2026-03-05 11:30:00")
    since_last = crm.deals.replace("FROM deals", ", changed_at FROM deals WHERE changed_at >= :cursor")
    configure(company, crm, since_last, cursor="changed_at", cursor_start="2020-01-01 00:00:00")

    company.pull()
    assert company.last_run().cursor == "2026-03-05 11:30:00"
    assert company.pull().state is RunState.UNCHANGED
    assert company.last_run().rows_read == 1, "only what changed at the cursor or later is read again"

    crm.execute("UPDATE deals SET amount = 9, changed_at = '2026-03-07 08:00:00' WHERE id = 1")
    result = company.pull()

    assert (result.rows, company.last_run().rows_read) == (1, 2)
    assert company.records()["1"][3] == Decimal(9)
    assert company.last_run().cursor == "2026-03-07 08:00:00"


def test_a_number_can_be_the_cursor(company: SourcedCompany, crm: Crm) -> None:
    for number in (9, 10):
        crm.add(number)
    configure(
        company,
        crm,
        crm.deals + " WHERE id > :cursor",
        cursor="record_id",
        cursor_start="0",
    )

    company.pull()

    assert company.last_run().cursor == "10", "as numbers, not as texts"
    crm.add(11)
    company.pull()
    assert (company.last_run().rows_read, set(company.records())) == (1, {"9", "10", "11"})


def test_another_query_begins_again(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1)
    query = crm.deals + " WHERE id > :cursor"
    configure(company, crm, query, cursor="record_id", cursor_start="0")
    company.pull()

    configure(company, crm, query.replace("client AS", "'C9' AS"), cursor="record_id", cursor_start="0")
    result = company.pull()

    assert result.rows == 1, "what was read by the old query is read again by the new one"
    assert company.records()["1"][4] == "C9"


def test_a_cursor_stays_when_its_run_is_refused(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1)
    configure(company, crm, crm.deals + " WHERE id > :cursor", cursor="record_id", cursor_start="0")
    company.pull()
    crm.add(2, rep="Nobody")

    assert company.pull().state is RunState.REFUSED

    crm.execute("UPDATE deals SET rep = 'E2' WHERE id = 2")
    assert company.pull().rows == 1


def test_days_are_parameters_too(company: SourcedCompany, crm: Crm) -> None:
    for number, day in enumerate(["2026-06-01", "2026-06-27", "2026-07-07", "2026-07-08"]):
        crm.add(number, closed_on=day)
    within = crm.deals + " WHERE closed_on BETWEEN :since AND :until"
    configure(company, crm, within, window="10d")

    company.pull()

    days = sorted(str(record[2]) for record in company.records().values())
    assert days == ["2026-06-27", "2026-07-07"], "from ten days before today, 7 July, to today"


def test_bad_rows_are_named_and_counted_and_nothing_is_stored(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1)
    crm.add(2, rep=None)
    crm.add(3, rep="Nobody")
    configure(company, crm, crm.deals + " ORDER BY id")

    result = company.pull()

    assert (result.state, company.records()) == (RunState.REFUSED, {})
    run = company.last_run()
    assert (run.rows_read, run.rows_refused) == (3, 2)
    assert [(one["row"], one["column"], one["value"]) for one in run.refusals or []] == [
        (2, "employee", ""),
        (3, "employee", "Nobody"),
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("CAST(0.1 AS DOUBLE)", "binary floating-point"),
        ("CAST(100 AS DOUBLE)", "binary floating-point"),
        ("NULL", "is blank"),
        ("'1,5'", "is not a plain number"),
        ("'0.00001'", "at most 12 before the point and 4 after it"),
    ],
)
def test_what_is_no_exact_number_is_refused(
    company: SourcedCompany, crm: Crm, value: str, reason: str
) -> None:
    crm.add(1)
    double = {"sqlite": "REAL", "postgresql": "DOUBLE PRECISION"}[crm.kind]
    query = DEALS.format(amount=value.replace("DOUBLE", double))
    configure(company, crm, query)

    result = company.pull()

    assert result.state is RunState.REFUSED
    assert "line 1, value" in str(result.problem)
    assert reason in str(result.problem)


def test_a_moment_is_a_day_of_the_companys(company: SourcedCompany, postgresql_crm: Crm) -> None:
    postgresql_crm.add(1)
    moment = "TIMESTAMPTZ '2026-03-05 17:30:00+00' AS occurred_on"
    configure(company, postgresql_crm, postgresql_crm.deals.replace("closed_on AS occurred_on", moment))

    company.pull()

    assert company.records()["1"][2] == date(2026, 3, 6), "half past one in the morning in Shanghai"


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("SELECT id AS record_id FROM deals", "missing is employee, measure, occurred_on, value"),
        ("SELECT 1 AS x, 2 AS x", "missing is"),
        ("SELECT nothing FROM deals", "The query fails: "),
        ("SELECT * FROM nowhere", "The query fails: "),
    ],
)
def test_a_query_that_cannot_be_used_says_why(
    company: SourcedCompany, crm: Crm, sql: str, problem: str
) -> None:
    configure(company, crm, sql)

    result = company.pull()

    assert result.state is RunState.FAILED
    assert problem in str(result.problem)


def test_two_columns_of_one_name_are_refused(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1)
    configure(company, crm, crm.deals.replace("FROM deals", ", 1 AS value FROM deals"))

    assert "two columns called value" in str(company.pull().problem)


def test_a_query_that_takes_too_long_is_stopped(company: SourcedCompany, crm: Crm) -> None:
    endless = {
        "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
        "postgresql": "SELECT pg_sleep(60)",
    }
    configure(company, crm, endless[crm.kind], timeout="1s")

    result = company.pull()

    assert "took longer than 1 s" in str(result.problem)


def test_what_would_write_is_refused_by_the_database(company: SourcedCompany, crm: Crm) -> None:
    crm.add(1)
    url = sa.make_url(crm.url)
    if crm.kind == "sqlite":
        url = url.set(database=str(company.folder / "crm.db"))

    with (
        pytest.raises(sa.exc.DBAPIError, match=r"read-?only"),
        reading(url.set(drivername=DRIVERS[crm.kind]), Deadline(timedelta(seconds=5))) as connection,
    ):
        connection.execute(sa.text("DELETE FROM deals"))


@pytest.fixture
def writing_function(postgresql_crm: Crm) -> str:
    """A query that writes while it reads: by a function, as no SELECT can by itself."""
    postgresql_crm.add(1)
    postgresql_crm.execute(
        "CREATE FUNCTION close_deal() RETURNS int LANGUAGE sql AS 'DELETE FROM deals RETURNING id'"
    )
    return "SELECT close_deal() AS record_id, 'E1' AS employee, 'won_amount' AS measure, " + (
        "DATE '2026-03-05' AS occurred_on, 1 AS value"
    )


def test_a_query_that_writes_fails(
    company: SourcedCompany, postgresql_crm: Crm, writing_function: str
) -> None:
    configure(company, postgresql_crm, writing_function)

    assert "cannot execute DELETE in a read-only transaction" in str(company.pull().problem)


def test_any_other_database_is_rolled_back(
    company: SourcedCompany, postgresql_crm: Crm, writing_function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_only, "_OPENERS", {})  # as if it were one that we know nothing of
    configure(company, postgresql_crm, writing_function)
    assert company.pull().problem is None

    configure(company, postgresql_crm)

    assert company.pull().problem is None
    assert company.last_run().rows_read == 1, "the deal is still there"


def test_a_database_that_is_not_there_says_where_it_was_looked_for(company: SourcedCompany) -> None:
    company.configure(toml(kind="sql", url="sqlite:///gone.db", sql="SELECT 1"))
    assert f"The database file is not there: {company.folder / 'gone.db'}" in str(company.pull().problem)

    company.configure(toml(kind="sql", url="postgresql://reader@127.0.0.1:1/crm", sql="SELECT 1"))
    assert "The database postgresql://127.0.0.1:1/crm cannot be reached" in str(company.pull().problem)

    company.configure(toml(kind="sql", url="nosuch://host/crm", sql="SELECT 1"))
    assert "No driver for nosuch is installed" in str(company.pull().problem)


def test_a_password_comes_from_the_environment(company: SourcedCompany, postgresql_crm: Crm) -> None:
    postgresql_crm.add(1)
    postgresql_crm.execute("CREATE ROLE reader LOGIN PASSWORD 'open sesame'")
    try:
        postgresql_crm.execute("GRANT USAGE ON SCHEMA public TO reader")
        postgresql_crm.execute("GRANT SELECT ON deals TO reader")
        url = sa.make_url(postgresql_crm.url)._replace(username="reader", password=None)
        company.configure(toml(kind="sql", url=str(url), sql=postgresql_crm.deals, secret_env="CRM_PASSWORD"))

        assert company.pull().problem == (
            "sources.toml, line 12: the variable CRM_PASSWORD is not set. "
            "Set it for the workers and start them anew."
        )

        company.environment["CRM_PASSWORD"] = "open sesame"
        assert company.pull().problem is None
    finally:
        postgresql_crm.execute("DROP OWNED BY reader")
        postgresql_crm.execute("DROP ROLE reader")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  -- a note; with a semicolon\nselect ';' AS x, \"a;b\", 'it''s; fine' FROM t ; ",
        "WITH t AS (SELECT 1) SELECT * FROM t",
        "(SELECT 1) UNION (SELECT 2)",
        "/* ; */ SELECT $$;$$, `;` FROM t -- ;",
    ],
)
def test_one_query_is_one_query(sql: str) -> None:
    assert one_query(sql).strip().strip(";").strip()


@pytest.mark.parametrize(
    "sql",
    [
        *("", "DELETE FROM deals", "-- SELECT", "'SELECT'"),
        *("SELECT 1; DELETE FROM deals", "SELECT 1; -- really\nSELECT 2", "PRAGMA query_only = OFF"),
    ],
)
def test_anything_else_is_not(sql: str) -> None:
    with pytest.raises(NotOneQueryError, match="The query must b"):
        one_query(sql)
