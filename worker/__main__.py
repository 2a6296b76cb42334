"""`python -m worker`: Dramatiq's own command, with as many processes as the database can use."""

import os
import sys

import sqlalchemy as sa

from domain import logs
from domain.errors import BadInput
from domain.settings import Settings
from worker.broker import redis_client
from worker.wiring import slack_client

PROCESSES, THREADS = 2, 4
SHUTDOWN_TIMEOUT_MS = 30_000


def main() -> None:
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log_level)
        slack_client(settings)
        redis_client(settings).close()
    except BadInput as problem:
        sys.exit(str(problem))
    on_sqlite = sa.make_url(settings.database_url).get_backend_name() == "sqlite"
    processes = 1 if on_sqlite else PROCESSES  # SQLite has one writer
    arguments = [
        *("--processes", str(processes), "--threads", str(THREADS)),
        *("--worker-shutdown-timeout", str(SHUTDOWN_TIMEOUT_MS), "--skip-logging"),
    ]
    # Takes this process's place, so that signals reach Dramatiq.
    command = [sys.executable, "-m", "dramatiq", "worker.main", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own command, no shell


if __name__ == "__main__":
    main()
