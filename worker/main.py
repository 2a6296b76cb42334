"""What `dramatiq worker.main` loads in each worker process; `python -m worker` starts it with our options."""

import sys

import dramatiq

from bot.delivery import delivery_client
from domain import logs
from domain.errors import BadInput
from domain.services import make_services
from domain.settings import Settings
from worker.broker import redis_client
from worker.status import StatusPages
from worker.wiring import make_worker

try:
    settings = Settings.from_environment()
    settings.require_token()
    logs.configure(settings.log_level, settings.log_format, settings.secrets)
    services = make_services(settings)
    broker = make_worker(services, redis_client(settings), delivery_client(services))
    if settings.http.worker_port is not None:
        broker.add_middleware(StatusPages())
except BadInput as problem:
    sys.exit(str(problem))

dramatiq.set_broker(broker)
