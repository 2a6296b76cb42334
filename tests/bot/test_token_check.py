"""Readiness by the token: what Slack refuses counts, and a Slack that is away keeps nobody out."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.token_check import OTHERWISE_FOR_S, TAKEN_FOR_S, TokenCheck
from domain.health import Health, InDoubt, NotReady
from domain.services import Services
from sandbox.client import Operator
from sandbox.server import Sandbox
from tests.bot.fake_slack import FakeSlack

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.json"


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def check(services: Services, slack: FakeSlack, watch: Watch) -> TokenCheck:
    return TokenCheck(services, slack, watch)


def asked(slack: FakeSlack) -> int:
    return len(slack.called("auth.test"))


def test_a_token_that_slack_takes_is_asked_about_now_and_then(
    check: TokenCheck, slack: FakeSlack, watch: Watch
):
    check.ask()
    check.ask()
    assert asked(slack) == 1
    watch.seconds += TAKEN_FOR_S
    check.ask()
    assert asked(slack) == 2


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
def test_a_token_that_slack_refuses_makes_the_process_not_ready(
    check: TokenCheck, slack: FakeSlack, watch: Watch, code: str
):
    slack.errors["auth.test"] = code
    for _ in range(3):
        with pytest.raises(NotReady, match=f"Slack refuses the token: {code}"):
            check.ask()
    assert asked(slack) == 1

    del slack.errors["auth.test"]
    watch.seconds += OTHERWISE_FOR_S
    check.ask()


@pytest.mark.parametrize("code", ["ratelimited", "internal_error", "fatal_error"])
def test_a_slack_that_has_trouble_of_its_own_keeps_nobody_out(
    check: TokenCheck, slack: FakeSlack, watch: Watch, code: str
):
    slack.errors["auth.test"] = code
    for _ in range(3):
        with pytest.raises(InDoubt, match="Slack does not answer"):
            check.ask()
    assert asked(slack) == 1
    found = Health([check.check()]).look()
    assert (found.problems, found.warnings) == ({}, {"slack": "Slack does not answer"})

    del slack.errors["auth.test"]
    watch.seconds += OTHERWISE_FOR_S
    check.ask()


def test_a_refusal_stays_true_while_slack_is_silent(check: TokenCheck, slack: FakeSlack, watch: Watch):
    slack.errors["auth.test"] = "token_revoked"
    with pytest.raises(NotReady):
        check.ask()

    slack.errors["auth.test"] = "internal_error"
    watch.seconds += OTHERWISE_FOR_S
    with pytest.raises(NotReady, match="token_revoked"):
        check.ask()


def test_nobody_waits_while_somebody_asks(check: TokenCheck, slack: FakeSlack, watch: Watch):
    check.ask()
    watch.seconds += TAKEN_FOR_S
    begun, may_end = threading.Event(), threading.Event()

    def slowly(_: str, __: dict[str, Any]) -> None:
        begun.set()
        assert may_end.wait(10)

    slack.before = slowly
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(check.ask)
        assert begun.wait(10)
        try:
            pool.submit(check.ask).result(timeout=5)
        finally:
            may_end.set()
        first.result(timeout=5)

    assert asked(slack) == 2


def test_a_slack_whose_answers_are_lost_is_asked_once(services: Services, watch: Watch):
    with Sandbox(None, MANIFEST).run_in_thread() as sandbox:
        operator = Operator(sandbox.url)
        operator.faults(lose_replies=1.0)
        settings = services.settings.from_environment(
            {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": sandbox.api_url}
        )
        check = TokenCheck(Services(settings, services.database, services.clock), now_s=watch)
        with pytest.raises(InDoubt):
            check.ask()
        assert len([one for one in operator.traffic() if one["method"] == "auth.test"]) == 1
