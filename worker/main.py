"""What `dramatiq worker.main` loads in each worker process; `python -m worker` starts it with our options."""

import sys

import dramatiq

from domain import logs
from domain.errors import BadInput
from domain.services import make_services
from domain.settings import Settings
from worker.broker import redis_client
from worker.wiring import make_worker, slack_client

try:
    settings = Settings.from_environment()
    logs.configure(settings.log_level)
    broker = make_worker(make_services(settings), redis_client(settings), slack_client(settings))
except BadInput as problem:
    sys.exit(str(problem))

dramatiq.set_broker(broker)
