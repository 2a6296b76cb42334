"""`pacesetter sources`: how sources are, what they refused, running one and trying one out."""

import csv
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import CompanyFolder
from tests.cli.conftest import Pacesetter
from tests.worker.source_builders import toml

SQL = """
SELECT id AS record_id, rep AS employee, 'won_amount' AS measure, day AS occurred_on, amount AS value
FROM deals
"""


@pytest.fixture
def deals(home: Path, pacesetter: Pacesetter, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A company, and a database of deals that is configured as its source crm."""
    company = CompanyFolder().person("E1").person("A1", role="admin", unit="").plan().write(tmp_path / "acme")
    assert pacesetter("import", company).exit_code == 0
    connection = sqlite3.connect(home / "crm.db")
    connection.execute("CREATE TABLE deals (id INTEGER, rep TEXT, day TEXT, amount INTEGER)")
    connection.execute("INSERT INTO deals VALUES (1, 'E1', '2026-07-01', 700)")
    connection.commit()
    (home / "sources.toml").write_text(toml(kind="sql", url="sqlite:///crm.db", sql=SQL, every="15m"))
    yield connection
    connection.close()


def rows(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def test_a_source_is_listed_with_its_health(deals, pacesetter: Pacesetter) -> None:
    [before] = rows(pacesetter("sources", "--format", "csv").stdout)
    assert (before["source"], before["kind"], before["every"]) == ("crm", "sql", "15m")
    assert (before["health"], before["state"]) == ("new", "never run")

    assert pacesetter("sources", "run").exit_code == 0

    [after] = rows(pacesetter("sources", "--format", "csv").stdout)
    assert (after["health"], after["state"], after["last_run"]) == ("well", "succeeded", "2026-07-07T02:00Z")
    assert (after["read"], after["rows"], after["refused"]) == ("1", "1", "0")
    assert "crm" in pacesetter("sources").stdout


def test_run_reads_one_or_all_and_pull_is_the_same(deals, pacesetter: Pacesetter) -> None:
    assert "crm: 1 record changed" in pacesetter("sources", "run", "crm").stderr
    assert "crm: 0 records changed" in pacesetter("pull").stderr
    assert "pull" not in pacesetter("--help").stdout

    unknown = pacesetter("sources", "run", "nope")
    assert (unknown.exit_code, unknown.stderr.strip()) == (
        1,
        "There is no source nope in sources.toml: it names crm.",
    )


def test_a_run_that_is_refused_ends_with_an_error_and_is_shown(deals, pacesetter: Pacesetter) -> None:
    deals.execute("INSERT INTO deals VALUES (2, 'Nobody', '2026-07-01', 5)")
    deals.commit()

    run = pacesetter("sources", "run", "crm")
    assert run.exit_code == 1
    assert 'crm: source crm, line 2, employee: "Nobody" is nobody who is known' in run.stderr

    shown = pacesetter("sources", "show", "crm", "--format", "csv")
    assert "crm (sql, every 15m): failing" in shown.stderr
    assert "Refused: 1. The first of them:" in shown.stderr
    runs, refusals = shown.stdout.split("row,column,value,reason\n")
    assert [(one["state"], one["read"], one["refused"]) for one in rows(runs)] == [("refused", "2", "1")]
    assert refusals.startswith('2,employee,Nobody,"is nobody who is known')
    assert "crm: source crm, line 2" in pacesetter("sources").stderr


def test_check_prints_a_few_rows_and_stores_nothing(deals, pacesetter: Pacesetter) -> None:
    deals.executemany(
        "INSERT INTO deals VALUES (?, 'E1', '2026-07-01', 5)", [(number,) for number in range(2, 100)]
    )
    deals.commit()

    checked = pacesetter("sources", "check", "crm", "--format", "csv")

    assert checked.exit_code == 0
    assert len(rows(checked.stdout)) == 20
    assert rows(checked.stdout)[0] == {
        "record_id": "1",
        "employee": "E1",
        "measure": "won_amount",
        "occurred_on": "2026-07-01",
        "value": "700",
        "customer_id": "",
    }
    assert "crm can be read. Nothing was stored." in checked.stderr
    assert [one["state"] for one in rows(pacesetter("sources", "--format", "csv").stdout)] == ["never run"]


def test_check_says_what_is_wrong(deals, home: Path, pacesetter: Pacesetter) -> None:
    deals.execute("UPDATE deals SET rep = 'Nobody'")
    deals.commit()
    refused = pacesetter("sources", "check", "crm")
    assert (refused.exit_code, "is nobody who is known" in refused.stderr) == (1, True)

    (home / "sources.toml").write_text(toml(kind="sql", url="sqlite:///gone.db", sql=SQL))
    gone = pacesetter("sources", "check", "crm")
    assert (gone.exit_code, "The database file is not there" in gone.stderr) == (1, True)


def test_check_of_a_source_that_delivers_looks_for_its_secret(
    deals, home: Path, pacesetter: Pacesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "sources.toml").write_text(toml(kind="push", secret_env="CRM_SECRET"))

    missing = pacesetter("sources", "check", "crm")
    assert (missing.exit_code, "the variable CRM_SECRET is not set" in missing.stderr) == (1, True)

    monkeypatch.setenv("CRM_SECRET", "open sesame, and wide")
    assert "Its secret is set" in pacesetter("sources", "check", "crm").stderr
    assert "crm delivers by itself and cannot be asked" in pacesetter("sources", "run", "crm").stderr


def test_a_mistake_in_the_file_is_named_by_its_line(deals, home: Path, pacesetter: Pacesetter) -> None:
    (home / "sources.toml").write_text("[[sources]]\nname = 3\n")

    for command in (["sources"], ["sources", "run"], ["sources", "show", "crm"], ["sources", "check", "crm"]):
        failed = pacesetter(*command)
        assert failed.exit_code == 1
        assert "sources.toml, line" in failed.stderr


def test_no_file_is_said_so(pacesetter: Pacesetter) -> None:
    assert pacesetter("sources").exit_code == 0
    assert "docs/sources.md shows how to describe one" in pacesetter("sources", "run").stderr
