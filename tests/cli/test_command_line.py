"""The commands as a person or a script uses them: results on standard output, all else on standard error."""

import csv
import io
import sqlite3
from pathlib import Path

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.periods import Period
from domain.watch.service import watch_month
from tests.builders import CompanyFolder
from tests.cli.conftest import Pacesetter
from tests.conftest import TEN_IN_SHANGHAI

MONTHS = ("2026-04", "2026-05", "2026-06")
SCORES = """\
employee_id,status,score,tier,miss,ranks,unranked_because
HANS,complete,106.00,A,hit,Acme=1;Acme/West=1,
RITA,complete,71.00,B,miss,Acme=2;Acme/West=2,
TINA,not_assessed,,,exempt,,no_eligible_day
"""
LINES = """\
employee_id,kind,name,actual,target,reading,points,weight,contribution,status
HANS,indicator,sales,1100.0000,1000.00,1.100000,110.0000,60,66.00,assessed
HANS,indicator,win_rate,1.0000,,0.500000,100.0000,40,40.00,assessed
HANS,deduction,violations,0.0000,,,5.0000,,0.00,assessed
RITA,indicator,sales,800.0000,1000.00,0.800000,60.0000,60,36.00,assessed
RITA,indicator,win_rate,1.0000,,0.500000,100.0000,40,40.00,assessed
RITA,deduction,violations,1.0000,,,5.0000,,-5.00,assessed
"""


def company() -> CompanyFolder:
    """Rita misses each month and has a violation, Hans does well, Tina is away all year."""
    folder = (
        CompanyFolder()
        .plan()
        .company('alerts_from = "2026-01"\n')
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .people(("RITA", "HANS", "TINA"), unit="Acme/West")
        .unit("Acme/West", hr_id="HR", channel="west-managers")
        .leave("TINA", "2026-01-01", "2026-12-31")
    )
    for month in MONTHS:
        for rep, amount in (("RITA", 800), ("HANS", 1100)):
            folder.target(rep, "sales", month, 1000)
            for measure, value in (("won_amount", amount), ("wins", 1), ("closed_deals", 2)):
                folder.measure(rep, measure, f"{month}-10", value)
        folder.measure("RITA", "violations", f"{month}-11", 1)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return company().write(tmp_path / "acme")


@pytest.fixture
def locked(pacesetter: Pacesetter, folder: Path) -> None:
    """Imported, with all months locked."""
    assert pacesetter("import", folder).exit_code == 0
    for month in MONTHS:
        assert pacesetter("lock", month).exit_code == 0


def change(home: Path, statement: str) -> None:
    """Behind the product's back."""
    connection = sqlite3.connect(home / "pacesetter.db")
    with connection:
        connection.execute(statement)
    connection.close()


def test_an_import_says_what_changed_and_done_again_that_nothing_did(
    pacesetter: Pacesetter, folder: Path
) -> None:
    first, second = pacesetter("import", folder), pacesetter("import", folder)

    assert (first.exit_code, first.stdout) == (0, "")
    assert "company.toml: 1 change\n" in first.stderr
    assert "measures.csv: 21 changes\n" in first.stderr
    assert (second.exit_code, second.stdout) == (0, "")
    assert second.stderr == "Nothing has changed since the last import.\n"


def test_a_bad_row_is_named_and_nothing_is_loaded(
    pacesetter: Pacesetter, tmp_path: Path, folder: Path
) -> None:
    broken = company().measure("RITA", "won_amount", "2026-06-31", 5).write(tmp_path / "broken")

    refused = pacesetter("import", broken)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert 'measures.csv, line 23, occurred_on: "2026-06-31"' in refused.stderr
    assert "Traceback" not in refused.stderr
    assert pacesetter("score", "2026-06").exit_code == 1


def test_a_folder_that_is_not_there_is_a_sentence(pacesetter: Pacesetter, tmp_path: Path) -> None:
    refused = pacesetter("import", tmp_path / "nowhere")

    assert refused.exit_code == 1
    assert "nowhere" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_warning_is_said_and_does_not_stop_an_import(
    pacesetter: Pacesetter, tmp_path: Path, folder: Path
) -> None:
    warned = pacesetter(
        "import", company().target("RITA", "calls", "2026-06", 10).write(tmp_path / "with-calls")
    )

    assert warned.exit_code == 0
    assert 'the indicator "calls", which no plan scores' in warned.stderr


def test_scores_and_lines_are_printed_to_the_last_digit(pacesetter: Pacesetter, folder: Path) -> None:
    pacesetter("import", folder)
    scored = pacesetter("score", "2026-06")

    scores = pacesetter("scores", "2026-06", "--format", "csv")
    lines = pacesetter("lines", "2026-06", "--format", "csv")

    assert (scored.exit_code, scored.stdout) == (0, "")
    assert "2026-06: 3 cards published." in scored.stderr
    assert (scores.exit_code, scores.stdout, scores.stderr) == (0, SCORES, "")
    assert lines.stdout.startswith(LINES)
    assert all(line.startswith("TINA,") for line in lines.stdout[len(LINES) :].splitlines())


def test_the_printed_lines_add_up_to_the_printed_scores(pacesetter: Pacesetter, folder: Path) -> None:
    pacesetter("import", folder)
    pacesetter("score", "2026-Q2")

    scores, lines = (
        list(csv.DictReader(io.StringIO(pacesetter(command, "2026-Q2", "--format", "csv").stdout)))
        for command in ("scores", "lines")
    )

    assert [row["score"] for row in scores] == ["106.00", "61.00", ""]
    for row in scores:
        parts = [
            float(line["contribution"] or 0) for line in lines if line["employee_id"] == row["employee_id"]
        ]
        assert round(sum(parts), 2) == float(row["score"] or 0)


