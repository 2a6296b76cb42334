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
        self.refusal: tuple[int, str] | None = None
        """What they answer instead of taking it: status and Slack's word."""


@contextmanager
def response_urls() -> Iterator[ResponseUrls]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            urls.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, word = urls.refusal or (200, "ok")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(word.encode())

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
