"""A sandbox for each test, the clients that talk to it, and a look at all that it sent."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient

from sandbox.client import Operator, Person
from sandbox.server import Sandbox
from sandbox.slack import Timing
from tests.sandbox.builders import ADA, APP_TOKEN, BEN, BOT_TOKEN, a_manifest, a_workspace
from tests.sandbox.contracts import Contracts
from tests.sandbox.http_apps import Answer, HttpApp
from tests.sandbox.waiting import PATIENCE_S, PATIENT, hang_up, until

# Slack's waits where a test does not look at them.
QUICK = replace(PATIENT, event_retries=(0.0, 0.05), file_processing=0.0)
# For tests in which nobody acknowledges.
IMPATIENT = Timing(acknowledgement=0.2, event_retries=(0.0, 0.05))


class SetClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def set_clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def contracts_if_there() -> Contracts | None:
    folder = Path(os.environ.get("PACESETTER_SHARED", "../shared")) / "slack-contracts"
    return Contracts(folder) if folder.is_dir() else None


@pytest.fixture(scope="session")
def contracts(shared: Path) -> Contracts:
    return Contracts(shared / "slack-contracts")


@pytest.fixture
def start(contracts_if_there: Contracts | None) -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes; at the end, what they sent is checked against Slack's types."""
    running: list[Sandbox] = []

    def begin(
        manifest: dict[str, Any] | None = None, *, workspace: dict[str, Any] | None = None, **options: Any
    ) -> Sandbox:
        made = Sandbox(workspace or a_workspace(), manifest or a_manifest(), **({"timing": QUICK} | options))
        running.append(made.run_in_thread())
        return made

    yield begin
    for sandbox in running:
        sandbox.close()
        if contracts_if_there is not None:
            contracts_if_there.check_traffic(sandbox.slack.traffic.after(0))


@pytest.fixture
def sandbox(start: Callable[..., Sandbox]) -> Sandbox:
    return start()


@pytest.fixture
def api(sandbox: Sandbox) -> WebClient:
    return web_client(sandbox)


@pytest.fixture
def operator(sandbox: Sandbox) -> Operator:
    return Operator(sandbox.url)


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, ADA)


@pytest.fixture
def ben(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, BEN)


@pytest.fixture
def http_app() -> Iterator[Callable[[Answer], HttpApp]]:
    """Start apps that are called over HTTP."""
    made: list[HttpApp] = []

    def make(answer: Answer) -> HttpApp:
        made.append(HttpApp(answer))
        return made[-1]

    yield make
    for app in made:
        app.close()


def web_client(sandbox: Sandbox, token: str | None = BOT_TOKEN) -> WebClient:
    """A client that does not retry, so that a test sees the first answer."""
    return WebClient(token=token, base_url=sandbox.api_url, retry_handlers=[], timeout=PATIENCE_S)


def leave(sandbox: Sandbox, client: SocketModeClient) -> None:
    """Close a client at once: by itself it first waits 3 s for a last message, then 1 s for its queue."""
    client.auto_reconnect_enabled = False
    Operator(sandbox.url).disconnect()
    until(lambda: not client.is_connected())  # two threads closing one socket trip over each other
    client.message_processor.event.set()
    client.message_queue.put(None)
    hang_up(client)


@pytest.fixture
def connect() -> Iterator[Callable[[Sandbox, App], SocketModeHandler]]:
    """Connect an unmodified Bolt app by Socket Mode."""
    connected: list[tuple[Sandbox, SocketModeHandler]] = []

    def open_connection(sandbox: Sandbox, app: App) -> SocketModeHandler:
        before = sandbox.slack.socket_mode.connection_count
        handler = SocketModeHandler(app, app_token=APP_TOKEN)
        connected.append((sandbox, handler))
        handler.connect()
        until(lambda: sandbox.slack.socket_mode.connection_count == before + 1)
        return handler

    yield open_connection
    for sandbox, handler in connected:
        leave(sandbox, handler.client)


@pytest.fixture
def bolt(sandbox: Sandbox) -> App:
    """An app for the test to put its listeners on; see `connect`."""
    return App(client=web_client(sandbox), process_before_response=True)
