"""The demo's processes; none outlives the demo.

A keeper process in a process group of its own starts the others. It holds one end of a pipe; when the demo
ends, even by `kill -9`, the pipe closes and the keeper stops the whole group.
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.errors import Refusal

STOPS_WITHIN = 25


def procfile_commands(procfile: Path) -> dict[str, str]:
    """The commands of a Procfile by name, in its order."""
    lines = [line for line in procfile.read_text(encoding="utf-8").splitlines() if line.strip()]
    named = (line.partition(":") for line in lines if not line.lstrip().startswith("#"))
    return {name.strip(): command.strip() for name, _, command in named}


def free_port(wanted: int) -> int:
    """The wanted port, or another one where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Refusal("No port is free on this machine: close a program that listens, and try again.")


class Processes:
    """Starts everything on entering, stops everything on leaving."""

    def __init__(
        self, commands: Mapping[str, str], root: Path, environment: Mapping[str, str], logs: Path
    ) -> None:
        """`commands` by name; they run in the folder `root`, and each writes `logs/NAME.log`."""
        self.root = root
        self.logs = logs
        self.environment = environment
        self.commands = commands
        self._ended: str | None = None

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "cli.demo.keeper", str(self.logs)]
        for name, line in self.commands.items():
            command += [name, line]
        self._keeper = subprocess.Popen(  # noqa: S603 - our own Procfile's commands
            command,
            cwd=self.root,
            env=dict(self.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper.stdin:
            self._keeper.stdin.close()
        self._keeper.wait(STOPS_WITHIN)
        self._reader.join(1)
        if self._keeper.stdout:
            self._keeper.stdout.close()

    def check(self) -> None:
        """Raises Refusal where a process has ended by itself, with the last lines of its log."""
        if self._ended is None and self._keeper.poll() is None:
            return
        name = self._ended or "keeper"
        log = self.logs / f"{name}.log"
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []
        raise Refusal(
            "The {name} process has ended. Its log is {log}; it says: {tail}",
            name=name,
            log=log,
            tail=" ".join(tail) or "nothing",
        )

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Blame a process that has ended, rather than the wait that ran out because of it."""
        try:
            yield
        except Exception:
            self.check()
            raise

    def _read(self) -> None:
        if self._keeper.stdout:
            for line in self._keeper.stdout:
                self._ended = self._ended or line.strip()
