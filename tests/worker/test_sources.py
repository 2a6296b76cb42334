"""Pulling sources: what arrives, what a second pull does, and what is left of a failure."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.loads import latest_load_id
from domain.metrics.model import Coverage, MeasureRecord, RunState, SourceRun
from domain.outbox import Post
from domain.people.model import Person
from tests.builders import CompanyFolder
from worker.sources.config import load_sources
from worker.sources.service import PullResult, due_sources, pull

SQL = """
SELECT id AS record_id, who AS employee, 'won_amount' AS measure,
    strptime(day, '%d.%m.%Y')::DATE AS occurred_on, CAST(amount AS DECIMAL(12, 2)) AS value,
    client AS customer_id
FROM deals
"""
DEALS = [
    {"id": "d1", "who": "E1", "day": "05.03.2026", "amount": "100.50", "client": "C1"},
    {"id": "d2", "who": "Ada@Example.com", "day": "06.03.2026", "amount": "-7", "client": ""},
]


class Crm:
    """A source of deals in a file, beside a company that knows two people and an admin."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.database = database
        self.clock = clock
        self.folder = folder
        self.settings = 'every = "1h"\n'
        self.file = folder / "deals.csv"
        self.sql = SQL
        company = (
            CompanyFolder()
            .person("E1")
            .person("E2", email="ada@example.com")
            .person("A1", role="admin", unit="")
            .person("A2", role="admin", unit="", left_on="2026-01-31")
            .plan()
        )
        with database.writing() as session:
            import_folder(session, clock, company.write(folder / "acme"), "cli:test")

    def yields(self, rows: list[dict[str, str]]) -> None:
        pd.DataFrame(rows).to_csv(self.file, index=False)

    def pull(self) -> PullResult:
        (self.folder / "deals.sql").write_text(self.sql)
        (self.folder / "sources.toml").write_text(
            '[[sources]]\nname = "crm"\nkind = "files"\nquery = "deals.sql"\nmeasures = ["won_amount"]\n'
            f'{self.settings}[sources.files]\ndeals = "{self.file.name}"\n'
        )
        [source] = load_sources(self.folder / "sources.toml", {})
        return pull(self.database, self.clock, source)

    def records(self) -> dict[str, tuple[object, ...]]:
        query = (
            sa.select(MeasureRecord, Person.employee_id)
            .join(Person, Person.id == MeasureRecord.person_id)
            .where(MeasureRecord.source == "crm", MeasureRecord.ended_in.is_(None))
        )
        with self.database.reading() as session:
            return {
                row.record_id: (employee_id, row.measure, row.occurred_on, row.value, row.customer_id)
                for row, employee_id in session.execute(query)
            }

    def coverage(self) -> list[tuple[date, date]]:
        with self.database.reading() as session:
            return [
                (row.first_day, row.last_day)
                for row in session.scalars(
                    sa.select(Coverage).where(Coverage.origin == "crm", Coverage.ended_in.is_(None))
                )
            ]

    def all_of(self, entity: type) -> list:
        with self.database.reading() as session:
            return list(session.scalars(sa.select(entity).order_by(entity.id)))

    def latest_load(self) -> int:
        with self.database.reading() as session:
            return latest_load_id(session)


@pytest.fixture
def crm(database: Database, clock: FixedClock, tmp_path: Path) -> Crm:
    crm = Crm(database, clock, tmp_path)
    crm.yields(DEALS)
    return crm


def test_records_arrive_credited_by_employee_id_or_e_mail(crm: Crm) -> None:
    result = crm.pull()

    assert (result.state, result.rows, result.problem) == (RunState.SUCCEEDED, 2, None)
    assert crm.records() == {
        "d1": ("E1", "won_amount", date(2026, 3, 5), Decimal("100.50"), "C1"),
        "d2": ("E2", "won_amount", date(2026, 3, 6), Decimal(-7), None),
    }
    assert crm.coverage() == [(date(2026, 3, 5), date(2026, 7, 6))], "first record to yesterday"


def test_a_second_pull_of_the_same_changes_nothing(crm: Crm) -> None:
    first = crm.pull()

    second = crm.pull()

    assert (second.state, second.rows, second.load_id) == (RunState.SUCCEEDED, 0, None)
    assert crm.latest_load() == first.load_id


def test_only_changed_rows_are_touched(crm: Crm) -> None:
    crm.pull()

    crm.yields([{**DEALS[0], "amount": "90"}, DEALS[1], {**DEALS[1], "id": "d3"}])
    result = crm.pull()

    assert result.rows == 2
    assert crm.records()["d1"][3] == Decimal(90)
    versions = [(row.record_id, row.ended_in) for row in crm.all_of(MeasureRecord)]
    assert versions == [("d1", result.load_id), ("d2", None), ("d1", None), ("d3", None)]


def test_a_record_that_vanished_stays_unless_the_source_removes(crm: Crm) -> None:
    crm.pull()
    crm.yields(DEALS[:1])

    crm.pull()
    assert set(crm.records()) == {"d1", "d2"}

    crm.settings += "removes = true\n"
    assert crm.pull().rows == 1
    assert set(crm.records()) == {"d1"}


def test_a_source_that_is_read_again_reports_up_to_yesterday(crm: Crm) -> None:
    crm.settings += "from = 2026-01-01\n"
    crm.pull()

    crm.clock.at += timedelta(days=3)
    result = crm.pull()

    assert result.rows == 0
    assert crm.coverage() == [(date(2026, 1, 1), date(2026, 7, 9))]


