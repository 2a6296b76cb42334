"""The `pacesetter` command in this process, on an installation of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from tests.conftest import TEN_IN_SHANGHAI

Pacesetter = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PACESETTER_HOME, with a database whose tables are up to date, on 7 July 2026."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "pacesetter.db")
    for name in ("DATABASE_URL", "REDIS_URL", "PACESETTER_SOURCES", "PACESETTER_CLOCK_OFFSET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PACESETTER_HOME", str(folder))
    return folder


@pytest.fixture
def pacesetter(home: Path) -> Pacesetter:
    """Run a command; its result has `stdout`, `stderr` and `exit_code`."""

    def run(*arguments: object) -> Result:
        with time_machine.travel(TEN_IN_SHANGHAI, tick=True):
            result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run
