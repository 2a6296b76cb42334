"""`python -m worker.intake`: takes deliveries until it is told to stop, and answers those under way first."""

import sys
import threading

import structlog
import uvicorn

from domain.errors import BadInput
from domain.listening import listen
from domain.settings import Settings
from domain.stopping import when_told_to_stop
from worker.intake.wiring import create

DEFAULT_PORT = 3001
MOST_AT_ONCE = 64
"""Requests; who comes when there are more is told to try again."""
FINISHES_WITHIN_S = 20

log = structlog.get_logger()


def main() -> None:
    try:
        http = Settings.from_environment().http
        listening = listen(http.host, http.intake_port or DEFAULT_PORT, "PACESETTER_INTAKE_PORT")
        app = create()
    except BadInput as problem:
        sys.exit(str(problem))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # each delivery has a line of its own
        server_header=False,
        ws="none",
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=FINISHES_WITHIN_S,
    )
    server = uvicorn.Server(config)

    def stop() -> None:
        server.should_exit = True

    when_told_to_stop(stop)
    # In a thread: in the main one uvicorn would take the signals, and end the process by them.
    thread = threading.Thread(target=server.run, args=([listening],), name="http")
    thread.start()
    log.info("the intake is ready", port=listening.getsockname()[1])
    thread.join()
    log.info("the intake has stopped")


if __name__ == "__main__":
    main()
