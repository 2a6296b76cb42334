"""The Dramatiq broker on Redis or Valkey: a wake-up, never the truth. Its messages carry only ids."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import dramatiq
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware, TimeLimit

from domain.errors import BadInput
from domain.settings import Settings
from worker import embedded_valkey

# A killed worker's messages go back into the queue after seconds; Dramatiq's defaults take minutes.
MAINTENANCE_CHANCE = 1_000_000
HEARTBEAT_TIMEOUT_MS = 5_000

LONGEST_RUN_MS = 30 * 60_000
ORPHANS_LAST_S = 35.0

log = structlog.get_logger()


class LogContext(Middleware):
    """Names the message in every line that is logged while it is worked on."""

    def before_process_message(self, broker: dramatiq.Broker, message: Any) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(actor=message.actor_name, message=message.message_id)

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: Any,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        structlog.contextvars.clear_contextvars()

    after_skip_message = after_process_message


class EndWithParent(Middleware):
    """Stops a worker process whose parent was killed: Dramatiq alone would leave it running.

    Gracefully; but one that was orphaned while it started hangs in Dramatiq's handshake, and is ended.
    """

    def after_process_boot(self, broker: dramatiq.Broker) -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            threading.Thread(target=self._watch, args=(parent,), daemon=True, name="end-with-parent").start()

    def _watch(self, parent: Any) -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHANS_LAST_S)
        os._exit(1)


class WhenStopped(Middleware):
    """Does something last, when what could be finished is finished."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._do = do

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        self._do()


def redis_client(settings: Settings) -> redis.Redis:
    """A client of the server that the settings name, or of the embedded one, for which it waits.

    Raises BadInput where no server answers, or where it may throw away what it was given.
    """
    if settings.redis_url is None:
        path = embedded_valkey.socket_path(settings.home)
        embedded_valkey.wait_until_it_answers(path)
        client = redis.Redis(unix_socket_path=str(path))
    else:
        client = redis.Redis.from_url(settings.redis_url)
    check_server(client)
    return client


def check_server(client: redis.Redis) -> None:
    """Refuse a server that evicts keys; warn of one that forgets everything when it restarts."""
    try:
        facts: dict[str, Any] = {**client.info("memory"), **client.info("persistence")}
    except redis.RedisError as error:
        raise BadInput(
            "REDIS_URL does not lead to a server that answers ({error}): start it, or set another address.",
            error=error,
        ) from None
    policy = facts["maxmemory_policy"]
    if policy != "noeviction":
        raise BadInput(
            "The Redis server may throw keys away (maxmemory-policy {policy}): "
            "set maxmemory-policy noeviction there.",
            policy=policy,
        )
    if not facts["aof_enabled"]:
        log.warning(
            "the Redis server keeps no append-only file: after its restart wake-ups wait for the relay, "
            "set appendonly yes to avoid that"
        )


def make_broker(client: redis.Redis) -> RedisBroker:
    """The broker without its actors.

    No Retries middleware: whether something is tried again is decided by the tables, and the relay sends it.
    """
    return RedisBroker(  # type: ignore[no-untyped-call]  # Dramatiq leaves it untyped
        client=client,
        middleware=[TimeLimit(time_limit=LONGEST_RUN_MS), LogContext(), EndWithParent()],
        maintenance_chance=MAINTENANCE_CHANCE,
        heartbeat_timeout=HEARTBEAT_TIMEOUT_MS,
        namespace="pacesetter",
    )
