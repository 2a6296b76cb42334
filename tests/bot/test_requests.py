"""What comes in from outside: signatures, timestamps, faults of our own, and one thread through the logs."""

import json
import time
from dataclasses import replace

import pytest
from slack_bolt import BoltRequest
from structlog.testing import capture_logs

from bot.app import create_app
from bot.context import request_key
from domain.scoring import views
from domain.services import Services
from tests.bot.calling import Caller, button, texts
from tests.bot.fake_slack import FakeSlack


def test_a_request_with_a_wrong_signature_is_refused(caller: Caller):
    body = caller.command_body("E1", "/myscore")
    assert caller.app.dispatch(caller.signed(body, secret="another")).status == 401


@pytest.mark.parametrize("timestamp", ["", "now", "12.5", "-1", "1e9", "²", " "])
def test_a_malformed_timestamp_is_refused(caller: Caller, timestamp):
    body = caller.command_body("E1", "/myscore")
    request = caller.signed(body)
    request.headers["x-slack-request-timestamp"] = [timestamp]
    assert caller.app.dispatch(request).status == 401


def test_an_old_request_is_refused(caller: Caller):
    body = caller.command_body("E1", "/myscore")
    old = str(int(time.time()) - 301)
    assert caller.app.dispatch(caller.signed(body, at=old)).status == 401


def test_without_a_signing_secret_nothing_comes_in_by_http(services: Services, slack: FakeSlack):
    unsigned = replace(services, settings=replace(services.settings, slack_signing_secret=None))
    app = create_app(unsigned, slack)
    body = Caller(app, slack, None).command_body("E1", "/myscore")
    assert app.dispatch(Caller.signed(body, secret="")).status == 401


def test_socket_mode_needs_no_signature(caller: Caller):
    payload = {
        "command": "/myscore",
        "text": "last month",
        "user_id": "U0E1",
        "team_id": "T1",
        "trigger_id": "t-socket",
    }
    response = caller.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
    assert json.loads(response.body)["text"] == "June 2026: score 98, tier A"


def test_a_fault_of_ours_gets_a_reference_that_the_log_knows(caller: Caller, monkeypatch: pytest.MonkeyPatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(views, "my_score", broken)
    with capture_logs() as logs:
        answer = caller.command("E1", "/myscore")
    (fault,) = [entry for entry in logs if entry["event"] == "request failed"]
    assert fault["reference"] in answer.text
    assert "a bug" not in answer.shown


def test_a_fault_behind_a_button_opens_a_window(caller: Caller, monkeypatch: pytest.MonkeyPatch):
    answer = caller.command("E1", "/myscore", "last month")
    monkeypatch.setattr(views, "my_score", None)
    window = caller.press("E1", button(answer, "card.why"))
    assert "Something went wrong on our side." in "\n".join(texts(window))


def test_a_window_that_cannot_open_is_no_fault_of_the_request(caller: Caller, slack: FakeSlack):
    slack.failing.add("views.open")
    click = caller.press_body("E1", {"action_id": "card.why", "value": "x"})
    assert caller.app.dispatch(caller.signed(click)).status == 200


def test_the_log_says_what_was_asked_and_not_what_was_typed(caller: Caller):
    with capture_logs() as logs:
        caller.command("E1", "/ranking", "something private")
    (entry,) = [entry for entry in logs if entry["event"] == "request"]
    assert entry["what"] == "/ranking"
    assert "private" not in str(logs)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"event_id": "Ev1", "trigger_id": "t"}, "event_id:Ev1"),
        ({"trigger_id": "1.2"}, "trigger_id:1.2"),
        ({}, None),
    ],
)
def test_a_request_is_named_by_what_all_its_copies_share(body, key):
    assert request_key(body) == key
