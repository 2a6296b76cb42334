"""What `dramatiq` loads in the kill test: a worker as ever, but with leases short enough to wait for."""

import dramatiq

from bot.delivery import delivery_client
from domain import logs
from domain.services import make_services
from domain.settings import Settings
from worker.broker import redis_client
from worker.wiring import Timing, make_worker

QUICK = Timing(job_lease_ms=3_000, post_lease_ms=3_000, between_messages_ms=1)

settings = Settings.from_environment()
logs.configure(settings.log_level)
services = make_services(settings)
broker = make_worker(services, redis_client(settings), delivery_client(services), QUICK)
dramatiq.set_broker(broker)
