"""`python -m worker.scheduler`: the relay, the schedule, and the embedded Valkey where there is one."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
import sqlalchemy as sa
import structlog

from domain import logs
from domain.backlog import BacklogFigures
from domain.errors import BadInput
from domain.health import Check, Health, NotReady
from domain.services import Services, make_services
from domain.settings import Settings
from domain.status_site import StatusSite, served
from domain.stopping import when_told_to_stop
from migrations import upgrade
from worker.broker import make_broker, redis_client
from worker.embedded_valkey import EmbeddedValkey
from worker.relay import Relay, Wake
from worker.schedule import add_due_jobs
from worker.sources.registry import Watched
from worker.sources.service import due_sources
from worker.status import SCHEDULER_PORT, readiness

RELAY_EVERY_S = 0.5
SCHEDULE_EVERY_S = 5.0
AFTER_A_PROBLEM_S = 2.0
TICKS_LATE_S = 30.0

log = structlog.get_logger()


class Scheduler:
    def __init__(self, services: Services, relay: Relay, sources: Watched) -> None:
        self._services = services
        self._relay = relay
        self._sources = sources
        self._stopped = threading.Event()
        self._ticked_at = time.monotonic()

    def check_ticks(self) -> None:
        """For readiness. Raises NotReady."""
        if time.monotonic() - self._ticked_at > TICKS_LATE_S:
            raise NotReady("nothing has been relayed for a while: see the log")

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        """Bring the tables up to date, then tick until stopped.

        A database or a Redis that is away is tried again.
        """
        ticks_between = int(SCHEDULE_EVERY_S / RELAY_EVERY_S)
        tick = 0
        while not self._stopped.is_set():
            try:
                if tick == 0:
                    upgrade(self._services.database)
                if tick % ticks_between == 0:
                    self._add_due_jobs()
                self._relay.tick()
                tick += 1
                self._ticked_at = time.monotonic()
                pause = RELAY_EVERY_S
            except (sa.exc.DBAPIError, redis.RedisError):
                log.exception("this tick is lost, the next makes up for it")
                pause = AFTER_A_PROBLEM_S
            self._stopped.wait(pause)

    def _add_due_jobs(self) -> None:
        database, clock = self._services.database, self._services.clock
        to_pull = due_sources(database, clock, self._sources.sources())
        try:
            with database.writing() as session:
                add_due_jobs(session, clock, to_pull)
        except sa.exc.IntegrityError:
            log.info("another scheduler has added these jobs")


def main() -> None:
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log_level, settings.log_format, settings.secrets)
        services = make_services(settings)
        valkey = None if settings.redis_url else EmbeddedValkey(settings.home)
        if valkey is not None:
            valkey.start()
        try:
            _run(services)
        finally:
            if valkey is not None:
                valkey.stop()
            services.database.close()
    except BadInput as problem:
        sys.exit(str(problem))


def _run(services: Services) -> None:
    server = redis_client(services.settings)
    broker = make_broker(server)
    sources = Watched(services.database, services.clock, services.settings.sources_file)
    scheduler = Scheduler(services, Relay(services.database, services.clock, Wake(broker)), sources)
    when_told_to_stop(scheduler.stop)
    health = readiness(services, server, Check("ticks", scheduler.check_ticks, otherwise="no ticks"))
    with _status_pages(services, health):
        log.info("scheduler is running")
        scheduler.run()
    broker.close()
    log.info("scheduler has stopped")


@contextmanager
def _status_pages(services: Services, health: Health) -> Iterator[None]:
    """Served where a port is set; with what waits in the tables, which concerns no process in particular."""
    http = services.settings.http
    if http.scheduler_port is None:
        yield
        return
    site = StatusSite(health, [BacklogFigures(services.database, services.clock)])
    with served(site, http.host, http.scheduler_port, SCHEDULER_PORT):
        yield


if __name__ == "__main__":
    main()
