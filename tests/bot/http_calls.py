"""The bot over HTTP, behind each kind of server it may stand behind, and requests as Slack signs them."""

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bot.app import PacesetterApp
from bot.http.server import served
from bot.http.site import EVENTS_PATH, Request, Site
from bot.http.wsgi import WsgiSite
from cli.demo.processes import free_port
from domain.health import Health
from domain.status_site import StatusSite
from tests.bot.calling import SECRET

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def a_site(app: PacesetterApp, health: Health | None = None, *, takes_requests: bool = True) -> Site:
    return Site(app, StatusSite(health or Health([])), takes_requests=takes_requests)


def signed_headers(
    body: bytes, content_type: str = FORM, at: str | None = None, secret: str = SECRET
) -> dict[str, str]:
    timestamp = at or str(int(time.time()))
    signed = b"v0:" + timestamp.encode() + b":" + body
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest(),
    }


def a_request(body: bytes, content_type: str = FORM) -> Request:
    return Request("POST", EVENTS_PATH, headers=signed_headers(body, content_type), body=body)


@contextmanager
def behind_uvicorn(site: Site, port: int | None = None) -> Iterator[str]:
    port = port or free_port(0)
    with served(site, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def behind_wsgiref(site: Site) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, WsgiSite(site), server_class=_Threads, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


SERVERS = {"asgi": behind_uvicorn, "wsgi": behind_wsgiref}


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """The test runner's output is no place for it."""
