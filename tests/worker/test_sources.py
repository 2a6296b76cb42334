"""Pulling sources: what arrives, what a second pull does, and what is left of a failure."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.metrics import bench
from domain.metrics.bench import Bench
from domain.metrics.model import MeasureRecord
from domain.people.model import Person
from domain.rows import BadRow, Row
from domain.sources.model import RunState
from domain.sources.service import LaidOut, SourceTerms
from tests.builders import CompanyFolder
from tests.worker.source_builders import SourcedCompany, import_company
from worker.sources import service
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


class Crm(SourcedCompany):
    """A source of deals in a file."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        super().__init__(database, clock, folder)
        self.measures = '"won_amount"'
        self.settings = 'every = "1h"\n'
        self.deals = folder / "deals.csv"
        self.sql = SQL

    def yields(self, rows: list[dict[str, str]]) -> None:
        pd.DataFrame(rows).to_csv(self.deals, index=False)

    def pull(self) -> PullResult:
        (self.folder / "deals.sql").write_text(self.sql)
        self.configure(
            '[[sources]]\nname = "crm"\nkind = "files"\nquery = "deals.sql"\n'
            f'measures = [{self.measures}]\n{self.settings}[sources.files]\ndeals = "{self.deals.name}"\n'
        )
        return super().pull()


@pytest.fixture
def crm(database: Database, clock: FixedClock, tmp_path: Path) -> Crm:
    import_company(database, clock, tmp_path)
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

    assert (second.state, second.rows, second.load_id) == (RunState.UNCHANGED, 0, None)
    assert crm.latest_load() == first.load_id


def test_only_changed_rows_are_touched(crm: Crm) -> None:
    crm.pull()

    crm.yields([{**DEALS[0], "amount": "90"}, DEALS[1], {**DEALS[1], "id": "d3"}])
    result = crm.pull()

    assert result.rows == 2
    assert crm.records()["d1"][3] == Decimal(90)
    with crm.database.reading() as session:
        rows = session.scalars(sa.select(MeasureRecord).order_by(MeasureRecord.id)).all()
    assert [(row.record_id, row.ended_in) for row in rows] == [
        ("d1", result.load_id),
        ("d2", None),
        ("d1", None),
        ("d3", None),
    ]


def test_few_rows_are_compared_with_their_own_records_alone(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delivery of one record must not read a million, while nobody else can write."""
    compared = []

    class Watched(Bench):
        def insert(self, table: str, columns: Mapping[str, list[object]]) -> None:
            if table == "stored":
                compared.extend(columns["record_id"])
            super().insert(table, columns)

    monkeypatch.setattr(bench, "Bench", Watched)
    crm.yields([{**DEALS[0], "id": str(number)} for number in range(100)])
    crm.pull()
    crm.yields([{**DEALS[0], "id": "7", "amount": "90"}, {**DEALS[1], "id": "new"}])
    result = crm.pull()

    assert compared == ["7"]
    assert (result.rows, len(crm.records()), crm.records()["7"][3]) == (2, 101, Decimal(90))


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


def test_a_day_that_begins_while_it_is_read_is_not_reported(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = service.lay_out

    def over_midnight(bench: Bench, terms: SourceTerms, rows: Iterable[Row | BadRow]) -> LaidOut:
        laid = read(bench, terms, rows)
        crm.clock.at += timedelta(days=1)
        return laid

    monkeypatch.setattr(service, "lay_out", over_midnight)
    crm.pull()

    assert crm.coverage() == [(date(2026, 3, 5), date(2026, 7, 6))], "the 7th was not over when it was read"


def test_a_source_may_say_itself_which_days_it_reports(crm: Crm) -> None:
    (crm.folder / "days.sql").write_text(
        'SELECT measure, min(occurred_on) AS "from", max(occurred_on) AS "to" FROM measures GROUP BY measure'
    )
    crm.settings += 'coverage = "days.sql"\n'
    crm.pull()

    crm.clock.at += timedelta(days=3)
    crm.pull()

    assert crm.coverage() == [(date(2026, 3, 5), date(2026, 3, 6))]


def test_a_run_that_was_overtaken_brings_nothing_old_back(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.pull()
    crm.yields([{**DEALS[0], "amount": "1"}, DEALS[1]])
    read = service.lay_out

    def slowly(bench: Bench, terms: SourceTerms, rows: Iterable[Row | BadRow]) -> LaidOut:
        """While this run reads, the deal is corrected, and another run reads and stores it."""
        laid = read(bench, terms, list(rows))
        monkeypatch.setattr(service, "lay_out", read)
        crm.clock.at += timedelta(seconds=5)
        crm.yields([{**DEALS[0], "amount": "2"}, DEALS[1]])
        assert crm.pull().rows == 1
        return laid

    monkeypatch.setattr(service, "lay_out", slowly)
    crm.pull()

    assert crm.records()["d1"][3] == Decimal(2)
    assert len(crm.runs()) == 2


def test_a_bad_row_fails_the_whole_pull_and_is_named(crm: Crm) -> None:
    crm.yields([*DEALS, {**DEALS[0], "id": "d3", "who": "Nobody"}])

    result = crm.pull()

    assert result.state == RunState.REFUSED
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
    crm.deals.rename(crm.folder / "away.csv")
    crm.clock.at += timedelta(days=2)

    failed = [crm.pull(), crm.pull()]

    assert [result.state for result in failed] == [RunState.FAILED, RunState.FAILED]
    assert crm.coverage() == [(date(2026, 3, 5), date(2026, 7, 6))], "coverage ends where it was"
    assert "The file of deals is not there" in str(failed[0].problem)
    [post] = crm.posts()
    assert (post.kind, post.facts["source"]) == ("source_failed", "crm")
    assert post.facts["problem"] == failed[0].problem
    with crm.database.reading() as session:
        assert session.get_one(Person, post.person_id).employee_id == "A1", "A2 has left"

    (crm.folder / "away.csv").rename(crm.deals)
    assert crm.pull().state == RunState.UNCHANGED
    crm.deals.unlink()
    crm.pull()
    assert [post.kind for post in crm.posts()] == ["source_failed", "source_recovered", "source_failed"]
    assert [run.state for run in crm.runs()] == [
        *("succeeded", "failed", "failed", "unchanged", "failed"),
    ]


def test_a_source_that_never_delivered_makes_its_measures_unknown(crm: Crm) -> None:
    crm.deals.unlink()

    crm.pull()

    [(first_day, last_day)] = crm.coverage()
    assert last_day < first_day, "named, so that the import's wildcard does not speak for it; no day covered"


def test_a_measure_that_is_new_and_was_never_delivered_is_unknown_too(crm: Crm) -> None:
    crm.pull()
    crm.measures += ', "wins"'
    crm.deals.unlink()

    crm.pull()
    load = crm.latest_load()
    crm.pull()

    [(first_day, last_day)] = set(crm.coverage()) - {(date(2026, 3, 5), date(2026, 7, 6))}
    assert last_day < first_day
    assert crm.latest_load() == load, "said once"


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

    crm.deals = crm.folder / name
    write(crm.deals)
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