def test_a_table_is_for_reading(pacesetter: Pacesetter, folder: Path) -> None:
    pacesetter("import", folder)
    pacesetter("score", "2026-06")

    table = pacesetter("scores", "2026-06")

    assert table.exit_code == 0
    assert "RITA" in table.stdout
    assert "71.00" in table.stdout


@pytest.mark.parametrize("command", ["scores", "lines", "verify"])
def test_a_period_that_was_not_scored_is_said(pacesetter: Pacesetter, folder: Path, command: str) -> None:
    pacesetter("import", folder)

    refused = pacesetter(command, "2026-06")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("2026-06 ")


@pytest.mark.parametrize("command", ["score", "scores", "lines", "lock", "verify"])
@pytest.mark.parametrize("period", ["june", "2026-13", "2026-W60"])
def test_a_bad_period_is_refused_before_anything_happens(
    pacesetter: Pacesetter, command: str, period: str
) -> None:
    refused = pacesetter(command, period)

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Traceback" not in refused.stderr


def test_nothing_can_be_scored_before_an_import(pacesetter: Pacesetter) -> None:
    refused = pacesetter("score", "2026-06")

    assert refused.exit_code == 1
    assert "pacesetter import DIR" in refused.stderr


def test_a_lock_holds_and_can_be_proved(pacesetter: Pacesetter, folder: Path, tmp_path: Path) -> None:
    pacesetter("import", folder)

    assert "2026-06 is locked." in pacesetter("lock", "2026-06").stderr
    assert "locked already" in pacesetter("lock", "2026-06").stderr
    assert "locked" in pacesetter("score", "2026-06").stderr
    assert "not ended" in pacesetter("lock", "2026-07").stderr
    late = company()
    late.tables["measures"][0]["value"] = "5"
    pacesetter("import", late.write(tmp_path / "late"))
    proved = pacesetter("verify", "2026-06")

    assert (proved.exit_code, proved.stdout) == (0, "")
    assert "comes out the same" in proved.stderr
    assert pacesetter("scores", "2026-06", "--format", "csv").stdout == SCORES


@pytest.mark.usefixtures("locked")
def test_verify_finds_a_changed_database(pacesetter: Pacesetter, home: Path) -> None:
    change(home, "UPDATE cards SET score = score + 1 WHERE score IS NOT NULL")

    found = pacesetter("verify", "2026-06")

    assert found.exit_code == 1
    assert "score is 71.01, computed 71.00" in found.stdout
    assert "does not come out the same" in found.stderr


@pytest.mark.usefixtures("locked")
def test_alerts_are_listed_and_none_is_held(pacesetter: Pacesetter, home: Path) -> None:
    assert pacesetter("alerts", "list", "--format", "csv").stdout == (
        "employee_id,name,streak_start,length,month,state,reason\n"
    )
    watch(home)

    listed = pacesetter("alerts", "list", "--format", "csv")
    refused = pacesetter("alerts", "release", "2026-06")

    assert listed.stdout.splitlines()[1:] == ["RITA,Name of RITA,2026-04,3,2026-06,queued,"]
    assert refused.exit_code == 1
    assert "No alerts are held for 2026-06" in refused.stderr


@pytest.mark.usefixtures("locked")
def test_held_alerts_are_released(pacesetter: Pacesetter, home: Path) -> None:
    watch(home)
    change(home, "UPDATE alerts SET state = 'held', reason = 'share_of_unit'")

    released = pacesetter("alerts", "release", "2026-06")

    assert (released.exit_code, released.stdout) == (0, "")
    assert "1 alert of 2026-06 will be sent." in released.stderr
    assert "queued,share_of_unit" in pacesetter("alerts", "list", "--format", "csv").stdout


def watch(home: Path) -> None:
    """As a worker does after the lock."""
    database = Database(f"sqlite:///{home / 'pacesetter.db'}")
    with database.writing() as session:
        watch_month(session, FixedClock(TEN_IN_SHANGHAI), Period.parse("2026-06"))
    database.close()


@pytest.mark.usefixtures("locked")
def test_sending_is_paused_and_goes_on(pacesetter: Pacesetter, home: Path) -> None:
    paused = pacesetter("pause")
    assert "pacesetter resume" in paused.stderr
    assert is_paused(home)

    assert pacesetter("resume").exit_code == 0
    assert not is_paused(home)


def is_paused(home: Path) -> bool:
    connection = sqlite3.connect(home / "pacesetter.db")
    (paused_at,) = connection.execute("SELECT paused_at FROM companies").fetchone()
    connection.close()
    return paused_at is not None


def test_pausing_before_an_import_is_refused(pacesetter: Pacesetter) -> None:
    assert "pacesetter import DIR" in pacesetter("pause").stderr


@pytest.mark.usefixtures("locked")
def test_the_audit_chain_is_checked(pacesetter: Pacesetter, home: Path) -> None:
    holds = pacesetter("audit", "verify")
    assert (holds.exit_code, holds.stdout) == (0, "")
    assert "The chain holds" in holds.stderr

    change(home, "UPDATE audit_chain SET actor = 'somebody' WHERE seq = 2")

    broken = pacesetter("audit", "verify")
    assert broken.exit_code == 1
    assert "breaks at entry 2" in broken.stderr


def test_a_table_in_a_narrow_window_folds_its_cells_and_cuts_nothing(
    pacesetter: Pacesetter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    pacesetter("import", folder)
    pacesetter("score", "2026-06")

    table = pacesetter("scores", "2026-06").stdout

    assert "…" not in table
