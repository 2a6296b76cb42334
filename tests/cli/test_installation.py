"""Opening the installation: it prepares itself, and says in a sentence why it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Pacesetter


def test_a_new_home_is_made_ready_by_the_first_command(
    pacesetter: Pacesetter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACESETTER_HOME", str(tmp_path / "new" / "home"))

    result = pacesetter("alerts", "list", "--format", "csv")

    assert result.exit_code == 0
    assert result.stdout.startswith("employee_id,")
    assert (tmp_path / "new" / "home" / "pacesetter.db").exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/at/all/pacesetter.db", "check DATABASE_URL"),
        ("sqlite:///{folder}/not-a-database", "check DATABASE_URL"),
        ("postgresql://ann:secret@127.0.0.1:1/pace", "check DATABASE_URL"),
        ("nonsense", "DATABASE_URL is not a database address"),
        ("mysql://host/pace", "runs on sqlite and postgresql"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_sentence(
    pacesetter: Pacesetter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, says: str
) -> None:
    (tmp_path / "not-a-database").write_text("Dear diary, " * 100, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", url.format(folder=tmp_path))

    refused = pacesetter("alerts", "list")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert says in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "secret" not in refused.stderr


def test_a_home_that_cannot_be_made_is_one_sentence(
    pacesetter: Pacesetter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PACESETTER_HOME", str(tmp_path / "file" / "home"))

    refused = pacesetter("alerts", "list")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "PACESETTER_HOME" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_database_of_a_newer_version_is_one_sentence(pacesetter: Pacesetter, home: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(home / "pacesetter.db")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    refused = pacesetter("alerts", "list")

    assert refused.exit_code == 1
    assert "newer version" in refused.stderr


def test_the_command_as_a_process_of_its_own(home: Path) -> None:
    """Nothing but the result on standard output, no traceback, exit code 1 for a refusal."""
    environment = {**os.environ, "PACESETTER_HOME": str(home)}
    command = [sys.executable, "-W", "error", "-m", "cli.main", "scores", "2026-06", "--format", "csv"]

    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "2026-06 has not been scored: run `pacesetter score 2026-06` first.\n"
