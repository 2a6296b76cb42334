"""What comes in from outside: signatures, timestamps, faults of our own, and one thread through the logs."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import REGISTRY, generate_latest
from slack_bolt import BoltRequest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.app import create_app
from bot.context import request_key
from domain.scoring import views
from domain.services import Services
from tests.bot.calling import Caller, button, slack_id, texts
from tests.bot.fake_slack import FakeSlack


def test_a_request_with_a_wrong_signature_is_refused(caller: Caller):
    body = caller.command_body("E1", "/myscore")
    assert caller.app.dispatch(caller.signed(body, secret="another")).status == 401


@pytest.mark.parametrize("timestamp", ["", "now", "12.5", "-1", "1e9", "²", " ", "9" * 5000])
def test_a_malformed_timestamp_is_refused(caller: Caller, timestamp):
    body = caller.command_body("E1", "/myscore")
    request = caller.signed(body)
    request.headers["x-slack-request-timestamp"] = [timestamp]
    assert caller.app.dispatch(request).status == 401


@pytest.mark.parametrize("signature", ["", "v0=", "v0=é", "v1=0"])
def test_a_malformed_signature_is_refused(caller: Caller, signature):
    request = caller.signed(caller.command_body("E1", "/myscore"))
    request.headers["x-slack-signature"] = [signature]
    assert caller.app.dispatch(request).status == 401


def test_an_old_request_is_refused(caller: Caller):
    body = caller.command_body("E1", "/myscore")
    old = str(int(time.time()) - 301)
    assert caller.app.dispatch(caller.signed(body, at=old)).status == 401


def test_without_a_signing_secret_nothing_comes_in_by_http(services: Services, slack: FakeSlack):
    unsigned = replace(services, settings=replace(services.settings, slack_signing_secret=None))
    app = create_app(unsigned, slack)
    assert app.dispatch(Caller.signed("command=/myscore&user_id=U0E1", secret="")).status == 401


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


@pytest.mark.parametrize("why", ["ratelimited", "fatal_error"])
def test_what_no_window_can_say_is_said_below_the_message(caller: Caller, slack: FakeSlack, why: str):
    slack.errors["views.open"] = why
    url = f"{caller.response_urls.address}/actions/1"
    click = caller.press_body("E1", {"action_id": "card.why", "value": "x"}, response_url=url)

    assert caller.send(click).status == 200

    (answer,) = caller.response_urls.received
    assert answer["text"].startswith("This button is out of date")
    assert answer["response_type"] == "ephemeral"


def test_a_click_that_cannot_be_answered_anywhere_is_not_acknowledged(caller: Caller, slack: FakeSlack):
    """Slack then marks the button."""
    slack.failing.add("views.open")
    click = caller.press_body("E1", {"action_id": "card.why", "value": "x"})
    assert caller.send(click).status == 503


def test_the_log_says_what_was_asked_and_not_what_was_typed(caller: Caller):
    with capture_logs() as logs:
        caller.command("E1", "/ranking", "something private")
    (entry,) = [entry for entry in logs if entry["event"] == "request"]
    assert entry["what"] == "/ranking"
    assert "private" not in str(logs)


def test_what_was_sent_with_a_wrong_signature_stands_in_no_log(
    caller: Caller, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        caller.app.dispatch(caller.signed(caller.command_body("E1", "/myscore", "private"), secret="another"))
    assert [entry["what"] for entry in logs if entry["event"] == "request"] == ["unknown"]
    assert "private" not in str(logs) + caplog.text


def test_a_request_keeps_the_id_that_a_proxy_gave_it(caller: Caller):
    request = caller.signed(caller.command_body("E1", "/myscore"))
    request.headers["x-request-id"] = ["proxy-42"]
    with capture_logs(processors=[merge_contextvars]) as logs:
        response = caller.app.dispatch(request)
    assert response.headers["x-request-id"] == ["proxy-42"]
    assert {entry["correlation_id"] for entry in logs} == {"proxy-42"}


@pytest.mark.parametrize("given", ["", "a b", "x" * 41, "<script>", "日本"])
def test_an_id_that_cannot_stand_in_a_row_is_replaced(caller: Caller, given):
    request = caller.signed(caller.command_body("E1", "/myscore"))
    request.headers["x-request-id"] = [given]
    (made,) = caller.app.dispatch(request).headers["x-request-id"]
    assert made != given
    assert len(made) == 12


def test_slack_may_check_the_certificate_without_a_signature(caller: Caller):
    response = caller.app.dispatch(BoltRequest(body="ssl_check=1&token=x&command=made-up&event_id=Ev1"))

    assert (response.status, response.body) == (200, "")
    assert "made-up" not in generate_latest().decode()  # whoever is not signed names no figure


def test_slack_may_see_whether_the_address_is_ours(caller: Caller):
    body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "x"})
    assert json.loads(caller.app.dispatch(caller.signed(body)).body) == {"challenge": "c-1"}


def test_an_event_that_slack_repeats_is_answered_without_doing_the_work_again(
    caller: Caller, slack: FakeSlack
):
    body = json.dumps(home_opened("E1", "Ev-late"))
    caller.app.dispatch(caller.signed(body))
    slack.forget_calls()

    repeated = caller.signed(body)
    repeated.headers["x-slack-retry-num"] = ["1"]
    assert caller.app.dispatch(repeated).status == 200
    assert slack.calls == []


def test_an_event_whose_first_copy_never_came_is_worked_on(caller: Caller, slack: FakeSlack):
    repeated = caller.signed(json.dumps(home_opened("E1", "Ev-lost")))
    repeated.headers["x-slack-retry-num"] = ["1"]
    caller.app.dispatch(repeated)
    assert len(slack.called("views.publish")) == 1


def test_an_event_that_slack_kept_us_from_working_on_is_asked_for_again(caller: Caller, slack: FakeSlack):
    slack.errors["views.publish"] = "ratelimited"
    body = json.dumps(home_opened("E1", "Ev-limited"))
    assert caller.app.dispatch(caller.signed(body)).status == 503

    del slack.errors["views.publish"]
    slack.forget_calls()
    again = caller.signed(body)
    again.headers["x-slack-retry-num"] = ["1"]
    assert caller.app.dispatch(again).status == 200
    assert len(slack.called("views.publish")) == 1


@pytest.mark.parametrize(("ends", "asked_again"), [(200, 0), (503, 1)], ids=["well", "in vain"])
@pytest.mark.parametrize("mode", ["http", "socket_mode"])
def test_a_repetition_while_the_first_copy_runs_is_not_acknowledged(
    caller: Caller, slack: FakeSlack, mode: str, ends: int, asked_again: int
):
    body = json.dumps(home_opened("E1", f"Ev-slow-{mode}-{ends}"))
    begun, may_end = threading.Event(), threading.Event()

    def a_copy(number: str = "") -> BoltRequest:
        made = caller.signed(body) if mode == "http" else caller.in_envelope(body)
        made.headers |= {"x-slack-retry-num": [number]} if number else {}
        return made

    def slowly(method: str, _: dict[str, Any]) -> None:
        if method == "views.publish":
            begun.set()
            assert may_end.wait(10)

    slack.before = slowly
    if ends != 200:
        slack.errors["views.publish"] = "ratelimited"
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(caller.app.dispatch, a_copy())
        assert begun.wait(10)
        assert caller.app.dispatch(a_copy("1")).status == 503
        may_end.set()
        assert first.result().status == ends

    slack.errors.clear()
    slack.forget_calls()
    assert caller.app.dispatch(a_copy("2")).status == 200
    assert len(slack.called("views.publish")) == asked_again


def test_the_requests_are_counted_by_what_was_asked(caller: Caller):
    def counted(what: str, status: str) -> float:
        labels = {"what": what, "status": status}
        return REGISTRY.get_sample_value("pacesetter_requests_total", labels) or 0.0

    before = counted("/myscore", "200"), counted("unknown", "401")
    caller.command("E1", "/myscore")
    caller.app.dispatch(caller.signed("command=/made-up-1", secret="another"))
    assert (counted("/myscore", "200"), counted("unknown", "401")) == (before[0] + 1, before[1] + 1)


def home_opened(employee_id: str, event_id: str) -> dict[str, object]:
    event = {"type": "app_home_opened", "user": slack_id(employee_id), "channel": "D1", "tab": "home"}
    return {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event}


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
