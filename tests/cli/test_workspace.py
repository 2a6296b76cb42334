"""`pacesetter workspace`: where the app is installed, and keys for its token."""

from pathlib import Path

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.encryption import Vault, is_key
from domain.installation import Arrival, install, remove
from tests.cli.conftest import Pacesetter

ACME = Arrival("T1", "Acme", None, "A1", "UBOT", "BBOT", "commands", "xoxb-acme-1", "U0ADA")


def test_a_key_is_one_that_the_settings_take(pacesetter: Pacesetter) -> None:
    assert is_key(pacesetter("workspace", "new-key").stdout.strip())


def test_the_workspace_is_shown_without_its_token(
    pacesetter: Pacesetter, home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = pacesetter("workspace", "new-key").stdout.strip()
    for name, value in (
        ("SLACK_CLIENT_ID", "1.2"),
        ("SLACK_CLIENT_SECRET", "s"),
        ("PACESETTER_ENCRYPTION_KEY", key),
    ):
        monkeypatch.setenv(name, value)
    database = Database(f"sqlite:///{home / 'pacesetter.db'}")
    with database.writing() as session:
        install(session, clock, Vault([key]), ACME)

    shown = pacesetter("workspace", "show")
    assert shown.stdout == "Acme (T1)\ninstalled 2026-07-07 02:00 UTC by U0ADA\nscopes commands\n"

    with database.writing() as session:
        remove(session, clock, "T1", "app_uninstalled")
    database.close()
    assert (
        "removed 2026-07-07 02:00 UTC (app_uninstalled): messages wait"
        in pacesetter("workspace", "show").stdout
    )


def test_where_nothing_is_installed_a_sentence_says_so(pacesetter: Pacesetter) -> None:
    refused = pacesetter("workspace", "show")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "open /slack/install" in refused.stderr
