"""Apps that Slack calls over HTTP: an unmodified Bolt app, and a bare one that keeps the requests."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs

from slack_bolt import App, BoltRequest, BoltResponse

from tests.sandbox.waiting import until


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers["content-type"]

    def fields(self) -> dict[str, str]:
        """A form's fields."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), True).items()}

    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    def is_challenge(self) -> bool:
        return self.content_type == "application/json" and self.json()["type"] == "url_verification"


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: str = ""
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()


Answer = Callable[[Received], Reply]


class HttpApp:
    """Listens on a free port until `close`. What came is kept, the handshake apart."""

    def __init__(self, answer: Answer) -> None:
        self.received: list[Received] = []
        self.challenges: list[Received] = []
        self._answer = answer
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def take(self, request: Received) -> Reply:
        if request.is_challenge():
            self.challenges.append(request)
        else:
            self.received.append(request)
        return self._answer(request)

    def wait_for(self, count: int) -> list[Received]:
        until(lambda: len(self.received) >= count)
        return self.received

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def bolt_answer(app: App) -> Answer:
    """An unmodified Bolt app answers."""

    def answer(request: Received) -> Reply:
        made: BoltResponse = app.dispatch(
            BoltRequest(
                body=request.body.decode(), headers=cast(dict[str, str | list[str]], dict(request.headers))
            )
        )
        return Reply(made.status, made.body, made.headers.get("content-type", ["text/plain"])[0])

    return answer


def acknowledging(answer: Answer = lambda request: Reply()) -> Answer:
    """A bare app that passes the handshake and answers the rest so."""
    return lambda request: challenge_answer(request) if request.is_challenge() else answer(request)


def challenge_answer(request: Received) -> Reply:
    return Reply(body=request.json()["challenge"])


def _handler_for(app: HttpApp) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = app.take(Received(self.path, headers, body))
            try:
                self._send(reply)
            except ConnectionError:
                return  # Slack waits no longer

        def _send(self, reply: Reply) -> None:
            content = reply.body.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(content)))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server names it
            return

    return Handler


def free_url() -> str:
    """Where nobody listens."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/slack/events"
