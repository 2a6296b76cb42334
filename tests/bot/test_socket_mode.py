"""The connection in Socket Mode: whatever becomes of a line, there is another one, and no answer is lost."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.interval_runner import IntervalRunner

from bot.app import PacesetterApp, create_app
from bot.socket_mode import Connection, Line
from domain.health import NotReady
from domain.services import Services
from domain.settings import Settings
from sandbox.client import Operator, Person, RefusedError
from sandbox.server import Sandbox
from tests.sandbox.waiting import PATIENCE_S, PATIENT

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.json"
PEOPLE = ("E1", "E2", "E3")
WORKSPACE: dict[str, Any] = {
    "app": {"id": "A0APP", "name": "Pacesetter", "bot_user_id": "U0BOT", "bot_id": "B0BOT"},
    "tokens": {"bot": "xoxb-socket", "app": "xapp-socket"},
    "users": [
        {"id": f"U0{one}", "name": one, "real_name": one, "email": f"{one}@example.com"} for one in PEOPLE
    ],
    "channels": [{"id": "C0GENERAL", "name": "general", "members": ["U0E1", "U0E2", "U0E3", "U0BOT"]}],
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(WORKSPACE, MANIFEST, timing=PATIENT).run_in_thread() as running:
        yield running


@pytest.fixture
def operator(sandbox: Sandbox) -> Operator:
    return Operator(sandbox.url)


@pytest.fixture
def connected_app(services: Services, sandbox: Sandbox) -> PacesetterApp:
    settings = Settings.from_environment({"SLACK_BOT_TOKEN": "xoxb-socket", "SLACK_API_URL": sandbox.api_url})
    return create_app(replace(services, settings=settings))


@pytest.fixture
def connection(connected_app: PacesetterApp, operator: Operator) -> Iterator[Connection]:
    opened = Connection(connected_app, "xapp-socket")
    opened.open()
    operator.wait_for_app()
    yield opened
    opened.finish()


def is_ready(connection: Connection) -> bool:
    try:
        connection.check().ask()
    except NotReady:
        return False
    return True


def ask(sandbox: Sandbox, employee_id: str) -> str:
    """The answer, or why there is none."""
    try:
        (answer,) = Person(sandbox.url, f"U0{employee_id}").command("/myscore help", "general")
    except RefusedError as problem:
        return f"no answer: {problem}"
    return "answered" if "/myscore" in str(answer["blocks"]) else str(answer)


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)


@pytest.mark.usefixtures("connection")
def test_while_slack_renews_lines_every_question_is_answered(sandbox: Sandbox, operator: Operator):
    answers: list[str] = []
    ended = threading.Event()

    def ask_on(employee_id: str) -> None:
        while not ended.is_set():
            answers.append(ask(sandbox, employee_id))

    asking = [threading.Thread(target=ask_on, args=(one,)) for one in PEOPLE]
    for one in asking:
        one.start()
    for _ in range(3):
        time.sleep(0.4)
        operator.disconnect("warning")
    wait_until(lambda: len(answers) > 20)
    ended.set()
    for one in asking:
        one.join()

    assert set(answers) == {"answered"}


@pytest.mark.parametrize("reason", [None, "refresh_requested"])
def test_a_line_that_is_closed_is_replaced_at_once(
    connection: Connection, sandbox: Sandbox, operator: Operator, reason: str | None
):
    operator.disconnect(reason)

    wait_until(lambda: operator.workspace()["app"]["connections"] == 1, seconds=8)
    wait_until(lambda: is_ready(connection), seconds=8)
    assert ask(sandbox, "E1") == "answered"


@pytest.mark.usefixtures("connection")
def test_a_warned_line_is_heard_until_slack_hangs_up(operator: Operator):
    operator.disconnect("warning")

    wait_until(lambda: operator.workspace()["app"]["connections"] == 2)


def test_what_is_being_answered_is_answered_before_the_end(
    connected_app: PacesetterApp, sandbox: Sandbox, operator: Operator
):
    begun = threading.Event()

    def slow_answer(body: dict[str, Any], next: Callable[[], None]) -> None:  # noqa: A002 - Bolt injects by name
        begun.set()
        time.sleep(1)
        next()

    connected_app.use(slow_answer)
    connection = Connection(connected_app, "xapp-socket")
    connection.open()
    operator.wait_for_app()
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(ask(sandbox, "E1")))
    asking.start()
    assert begun.wait(PATIENCE_S)

    connection.finish()
    asking.join()

    assert answers == ["answered"]
    assert operator.workspace()["app"]["connections"] == 0


def test_while_slack_takes_no_connection_the_bot_is_not_ready_and_tries_on(
    connection: Connection, sandbox: Sandbox, operator: Operator
):
    operator.faults(lose_replies=1.0, methods=["apps.connections.open"])
    operator.disconnect()
    wait_until(lambda: not is_ready(connection))

    operator.faults(lose_replies=0.0)

    wait_until(lambda: is_ready(connection))
    assert ask(sandbox, "E1") == "answered"


def test_a_token_that_slack_refuses_is_said_when_it_is_opened(connected_app: PacesetterApp):
    with pytest.raises(SlackApiError, match="invalid_auth"):
        Connection(connected_app, "xapp-wrong").open()


def test_lines_that_could_not_be_opened_leave_nothing_running(connected_app: PacesetterApp):
    def try_once() -> None:
        with pytest.raises(SlackApiError):
            Connection(connected_app, "xapp-wrong").open()

    try_once()
    before = threading.active_count()
    for _ in range(5):
        try_once()

    wait_until(lambda: threading.active_count() <= before)


def test_a_line_ends_although_its_receiver_forgot_that_it_was_told_to(connected_app: PacesetterApp):
    line = Line(connected_app, "xapp-socket", lambda *_: None, lambda _: None)
    line.current_session_runner.shutdown()
    told = line.current_session_state

    def forget_and_receive() -> None:
        wait_until(lambda: told.terminated)
        told.terminated = False  # as slack_sdk does when it begins to receive
        wait_until(lambda: told.terminated)

    line.current_session_runner = IntervalRunner(forget_and_receive).start()

    line.close()

    assert not line.current_session_runner.is_alive()
