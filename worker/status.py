"""The status pages of the workers and of the scheduler.

Dramatiq starts worker processes from one parent. Their pages are served by one more process beside them,
which puts the figures of all of them together.
"""

import multiprocessing
import os
import shutil
from collections.abc import Callable

import redis
from dramatiq.middleware import Middleware

from domain import logs
from domain.health import Check, Health
from domain.services import Services, make_services
from domain.settings import Settings
from domain.status_site import StatusSite, served
from migrations import tables_check
from worker.broker import redis_client

WORKER_PORT = "PACESETTER_WORKER_PORT"
SCHEDULER_PORT = "PACESETTER_SCHEDULER_PORT"


class StatusPages(Middleware):
    """Has Dramatiq start the process that serves them."""

    @property
    def forks(self) -> list[Callable[[], int]]:
        return [serve_status_pages]


def serve_status_pages() -> int:
    """What that process does until Dramatiq ends it, or is gone; its exit code."""
    settings = Settings.from_environment()
    logs.configure(settings.log_level, settings.log_format, settings.secrets)
    services = make_services(settings)
    site = StatusSite(readiness(services, redis_client(settings)))
    with served(site, settings.http.host, settings.http.worker_port or 0, WORKER_PORT):
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
    return 0


def share_figures(settings: Settings) -> None:
    """Name the folder, emptied, in which the processes about to be started put their figures together."""
    port = settings.http.worker_port
    if port is None:
        return
    folder = settings.home / "metrics" / f"worker-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def readiness(services: Services, server: redis.Redis, *others: Check) -> Health:
    redis_check = Check("redis", server.ping, otherwise="Redis does not answer")
    return Health([tables_check(services.database), redis_check, *others])
