"""A whole installation of real processes in front of a local workspace: the bot, a worker, the scheduler."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from cli.demo.processes import free_port
from domain.database import Database
from domain.settings_slack import Transport
from sandbox.client import Operator, Person
from sandbox.server import Sandbox
from tests.bot.company import EAST, WEST
from tests.conftest import TEN_IN_SHANGHAI
from tests.sandbox.waiting import PATIENCE_S, PATIENT

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "bot" / "manifest.json"
STARTS_WITHIN_S = 90
STOPS_WITHIN_S = 60
TOKENS = {"bot": "xoxb-whole", "app": "xapp-whole", "signing_secret": "signed as a whole"}
PEOPLE = (*EAST, *WEST, "M1", "M2", "H1", "A1")
BOT = "U0BOT"


def a_workspace(chinese: Collection[str] = WEST) -> dict[str, Any]:
    """Everybody of the small company, in the company's time zone; some read Chinese."""
    users = [
        {
            "id": f"U0{one}",
            "name": one.lower(),
            "real_name": f"Name of {one}",
            "email": f"{one.lower()}@example.com",
            "locale": "zh-CN" if one in chinese else "en-US",
            "tz": "Asia/Shanghai",
        }
        for one in dict.fromkeys((*PEOPLE, *chinese))
    ]
    return {
        "team": {"id": "T0WHOLE", "name": "Acme"},
        "app": {"id": "A0WHOLE", "name": "Pacesetter", "bot_user_id": BOT, "bot_id": "B0BOT"},
        "tokens": TOKENS,
        "users": users,
        "channels": [
            {"id": "C0GENERAL", "name": "general", "members": [*(user["id"] for user in users), BOT]}
        ],
    }


@dataclass
class Process:
    """`python -m MODULE` in a group of its own, with its status pages at `url`."""

    module: str
    url: str
    log: Path
    environment: dict[str, str]
    running: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", self.module],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        assert self.running.poll() is None, f"{self.module} has ended: {self.said()}"
        return self.status("/ready") == 200

    def status(self, page: str) -> int | None:
        """None where nobody answers."""
        try:
            return requests.get(self.url + page, timeout=5).status_code
        except (requests.ConnectionError, requests.Timeout):
            return None

    def figures(self) -> str:
        return requests.get(f"{self.url}/metrics", timeout=PATIENCE_S).text

    def tell_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.running.send_signal(number)

    def exit_code(self) -> int:
        return self.running.wait(STOPS_WITHIN_S)

    def restart(self) -> None:
        self.tell_to_stop()
        assert self.exit_code() == 0, self.said()
        self.start()
        wait_until(self.is_ready, STARTS_WITHIN_S)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Whole:
    transport: Transport
    workspace: str
    """Its address."""
    database: Database
    bot: Process
    worker: Process
    scheduler: Process

    @property
    def processes(self) -> tuple[Process, ...]:
        return (self.scheduler, self.worker, self.bot)

    @property
    def operator(self) -> Operator:
        return Operator(self.workspace)

    def person(self, employee_id: str) -> Person:
        return Person(self.workspace, f"U0{employee_id}")

    def calls(self, method: str, status: str | None = None) -> list[dict[str, Any]]:
        """What the bot and the workers have called so far."""
        traffic = self.operator.traffic()
        return [one for one in traffic if one["method"] == method and status in (None, one["status"])]

    def logs(self) -> str:
        return "".join(process.said() for process in self.processes)


@contextmanager
def a_whole_installation(
    transport: Transport, scored: Path, home: Path, chinese: Collection[str] = WEST
) -> Iterator[Whole]:
    """Started, and ready. At the end nothing of it is left."""
    home.mkdir()
    shutil.copy(scored, home / "pacesetter.db")
    ports = {name: free_port(0) for name in ("HTTP", "WORKER", "SCHEDULER")}
    bot_url = f"http://127.0.0.1:{ports['HTTP']}"
    called_at = f"{bot_url}/slack/events" if transport is Transport.HTTP else None
    with Sandbox(
        a_workspace(chinese), MANIFEST, http_url=called_at, timing=PATIENT
    ).run_in_thread() as sandbox:
        environment = _environment(transport, sandbox, home) | {
            f"PACESETTER_{name}_PORT": str(port) for name, port in ports.items()
        }

        def process(module: str, port: int) -> Process:
            log = home / f"{module}.log"
            return Process(module, f"http://127.0.0.1:{port}", log, environment)

        whole = Whole(
            transport,
            sandbox.url,
            Database(f"sqlite:///{home / 'pacesetter.db'}"),
            process("bot", ports["HTTP"]),
            process("worker", ports["WORKER"]),
            process("worker.scheduler", ports["SCHEDULER"]),
        )
        started: list[Process] = []
        try:
            for one in whole.processes:
                one.start()
                started.append(one)
            for one in whole.processes:
                wait_until(one.is_ready, STARTS_WITHIN_S)
            whole.operator.wait_for_app(STARTS_WITHIN_S)
            yield whole
        finally:
            for one in reversed(started):
                one.tell_to_stop()
            for one in started:
                with suppress(subprocess.TimeoutExpired):
                    one.exit_code()
                one.kill()
            whole.database.close()


def wait_until(is_so: Callable[[], Any], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.1)


def _environment(transport: Transport, sandbox: Sandbox, home: Path) -> dict[str, str]:
    ours = ("PACESETTER_", "SLACK_", "DATABASE_URL", "REDIS_URL", "PROMETHEUS_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    offset = round((TEN_IN_SHANGHAI - datetime.now(UTC)).total_seconds())
    reached_by = (
        {"SLACK_SIGNING_SECRET": TOKENS["signing_secret"]}
        if transport is Transport.HTTP
        else {"SLACK_APP_TOKEN": TOKENS["app"]}
    )
    return {
        **inherited,
        **reached_by,
        "HTTP_PROXY": "",
        "HTTPS_PROXY": "",
        "PACESETTER_HOME": str(home),
        "PACESETTER_CLOCK_OFFSET": str(offset),
        "PACESETTER_DRAIN_SECONDS": "3",
        "SLACK_BOT_TOKEN": TOKENS["bot"],
        "SLACK_API_URL": sandbox.api_url,
    }
