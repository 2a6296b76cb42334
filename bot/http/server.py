"""The server that `python -m bot` brings along: uvicorn, in a thread beside the one that gets the signals."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.http.asgi import as_asgi
from bot.http.site import Site
from domain.listening import listen

FINISHES_WITHIN_S = 20
"""For requests that run when the process is told to stop; supervisors commonly wait 30 s before they kill."""
KEPT_OPEN_S = 75
"""Idle connections: longer than proxies keep theirs, so that the proxy is the one that closes."""


@contextmanager
def served(site: Site, host: str, port: int) -> Iterator[None]:
    """Serve the site within. At the end no connection is accepted any more, and what runs is finished.

    Raises BadInput where the port cannot be had.
    """
    listening = listen(host, port, "PACESETTER_HTTP_PORT")
    config = uvicorn.Config(
        as_asgi(site),
        log_config=None,
        access_log=False,  # dispatch has a line for each request
        server_header=False,
        ws="none",
        timeout_keep_alive=KEPT_OPEN_S,
        timeout_graceful_shutdown=FINISHES_WITHIN_S,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="http")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
