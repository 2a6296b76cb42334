"""A shop's server on a real port: pages of deals in every manner, and a bad day whenever a test says so."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LARGEST_PAGE = 3
"""Whatever one asks for."""


@dataclass(frozen=True)
class Asked:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Fault:
    """What happens to one request instead of an answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut_after: int | None = None
    """Bytes, of an answer that promises more."""
    drips: float | None = None
    """Seconds between two bytes."""


class FakeShop:
    def __init__(self) -> None:
        self.deals: list[Any] = []
        self.asked: list[Asked] = []
        self.faults: deque[Fault] = deque()
        self.always: Fault | None = None
        """Happens to every request."""
        self.token: str | None = None
        """What requests must carry, as the header Authorization."""
        self.address = ""

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    def queries(self) -> list[dict[str, str]]:
        return [asked.query for asked in self.asked]

    def answer(self, asked: Asked) -> tuple[Any, dict[str, str]]:
        """The body and headers of a request that nothing happens to."""
        deals = [deal for deal in self.deals if _is_new(deal, asked.query.get("updated_after"))]
        match asked.path:
            case "/all":
                return {"data": {"deals": deals}}, {}
            case "/page":
                start = (int(asked.query["page"]) - 1) * LARGEST_PAGE
            case "/offset":
                start = int(asked.query["offset"])
            case _:
                start = int(asked.query.get("cursor", asked.query.get("from", "0")))
        page = deals[start : start + LARGEST_PAGE]
        end = start + len(page)
        has_more = end < len(deals)
        body: dict[str, Any] = {"data": {"deals": page}}
        match asked.path:
            case "/cursor":
                body["next_cursor"] = end if has_more else None
            case "/stream":  # always says where to go on
                body |= {"next_cursor": end, "has_more": has_more}
            case "/next":
                body["@odata.nextLink"] = f"/next?from={end}" if has_more else None
            case "/link" if has_more:
                return body, {"Link": f'<{self.url("/link")}?from={end}>; rel="next"'}
        return body, {}


def _is_new(deal: Any, after: str | None) -> bool:
    return after is None or deal["updated_at"] >= after


class Handler(BaseHTTPRequestHandler):
    shop: FakeShop

    def do_GET(self) -> None:
        shop = self.shop
        parts = urlsplit(self.path)
        asked = Asked(parts.path, dict(parse_qsl(parts.query)), dict(self.headers))
        shop.asked.append(asked)
        fault = shop.always or (shop.faults.popleft() if shop.faults else None)
        if fault is not None:
            self._fail(fault)
        elif shop.token is not None and asked.headers.get("Authorization") != shop.token:
            self._send(401, {}, b'{"error": "who are you?"}')
        else:
            body, headers = shop.answer(asked)
            self._send(200, headers, json.dumps(body).encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Fault) -> None:
        if fault.cut_after is not None:
            self._send(200, {}, b'{"data": '[: fault.cut_after], length=1000)
            self.close_connection = True
        elif fault.drips is not None:
            self._send(200, {}, b"", length=1000)
            self._drip(fault.drips)
        else:
            self._send(fault.status, fault.headers, fault.body)

    def _drip(self, seconds: float) -> None:
        try:
            for _ in range(1000):
                self.wfile.write(b" ")
                time.sleep(seconds)
        except OSError:  # the other side has had enough
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quietly."""


@contextmanager
def open_shop() -> Iterator[FakeShop]:
    shop = FakeShop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("HandlerOfShop", (Handler,), {"shop": shop}))
    server.daemon_threads = True
    shop.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
