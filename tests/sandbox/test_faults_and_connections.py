"""Slack on a bad day: lost replies, slowness, 429, repeated and unacknowledged deliveries, lost lines."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.client import Operator, Person, RefusedError
from sandbox.server import Sandbox
from sandbox.slack import Timing
from tests.sandbox.builders import ADA, APP_TOKEN
from tests.sandbox.conftest import IMPATIENT, leave, web_client
from tests.sandbox.waiting import PATIENCE_S, PATIENT, until

Connect = Callable[[Sandbox, App], SocketModeHandler]


def test_a_call_whose_reply_is_lost_is_carried_out(api: WebClient, operator: Operator, ada: Person) -> None:
    operator.faults(lose_replies=1, methods=["chat.postMessage"])

    with pytest.raises((RemoteDisconnected, ConnectionError)):
        api.chat_postMessage(channel=ADA, text="Did it arrive?")

    assert [one["text"] for one in ada.messages()] == ["Did it arrive?"]
    assert api.auth_test()["ok"], "other methods are not touched"
    assert operator.traffic()[0]["status"] == "reply lost"


def test_the_same_seed_loses_the_same_replies(start: Callable[..., Sandbox]) -> None:
    def lost(seed: int) -> list[bool]:
        sandbox = start(seed=seed)
        Operator(sandbox.url).faults(lose_replies=0.5)
        api, outcomes = web_client(sandbox), []
        for _ in range(12):
            try:
                api.auth_test()
                outcomes.append(False)
            except (RemoteDisconnected, ConnectionError):
                outcomes.append(True)
        return outcomes

    assert lost(1) == lost(1)
    assert {True, False} == set(lost(1))


def test_slow_answers(api: WebClient, operator: Operator) -> None:
    operator.faults(slow_ms=150)

    started = time.monotonic()
    api.auth_test()

    assert time.monotonic() - started >= 0.15


def test_the_next_calls_are_too_many(api: WebClient, operator: Operator, ada: Person) -> None:
    operator.faults(rate_limit_next=1, retry_after=7)

    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel=ADA, text="refused")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert ada.messages() == []
    assert api.chat_postMessage(channel=ADA, text="accepted")["ok"]
    # and the inspector shows how long the app was asked to wait
    refused, accepted = (one for one in operator.traffic() if one["method"] == "chat.postMessage")
    assert (refused["status"], refused["headers"]) == (429, {"Retry-After": "7"})
    assert accepted["headers"] == {}


@pytest.mark.parametrize(
    ("switches", "sentence"),
    [
        ({"explode": 1}, "There is no fault switch 'explode'"),
        ({"lose_replies": 1.5}, "lose_replies is a share between 0 and 1, not 1.5"),
        ({"slow_ms": -1}, "slow_ms is a whole number from 0 up, not -1"),
        ({"rate_limits": "no"}, "rate_limits is true or false, not 'no'"),
        ({"methods": "all"}, "methods is a list of methods, or null, not 'all'"),
        ({"methods": ["chat.postMesage"]}, "There is no method chat.postMesage here"),
        ({"limits": {"users.inf": 3}}, "There is no method users.inf here"),
    ],
)
def test_a_switch_that_cannot_be_set(operator: Operator, switches: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        operator.faults(**switches)


def test_an_envelope_that_comes_twice(
    sandbox: Sandbox, bolt: App, connect: Connect, operator: Operator, ada: Person
) -> None:
    triggers: list[str] = []

    @bolt.command("/hello")
    def hello(ack: Ack, command: dict[str, Any]) -> None:
        triggers.append(command["trigger_id"])
        ack("Hello")

    connect(sandbox, bolt)
    operator.faults(repeat_deliveries=1)

    answers = ada.command("/hello")

    until(lambda: len(triggers) == 2)
    assert triggers[0] == triggers[1]
    assert len(answers) == 1


class BareClient:
    """A Socket Mode client that acknowledges only when told to."""

    def __init__(self, sandbox: Sandbox, *, acknowledge: Callable[[SocketModeRequest], bool]) -> None:
        self.requests: list[SocketModeRequest] = []
        self._acknowledge = acknowledge
        self._sandbox = sandbox
        self.client = SocketModeClient(APP_TOKEN, web_client=web_client(sandbox), ping_interval=1)
        self.client.socket_mode_request_listeners.append(self._receive)
        before = sandbox.slack.socket_mode.connection_count
        self.client.connect()
        until(lambda: sandbox.slack.socket_mode.connection_count == before + 1)

    def _receive(self, client: Any, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if self._acknowledge(request):
            client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    def close(self) -> None:
        leave(self._sandbox, self.client)


@pytest.fixture
def bare() -> Any:
    clients: list[BareClient] = []

    def make(
        sandbox: Sandbox, acknowledge: Callable[[SocketModeRequest], bool] = lambda request: True
    ) -> BareClient:
        clients.append(BareClient(sandbox, acknowledge=acknowledge))
        return clients[-1]

    yield make
    for client in clients:
        client.client.auto_reconnect_enabled = False  # one that leaves drops the lines of all
    for client in clients:
        client.close()


def test_an_event_comes_again_until_it_is_acknowledged(start: Callable[..., Sandbox], bare: Any) -> None:
    sandbox = start(timing=IMPATIENT)
    client = bare(sandbox, lambda request: request.retry_attempt == 2)

    Person(sandbox.url, ADA).say("Hello?")

    until(lambda: len(client.requests) == 3)
    assert [one.retry_attempt for one in client.requests] == [0, 1, 2]
    assert [one.retry_reason for one in client.requests] == ["", "timeout", "timeout"]
    assert len({one.payload["event_id"] for one in client.requests}) == 1
    assert len({one.envelope_id for one in client.requests}) == 3


def test_an_event_waits_for_an_app_that_is_away_for_a_moment(
    start: Callable[..., Sandbox], bare: Any
) -> None:
    sandbox = start(timing=replace(PATIENT, event_retries=[0.1] * 500))
    Person(sandbox.url, ADA).say("Anyone?")

    client = bare(sandbox)

    until(lambda: client.requests)
    assert client.requests[0].retry_reason == "connection_failed"


def test_each_envelope_goes_to_one_connection_in_turn(sandbox: Sandbox, bare: Any, ada: Person) -> None:
    clients = [bare(sandbox), bare(sandbox)]

    for number in range(6):
        ada.say(str(number))

    until(lambda: sum(len(one.requests) for one in clients) == 6)
    assert [len(one.requests) for one in clients] == [3, 3]


@pytest.mark.parametrize("reason", [None, "warning", "refresh_requested"])
def test_an_app_comes_back_after_a_disconnect(
    sandbox: Sandbox, bare: Any, operator: Operator, ada: Person, reason: str | None
) -> None:
    client = bare(sandbox)
    first = client.client.session_id()

    operator.disconnect(reason)

    until(lambda: client.client.session_id() != first and client.client.is_connected())
    ada.say("Are you there?")
    until(lambda: client.requests)


async def told_until_closed(url: str) -> list[str]:
    """The reasons that a connection is given to leave, until it is closed."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        messages = [message.json() async for message in socket]
    return [one["reason"] for one in messages if one["type"] == "disconnect"]


