"""The demo from its first line to its last."""

import fcntl
import os
import shlex
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from cli.common import errors, refusals
from cli.demo import company, story
from cli.demo.processes import Processes, free_port, procfile_commands
from cli.demo.waiting import wait_until
from cli.demo.workspace import write_workspace
from domain.errors import Refusal
from domain.settings import Settings
from sandbox.client import Operator, RefusedError

ROOT = Path(__file__).parents[2]
SAMPLE_COMPANY = ROOT / "examples" / "sample-company"
PORT = 4100
MANIFEST = "bot/manifest.json"
STARTS_WITHIN = 60


def demo(
    folder: Annotated[
        Path | None, typer.Option("--company", help="An import folder, or an example that writes one.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Play the story without a person, then stop.")] = False,
    port: Annotated[int, typer.Option(help="Where the page is served; 0 takes a free port.")] = PORT,
) -> None:
    """Run everything on this machine: Valkey, SQLite, a local Slack, the bot, workers and their scheduler."""
    pictures = Path(Settings.from_environment({}).home) / "demo"
    with refusals(), _only_demo(pictures), _stopped_by_signals():
        _run(folder or SAMPLE_COMPANY, pictures, once, port)


def _run(folder: Path, pictures: Path, once: bool, port: int) -> None:
    home = _emptied(pictures) / "home"
    prepared = company.prepare(folder, home)
    workspace = write_workspace(prepared, pictures / "workspace.json")
    url = f"http://127.0.0.1:{free_port(port)}"
    environment = company.environment(prepared, url)
    sandbox = {"sandbox": _sandbox_command(workspace, url)}
    rest = procfile_commands(ROOT / "Procfile")
    logs = pictures / "logs"
    errors.print("Starting the sandbox, the bot, the worker and the scheduler …")
    with Processes(sandbox, ROOT, environment, logs) as slack:
        with slack.watched():
            wait_until(lambda: _connections(url) is not None, STARTS_WITHIN, "the sandbox to answer")
        with Processes(rest, ROOT, environment, logs) as processes:
            with processes.watched():
                wait_until(lambda: bool(_connections(url)), STARTS_WITHIN, "the bot to connect")
                if once:
                    _play(prepared, url, pictures)
                    return
                story.settle(prepared)
            typer.echo(story.invitation(prepared, url))
            _stay_up(slack, processes)


def _play(prepared: company.Prepared, url: str, pictures: Path) -> None:
    try:
        story.play(prepared, url, pictures)
    except (RefusedError, TimeoutError) as problem:
        raise Refusal("The story could not go on: {problem}", problem=problem) from None


def _stay_up(*groups: Processes) -> None:
    """Until a process ends by itself, or the one that started the demo is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        for group in groups:
            group.check()
        time.sleep(0.5)


def _sandbox_command(workspace: Path, url: str) -> str:
    port = url.rpartition(":")[2]
    return f"pacesetter sandbox --manifest {MANIFEST} --workspace {shlex.quote(str(workspace))} --port {port}"


def _connections(url: str) -> int | None:
    """How many times the bot is connected to the sandbox; None where that does not answer."""
    try:
        return int(Operator(url).workspace()["app"]["connections"])
    except OSError:
        return None


def _emptied(pictures: Path) -> Path:
    """The demo begins anew each time; only what it wrote itself is removed."""
    for old in pictures.iterdir():
        if old.name != ".lock":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    return pictures


@contextmanager
def _only_demo(pictures: Path) -> Iterator[None]:
    pictures.mkdir(parents=True, exist_ok=True)
    with (pictures / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                "A demo is already running in {folder}: stop it first, or start another from another folder.",
                folder=pictures,
            ) from None
        yield


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP end the demo the same way: everything is stopped, exit code 0."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        yield
    except KeyboardInterrupt:
        errors.print("\nEverything is stopped.")
