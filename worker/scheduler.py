"""`python -m worker.scheduler`: the relay, the schedule, and the embedded Valkey where there is one."""

import os
import signal
import sys
import threading
from collections.abc import Sequence

import redis
import sqlalchemy as sa
import structlog

from domain import logs
from domain.errors import BadInput
from domain.services import Services, make_services
from domain.settings import Settings
from migrations import upgrade
from worker.broker import make_broker, redis_client
from worker.embedded_valkey import EmbeddedValkey
from worker.relay import Relay, Wake
from worker.schedule import add_due_jobs
from worker.sources.config import Source, load_sources
from worker.sources.service import due_sources

RELAY_EVERY_S = 0.5
SCHEDULE_EVERY_S = 5.0
AFTER_A_PROBLEM_S = 2.0

log = structlog.get_logger()


class Scheduler:
    def __init__(self, services: Services, relay: Relay, sources: Sequence[Source]) -> None:
        self._services = services
        self._relay = relay
        self._sources = sources
        self._stopped = threading.Event()

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
                pause = RELAY_EVERY_S
            except (sa.exc.DBAPIError, redis.RedisError):
                log.exception("this tick is lost, the next makes up for it")
                pause = AFTER_A_PROBLEM_S
            self._stopped.wait(pause)

    def _add_due_jobs(self) -> None:
        database, clock = self._services.database, self._services.clock
        to_pull = due_sources(database, clock, self._sources)
        try:
            with database.writing() as session:
                add_due_jobs(session, clock, to_pull)
        except sa.exc.IntegrityError:
            log.info("another scheduler has added these jobs")


def main() -> None:
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log_level)
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
    broker = make_broker(redis_client(services.settings))
    sources = load_sources(services.settings.sources_file, os.environ)
    scheduler = Scheduler(services, Relay(services.database, services.clock, Wake(broker)), sources)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.stop())
    log.info("scheduler is running")
    scheduler.run()
    broker.close()


if __name__ == "__main__":
    main()
