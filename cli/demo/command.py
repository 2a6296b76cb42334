"""The demo from its first line to its last."""

import fcntl
import os
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
from cli.demo.processes import Processes, free_port
from cli.demo.workspace import write_workspace
from domain.errors import Refusal
from domain.settings import Settings
from sandbox.client import Operator

ROOT = Path(__file__).parents[2]
SAMPLE_COMPANY = ROOT / "examples" / "sample-company"
PORT = 4100
CONNECTS_WITHIN = 60


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
    with Processes(ROOT / "Procfile", environment, pictures / "logs", sandbox=(workspace, url)) as processes:
        errors.print("Starting the sandbox, the bot, the worker and the scheduler …")
        with processes.watched():
            Operator(url).wait_for_app(CONNECTS_WITHIN)
        if once:
            with processes.watched():
                story.play(prepared, url, pictures)
            return
        typer.echo(story.invitation(prepared, url))
        parent = os.getppid()
        while os.getppid() == parent:  # a parent that was killed takes the demo with it
            processes.check()
            time.sleep(0.5)


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
                "A demo is already running in {folder}: stop it first, or start this one elsewhere.",
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
