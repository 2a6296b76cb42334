"""`python -m worker`: Dramatiq's own command, with as many processes as the database can use."""

import os
import sys

import sqlalchemy as sa

from domain import logs
from domain.errors import BadInput
from domain.settings import Settings
from worker.broker import redis_client
from worker.status import share_figures

PROCESSES, THREADS = 2, 4
SHUTDOWN_TIMEOUT_MS = 25_000
"""For what runs when the process is told to stop; supervisors commonly wait 30 s before they kill."""


def main() -> None:
    try:
        settings = Settings.from_environment()
        settings.require_token()
        logs.configure(settings.log_level, settings.log_format, settings.secrets)
        redis_client(settings).close()
    except BadInput as problem:
        sys.exit(str(problem))
    share_figures(settings)
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
