"""Starts processes and stops them when standard input closes. See `cli.demo.processes`.

    python -m cli.demo.keeper LOGS NAME COMMAND [NAME COMMAND ...]

Writes the name of a process that ends by itself to standard output.
"""

import ctypes
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE_SECONDS = 15
_PR_SET_PDEATHSIG = 1


def main(logs: Path, names: list[str], commands: list[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the pipe says when it is over
    started = {
        name: _start(command, logs / f"{name}.log") for name, command in zip(names, commands, strict=True)
    }
    over = threading.Event()
    threading.Thread(target=_wait_for_the_pipe_to_close, args=(over,), daemon=True).start()
    told: set[str] = set()
    while not over.wait(0.2):
        for name, process in started.items():
            if process.poll() is not None and name not in told:
                told.add(name)
                sys.stdout.write(f"{name}\n")
                sys.stdout.flush()
    _stop(list(started.values()))
    os.killpg(os.getpgrp(), signal.SIGKILL)  # whatever they left behind, and this process


def _start(command: str, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the Procfile's commands
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_the_keeper if sys.platform == "linux" else None,
        )


def _end_with_the_keeper() -> None:
    """Even a keeper that is killed takes its processes with it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _wait_for_the_pipe_to_close(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """One after the other in the Procfile's order: the scheduler, which owns the broker, comes last."""
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        process.terminate()
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2::2], sys.argv[3::2])
