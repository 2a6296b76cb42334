"""Slack's response URLs, served for real: what the app puts in the place of a message arrives here."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class ResponseUrls:
    def __init__(self, address: str) -> None:
        self.address = address
        self.received: list[dict[str, Any]] = []
        self.expired = False
        """Whether they answer as those whose half hour is over."""


@contextmanager
def response_urls() -> Iterator[ResponseUrls]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            urls.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(404 if urls.expired else 200)
            self.end_headers()
            self.wfile.write(b"expired_url" if urls.expired else b"ok")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        urls = ResponseUrls(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield urls
        finally:
            server.shutdown()
            thread.join()
