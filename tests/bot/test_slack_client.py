"""Slack's Web API as we call it: each call in the log and in the figures, and a little patience."""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.testing import capture_logs

from bot.delivery import delivery_client
from bot.slack_client import CLICK_TIMEOUT_S, client_for_answers
from domain.clock import FixedClock
from domain.database import Database
from domain.services import Services
from domain.settings import Settings
from sandbox.client import Operator
from sandbox.server import Sandbox

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.json"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(None, MANIFEST).run_in_thread() as running:
        yield running


@pytest.fixture
def slack_services(sandbox: Sandbox, sqlite_database: Database, clock: FixedClock) -> Services:
    environment = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": sandbox.api_url}
    return Services(Settings.from_environment(environment), sqlite_database, clock)


def counted(method: str, result: str) -> float:
    labels = {"method": method, "result": result}
    return REGISTRY.get_sample_value("pacesetter_slack_calls_total", labels) or 0.0


def test_a_call_is_told_of_under_the_id_of_what_it_belongs_to(slack_services: Services):
    before = counted("users.info", "ok"), counted("users.info", "user_not_found")
    client = client_for_answers(slack_services)

    with capture_logs(processors=[merge_contextvars]) as logs, bound_contextvars(correlation_id="click-1"):
        client.users_info(user="U0ADA")
        with pytest.raises(SlackApiError):
            client.users_info(user="U0NOBODY")

    told = [(one["method"], one["result"], one["correlation_id"]) for one in logs]
    assert told == [("users.info", "ok", "click-1"), ("users.info", "user_not_found", "click-1")]
    assert "U0ADA" not in str(logs)
    assert (counted("users.info", "ok"), counted("users.info", "user_not_found")) == (
        before[0] + 1,
        before[1] + 1,
    )


def test_a_call_that_reaches_nobody_is_counted_as_such(slack_services: Services, sandbox: Sandbox):
    before = counted("auth.test", "unreached")
    Operator(sandbox.url).faults(lose_replies=1.0)

    with pytest.raises(OSError, match=r".*"):
        delivery_client(slack_services).auth_test()

    assert counted("auth.test", "unreached") == before + 1


@pytest.mark.parametrize(
    ("make", "retry_after", "answered"),
    [(client_for_answers, 1, True), (client_for_answers, 30, False), (delivery_client, 1, False)],
    ids=["a person waits a second", "nobody waits for long", "deliveries come back later"],
)
def test_where_slack_asks_for_patience(
    slack_services: Services,
    sandbox: Sandbox,
    make: Callable[[Services], WebClient],
    retry_after: int,
    answered: bool,
):
    Operator(sandbox.url).faults(rate_limit_next=1, retry_after=retry_after)
    started = time.monotonic()

    with nullcontext() if answered else pytest.raises(SlackApiError, match="ratelimited"):
        make(slack_services).auth_test()

    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "method", ["conversations.info", "users.info", "views.open", "views.publish", "views.push"]
)
def test_what_an_answer_needs_is_not_waited_for_longer_than_its_click_lives(
    slack_services: Services, sandbox: Sandbox, method: str
):
    Operator(sandbox.url).faults(slow_ms=4000, methods=[method])
    client = client_for_answers(slack_services)
    started = time.monotonic()

    with pytest.raises(TimeoutError):
        client.api_call(method, json={"trigger_id": "1.2.3", "view": "{}"})

    assert time.monotonic() - started < 2 * CLICK_TIMEOUT_S


def test_a_window_whose_connection_broke_is_asked_for_once_more_at_once(
    slack_services: Services, sandbox: Sandbox
):
    operator = Operator(sandbox.url)
    operator.faults(lose_replies=1.0, methods=["views.open"])
    client = client_for_answers(slack_services)

    def took() -> float:
        started = time.monotonic()
        with pytest.raises(OSError, match=r".*"):
            client.views_open(trigger_id="1.2.3", view="{}")
        return time.monotonic() - started

    assert min(took() for _ in range(3)) < 0.5, "at once, if the machine is not busy"
    assert len([one for one in operator.traffic() if one["method"] == "views.open"]) == 3 * 2


def test_what_is_not_bound_to_a_click_may_take_longer(slack_services: Services, sandbox: Sandbox):
    Operator(sandbox.url).faults(slow_ms=2000, methods=["users.list"])

    assert client_for_answers(slack_services).users_list()["ok"]
