"""Fixtures every test can ask for: both databases, a clock that stands still, the shared folder."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from domain.clock import FixedClock
from domain.database import Database
from migrations import upgrade
from tests.postgresql_server import a_server, empty
from tests.sqlite_files import a_copy, settle

TEN_IN_SHANGHAI = datetime(2026, 7, 7, 2, 0, tzinfo=UTC)

# At its usual pace (700, 10, 10) the collector takes a fifth of the time, going through the libraries.
gc.set_threshold(50_000, 20, 10)

# Where a property does not say how often it is tried: a sample, in the long run Hypothesis's own hundred.
settings.register_profile("sample", max_examples=30)
if not os.environ.get("PACESETTER_LONG"):
    settings.load_profile("sample")


@pytest.fixture
def clock() -> FixedClock:
    """10:00 in Shanghai on the fifth working day of July 2026."""
    return FixedClock(TEN_IN_SHANGHAI)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    settle(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL: the one that TEST_DATABASE_URL names, else an embedded one for this session."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with a_server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> Iterator[Database]:
    database = Database(postgresql_url)
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    with a_copy(migrated_sqlite, tmp_path / "pacesetter.db") as database:
        yield database


@pytest.fixture
def postgresql_database(migrated_postgresql: Database) -> Database:
    empty(migrated_postgresql)
    return migrated_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on both databases."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with specs, data and Slack's contracts; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("PACESETTER_SHARED", "../shared"))
    if not folder.is_dir():
        assert not os.environ.get("PACESETTER_DEMAND_SHARED"), (
            f"PACESETTER_SHARED: there is no folder {folder}"
        )
        pytest.skip(f"PACESETTER_SHARED: there is no folder {folder}")
    return folder
