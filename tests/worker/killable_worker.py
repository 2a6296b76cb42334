"""What `dramatiq` loads in the kill test: a worker as ever, but with leases short enough to wait for."""

import dramatiq

from domain import logs
from domain.services import make_services
from domain.settings import Settings
from worker.broker import redis_client
from worker.wiring import Timing, make_worker, slack_client

QUICK = Timing(job_lease_ms=3_000, post_lease_ms=3_000, between_messages_ms=1)

settings = Settings.from_environment()
logs.configure(settings.log_level)
broker = make_worker(make_services(settings), redis_client(settings), slack_client(settings), QUICK)
dramatiq.set_broker(broker)
