"""`/health`, `/ready` and `/metrics`: what a process tells of itself over HTTP, to whoever runs it."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client.registry import Collector

from domain import telemetry
from domain.health import Health
from domain.listening import cannot_listen

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

JSON = "application/json"


@dataclass(frozen=True)
class Page:
    status: int
    content_type: str
    body: bytes


class StatusSite:
    """The three pages; as it stands a WSGI application."""

    def __init__(self, health: Health, collectors: Sequence[Collector] = ()) -> None:
        self._health = health
        self._collectors = collectors

    def page(self, path: str) -> Page | None:
        """None where the path is none of the three."""
        match path:
            case "/health":
                return _json(HTTPStatus.OK, {"alive": True})
            case "/ready":
                found = self._health.look()
                status = HTTPStatus.SERVICE_UNAVAILABLE if found.problems else HTTPStatus.OK
                return _json(status, {"ready": not found.problems, **asdict(found)})
            case "/metrics":
                body = telemetry.exposition(self._collectors)
                return Page(HTTPStatus.OK, telemetry.CONTENT_TYPE, body)
        return None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        page = self.page(environ.get("PATH_INFO", "")) or _json(HTTPStatus.NOT_FOUND, {"error": "not found"})
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            page = _json(HTTPStatus.METHOD_NOT_ALLOWED, {"error": "method not allowed"})
        status = HTTPStatus(page.status)
        headers = [("Content-Type", page.content_type), ("Content-Length", str(len(page.body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else page.body]


@contextmanager
def served(site: StatusSite, host: str, port: int, setting: str) -> Iterator[int]:
    """Serve the site within, in threads of its own; gives the port, which for 0 is any free one.

    Raises BadInput, naming the `setting`, where the port cannot be had.
    """
    try:
        server = make_server(host, port, site, server_class=_Server, handler_class=_Silent)
    except OSError as problem:
        raise cannot_listen(host, port, setting, problem) from None
    thread = threading.Thread(target=server.serve_forever, name="status", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    timeout = 10
    """Seconds after which a connection that says nothing is closed."""

    def log_message(self, *_: object) -> None:
        """Probes come every few seconds: a line each would bury the rest."""


def _json(status: HTTPStatus, body: dict[str, object]) -> Page:
    return Page(status, JSON, json.dumps(body).encode())