@pytest.mark.parametrize("by_itself", [False, True])
def test_a_connection_is_refreshed_after_a_warning(start: Callable[..., Sandbox], by_itself: bool) -> None:
    sandbox = start(timing=Timing(refresh_warning=0.3))
    operator = Operator(sandbox.url)
    operator.faults(refresh_after_s=1 if by_itself else 0)
    url = web_client(sandbox).apps_connections_open(app_token=APP_TOKEN)["url"]
    with ThreadPoolExecutor() as elsewhere:
        told = elsewhere.submit(asyncio.run, told_until_closed(url))
        if not by_itself:
            until(lambda: sandbox.slack.socket_mode.connection_count)
            operator.disconnect("warning")

        assert told.result(PATIENCE_S) == ["warning", "refresh_requested"]
    until(lambda: sandbox.slack.socket_mode.connection_count == 0)


def test_no_more_than_ten_connections(sandbox: Sandbox, bare: Any) -> None:
    Operator(sandbox.url).faults(rate_limits=False)  # opening so many at once is Tier 1
    for _ in range(10):
        bare(sandbox)
    api = web_client(sandbox)
    url = urlsplit(api.apps_connections_open(app_token=APP_TOKEN)["url"])

    connection = HTTPConnection("127.0.0.1", sandbox.port)
    connection.request("GET", f"{url.path}?{url.query}")

    assert connection.getresponse().status == 429
    connection.close()


def test_a_connection_url_works_once(sandbox: Sandbox) -> None:
    api = web_client(sandbox)
    url = urlsplit(api.apps_connections_open(app_token=APP_TOKEN)["url"])
    statuses = []
    for _ in range(2):
        connection = HTTPConnection("127.0.0.1", sandbox.port)
        connection.request("GET", f"{url.path}?{url.query}")
        statuses.append(connection.getresponse().status)
        connection.close()

    # The first is let through to the WebSocket handshake, which this client does not speak.
    assert statuses == [400, 403]