def test_a_source_may_say_itself_which_days_it_reports(crm: Crm) -> None:
    (crm.folder / "days.sql").write_text(
        'SELECT measure, min(occurred_on) AS "from", max(occurred_on) AS "to" FROM measures GROUP BY measure'
    )
    crm.settings += 'coverage = "days.sql"\n'
    crm.pull()

    crm.clock.at += timedelta(days=3)
    crm.pull()

    assert crm.coverage() == [(date(2026, 3, 5), date(2026, 3, 6))]


def test_a_bad_row_fails_the_whole_pull_and_is_named(crm: Crm) -> None:
    crm.yields([*DEALS, {**DEALS[0], "id": "d3", "who": "Nobody"}])

    result = crm.pull()

    assert result.state == RunState.FAILED
    assert result.problem is not None
    assert result.problem.startswith('source crm, line 3, employee: "Nobody" is nobody who is known')
    assert crm.records() == {}


def test_a_measure_the_source_may_not_yield_is_refused(crm: Crm) -> None:
    crm.sql = SQL.replace("'won_amount'", "'wins'")

    result = crm.pull()

    assert result.problem is not None
    assert 'line 1, measure: "wins" is not a measure of this source' in result.problem


def test_a_failure_leaves_its_days_unknown_and_tells_each_admin_once_in_a_row(crm: Crm) -> None:
    crm.pull()
    crm.file.rename(crm.folder / "away.csv")
    crm.clock.at += timedelta(days=2)

    failed = [crm.pull(), crm.pull()]

    assert [result.state for result in failed] == [RunState.FAILED, RunState.FAILED]
    assert crm.coverage() == [(date(2026, 3, 5), date(2026, 7, 6))], "coverage ends where it was"
    assert "The file of deals is not there" in failed[0].problem
    [post] = crm.all_of(Post)
    assert (post.kind, post.facts) == ("source_failed", {"source": "crm", "problem": failed[0].problem})
    with crm.database.reading() as session:
        assert session.get_one(Person, post.person_id).employee_id == "A1", "A2 has left"

    (crm.folder / "away.csv").rename(crm.file)
    assert crm.pull().state == RunState.SUCCEEDED
    crm.file.unlink()
    crm.pull()
    assert len(crm.all_of(Post)) == 2, "a new streak is told again"
    assert [run.state for run in crm.all_of(SourceRun)] == [
        *("succeeded", "failed", "failed", "succeeded", "failed"),
    ]


def test_a_source_that_never_delivered_makes_its_measures_unknown(crm: Crm) -> None:
    crm.file.unlink()

    crm.pull()

    [(first_day, last_day)] = crm.coverage()
    assert last_day < first_day, "named, so that the import's wildcard does not speak for it; no day covered"


def write_csv(path: Path) -> None:
    pd.DataFrame(DEALS).to_csv(path, index=False)


def write_excel(path: Path) -> None:
    pd.DataFrame(DEALS).to_excel(path, index=False)


def write_parquet(path: Path) -> None:
    pd.DataFrame(DEALS).to_parquet(path)


def write_json(path: Path) -> None:
    pd.DataFrame(DEALS).to_json(path, orient="records")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        *(("deals.csv", write_csv), ("deals.xlsx", write_excel)),
        *(("deals.parquet", write_parquet), ("deals.json", write_json)),
    ],
)
def test_each_type_of_file_yields_the_same(crm: Crm, name: str, write: Callable[[Path], None]) -> None:
    crm.pull()
    expected = crm.records()

    crm.file = crm.folder / name
    write(crm.file)
    result = crm.pull()

    assert (result.problem, result.rows) == (None, 0)
    assert crm.records() == expected


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "file system operations are disabled"),
        ("INSTALL httpfs", "must be one SELECT"),
        ("SELECT 1; SELECT 2", "must be one SELECT"),
        ("SELECT id FROM deals", "it must yield record_id, employee, measure, occurred_on, value"),
        ("SELECT", "The query fails"),
        ("SELECT CAST(who AS INTEGER) FROM deals", "The query fails"),
    ],
)
def test_a_query_reads_its_tables_and_nothing_else(crm: Crm, sql: str, problem: str) -> None:
    crm.sql = sql

    result = crm.pull()

    assert result.state == RunState.FAILED
    assert result.problem is not None
    assert problem in result.problem


def test_a_source_is_due_when_its_time_has_passed_since_the_last_try(crm: Crm) -> None:
    crm.pull()
    [source] = load_sources(crm.folder / "sources.toml", {})

    assert due_sources(crm.database, crm.clock, [source]) == []
    crm.clock.at += timedelta(hours=1)
    assert due_sources(crm.database, crm.clock, [source]) == [source]


def test_the_maven_example_pulls_what_its_folder_would_import(
    sqlite_database: Database, shared: Path, tmp_path: Path
) -> None:
    crm_folder = shared / "data" / "maven-crm"
    company = CompanyFolder().plan()
    agents = pd.read_csv(crm_folder / "sales_teams.csv")["sales_agent"]
    company.people("E-" + name.lower().replace(" ", "-") for name in agents)
    clock = FixedClock(datetime(2018, 1, 9, tzinfo=UTC))
    with sqlite_database.writing() as session:
        import_folder(session, clock, company.write(tmp_path), "cli:test")
    environment = {**os.environ, "MAVEN_CRM_DIR": str(crm_folder.resolve())}
    [source] = load_sources(Path("examples/maven-crm/sources.toml"), environment)

    result = pull(sqlite_database, clock, source)

    assert result.problem is None
    with sqlite_database.reading() as session:
        won = sa.select(sa.func.count()).where(MeasureRecord.measure == "wins")
        deals = pd.read_csv(crm_folder / "sales_pipeline.csv")
        assert session.scalar(won) == (deals["deal_stage"] == "Won").sum()
