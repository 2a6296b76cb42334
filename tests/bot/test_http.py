"""The bot over HTTP: the same behind an ASGI and a WSGI server."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import uvicorn

from bot.app import PacesetterApp
from bot.http.asgi import as_asgi
from bot.http.site import LARGEST_BODY
from cli.demo.processes import free_port
from domain.health import Check, Health, NotReady
from tests.bot.calling import Caller
from tests.bot.http_calls import FORM, JSON, SERVERS, a_site, signed_headers


def not_connected() -> None:
    raise NotReady("not connected to Slack")


@pytest.fixture
def health() -> Health:
    return Health([])


@pytest.fixture(params=SERVERS)
def url(request: pytest.FixtureRequest, app: PacesetterApp, health: Health) -> Iterator[str]:
    """The bot's address."""
    with SERVERS[request.param](a_site(app, health)) as address:
        yield address


def post(url: str, body: bytes, headers: dict[str, str] | None = None) -> requests.Response:
    given = signed_headers(body) if headers is None else headers
    return requests.post(f"{url}/slack/events", data=body, headers=given, timeout=10)


def test_a_signed_command_is_answered_in_the_response(url: str, caller: Caller):
    answer = post(url, caller.command_body("E1", "/myscore", "last month").encode())

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["text"] == "June 2026: score 98, tier A"
    assert len(answer.headers["x-request-id"]) == 12


def test_text_beyond_ascii_arrives_and_leaves_as_it_is(url: str, caller: Caller):
    body = caller.command_body("W1", "/myscore", "上个月").encode()

    assert "2026年6月" in post(url, body).json()["text"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"x-slack-signature": "v0=0"}, 401),
        ({"x-slack-request-timestamp": "yesterday"}, 401),
        ({"x-slack-request-timestamp": ""}, 401),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": ""}, 415),
    ],
)
def test_what_is_not_as_slack_sends_it_is_refused(
    url: str, caller: Caller, changed: dict[str, str], status: int
):
    body = caller.command_body("E1", "/myscore").encode()

    assert post(url, body, signed_headers(body) | changed).status_code == status


def test_a_request_that_is_five_minutes_old_is_refused(url: str, caller: Caller):
    body = caller.command_body("E1", "/myscore").encode()

    assert post(url, body, signed_headers(body, at=str(int(time.time()) - 301))).status_code == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", JSON),
        (b"[1, 2]", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b"\xff\xfe", FORM),
        (b"payload=nonsense", FORM),
        (b"payload=[]", FORM),
        (b"[" * 200_000, JSON),
        (b'{"type": "event_callback", "authorizations": 5}', JSON),
    ],
    ids=["cut", "list", "text", "null", "bytes", "payload", "payload list", "deep", "shape"],
)
def test_a_body_that_slack_would_never_send_is_a_bad_request(url: str, body: bytes, content_type: str):
    assert post(url, body, signed_headers(body, content_type)).status_code == 400


def test_a_body_that_is_too_large_is_not_taken(url: str):
    body = b"x" * (LARGEST_BODY + 1)

    assert post(url, body).status_code == 413


def test_a_body_of_unknown_length_is_not_read_beyond_the_limit(url: str):
    chunks = (b"x" * 65536 for _ in range(64))

    try:
        status = requests.post(
            f"{url}/slack/events", data=chunks, headers={"content-type": FORM}, timeout=10
        ).status_code
    except requests.ConnectionError:
        return  # the server hung up while we were still talking
    assert status in (401, 413)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/slack/events/", 404),
        ("POST", "/slack/install", 404),
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("POST", "/ready", 405),
    ],
)
def test_there_are_no_other_paths_and_methods(url: str, method: str, path: str, status: int):
    answer = requests.request(method, url + path, timeout=10)

    assert answer.status_code == status
    assert answer.json()["error"] in ("not found", "method not allowed")
    assert ("allow" in answer.headers) == (status == 405)


def test_the_status_pages_are_served_beside_slacks(url: str, health: Health, caller: Caller):
    post(url, caller.command_body("E1", "/myscore").encode())

    assert requests.get(f"{url}/health", timeout=10).json() == {"alive": True}
    assert requests.get(f"{url}/ready", timeout=10).json() == {"ready": True, "problems": {}, "warnings": {}}
    figures = requests.get(f"{url}/metrics", timeout=10).text
    assert 'pacesetter_requests_total{status="200",what="/myscore"}' in figures
    head = requests.head(f"{url}/ready", timeout=10)
    assert (head.status_code, head.text) == (200, "")


def test_a_bot_that_stops_says_so_and_still_answers(url: str, health: Health, caller: Caller):
    health.stop()

    assert requests.get(f"{url}/ready", timeout=10).status_code == 503
    assert post(url, caller.command_body("E1", "/myscore").encode()).status_code == 200


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_in_socket_mode_only_the_status_pages_are_there(server, app: PacesetterApp, caller: Caller):
    health = Health([Check("connection", not_connected, otherwise="?")])
    body = caller.command_body("E1", "/myscore").encode()

    with server(a_site(app, health, takes_requests=False)) as url:
        assert post(url, body).status_code == 404
        answer = requests.get(f"{url}/ready", timeout=10)

    assert (answer.status_code, answer.json()["problems"]) == (503, {"connection": "not connected to Slack"})


def test_a_body_that_does_not_come_is_not_waited_for(app: PacesetterApp):
    async def ask() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(60)
            raise AssertionError("nobody waits that long")

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/slack/events",
            "query_string": b"",
            "headers": [],
        }
        await as_asgi(a_site(app), body_within_s=0.05)(scope, receive, send)  # type: ignore[arg-type]  # simplified
        return sent

    assert asyncio.run(ask())[0]["status"] == 408


def test_a_foreign_server_that_ends_waits_for_what_has_begun(app: PacesetterApp):
    """This one gives a request up after a second; the thread that works on it still needs the database."""
    told: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        assert may_end.wait(10)
        told.append("answered")

    site = a_site(app, Health([Check("slow", slowly, otherwise="?")]))
    asgi = as_asgi(site, stops=lambda: told.append("stops"), has_stopped=lambda: told.append("closed"))
    port = free_port(0)
    server = uvicorn.Server(
        uvicorn.Config(asgi, port=port, log_config=None, lifespan="on", timeout_graceful_shutdown=1)
    )
    serving = threading.Thread(target=server.run)
    serving.start()
    with ThreadPoolExecutor(1) as pool:
        wait_until(lambda: server.started)
        asking = pool.submit(requests.get, f"http://127.0.0.1:{port}/ready", timeout=10)
        assert begun.wait(10)
        server.should_exit = True
        wait_until(lambda: told == ["stops"])
        may_end.set()
        serving.join(10)
        asking.exception(timeout=10)

    assert told == ["stops", "answered", "closed"]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)
