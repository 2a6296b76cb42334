"""Delivery over signed HTTP: the handshake, the bodies, the answers, and sending events again."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from sandbox.client import Operator, Person, RefusedError
from sandbox.errors import SetupError
from sandbox.manifest_file import read_manifest
from sandbox.server import Sandbox
from tests.sandbox.builders import (
    ADA,
    SIGNING_SECRET,
    a_manifest,
    actions,
    button,
    modal,
    section,
    text_input,
)
from tests.sandbox.conftest import IMPATIENT, web_client
from tests.sandbox.http_apps import (
    Answer,
    HttpApp,
    Received,
    Reply,
    acknowledging,
    bolt_answer,
    free_url,
)
from tests.sandbox.waiting import until

MakeApp = Callable[[Answer], HttpApp]
Start = Callable[..., Sandbox]


def bolt_over_http(start: Start, http_app: MakeApp, listen: Callable[[App], None]) -> tuple[Sandbox, HttpApp]:
    """A sandbox that calls a Bolt app with these listeners."""
    answers: list[Answer] = []
    server = http_app(lambda request: answers[0](request))
    sandbox = start(http_url=server.url)
    app = App(client=web_client(sandbox), signing_secret=SIGNING_SECRET, process_before_response=True)
    listen(app)
    answers.append(bolt_answer(app))
    Operator(sandbox.url).wait_for_app()
    return sandbox, server


def payload_of(request: Received) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(request.fields()["payload"])
    return payload


def test_a_command_is_answered_in_the_body_of_the_response(start: Start, http_app: MakeApp) -> None:
    def listen(app: App) -> None:
        @app.command("/hello")
        def hello(ack: Ack, command: dict[str, Any]) -> None:
            ack(f"Hello {command['text']}")

    sandbox, server = bolt_over_http(start, http_app, listen)

    (answer,) = Person(sandbox.url, ADA).command("/hello wörld & <all>")

    assert answer["text"] == "Hello wörld & <all>"
    assert answer["ephemeral"]
    (request,) = server.received
    assert request.content_type == "application/x-www-form-urlencoded"
    assert request.fields()["command"] == "/hello"
    assert request.fields()["user_id"] == ADA


def test_every_request_is_signed_by_the_machines_clock(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging())
    sandbox = start(http_url=server.url, clock=lambda: 1_000_000.0)

    Person(sandbox.url, ADA).command("/hello")

    (request,) = server.received
    assert SignatureVerifier(SIGNING_SECRET).is_valid_request(request.body, dict(request.headers))
    assert abs(int(request.headers["x-slack-request-timestamp"]) - time.time()) < 60
    assert not SignatureVerifier("another").is_valid_request(request.body, dict(request.headers))


def test_a_plain_text_answers_a_command(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging(lambda request: Reply(body="Just a text")))
    sandbox = start(http_url=server.url)

    (answer,) = Person(sandbox.url, ADA).command("/hello")

    assert answer["text"] == "Just a text"


def test_a_click_opens_a_modal_that_is_submitted(start: Start, http_app: MakeApp) -> None:
    def listen(app: App) -> None:
        @app.action("go")
        def go(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            client.views_open(trigger_id=body["trigger_id"], view=modal(text_input("name", "typed")))
            ack()

        @app.view("")
        def submitted(ack: Ack, view: dict[str, Any]) -> None:
            typed = view["state"]["values"]["name"]["typed"]["value"]
            if typed == "wrong":
                ack(response_action="errors", errors={"name": "Not this one"})
            else:
                ack(response_action="update", view=modal(section(f"Thanks, {typed}")))

    sandbox, _ = bolt_over_http(start, http_app, listen)
    web_client(sandbox).chat_postMessage(channel=ADA, text="Press", blocks=[actions(button("go"))])
    ada = Person(sandbox.url, ADA)

    ada.press(ada.messages()[0], "go")
    refused = ada.submit({"typed": "wrong"})
    updated = ada.submit({"typed": "Ada"})

    assert refused == {"response_action": "errors", "errors": {"name": "Not this one"}}
    assert updated["view"]["blocks"][0]["text"]["text"] == "Thanks, Ada"


def test_options_come_from_their_own_url(start: Start, http_app: MakeApp) -> None:
    found = {"options": [{"text": {"type": "plain_text", "text": "One"}, "value": "1"}]}
    server = http_app(acknowledging(lambda request: Reply(200, json.dumps(found), "application/json")))
    sandbox = start(an_http_manifest(server.url, options=f"{server.url}/options"))
    menu = {"type": "external_select", "action_id": "pick"}
    web_client(sandbox).chat_postMessage(channel=ADA, text="Pick", blocks=[actions(menu)])
    ada = Person(sandbox.url, ADA)

    offered = ada.options(ada.messages()[0], "pick", "one")

    assert offered == found
    (request,) = [one for one in server.received if one.path.endswith("/options")]
    assert payload_of(request)["type"] == "block_suggestion"
    assert payload_of(request)["value"] == "one"


def an_http_manifest(url: str, *, options: str | None = None) -> dict[str, Any]:
    manifest = a_manifest()
    manifest["settings"] |= {
        "socket_mode_enabled": False,
        "interactivity": {
            "is_enabled": True,
            "request_url": f"{url}/interactive",
            **({"message_menu_options_url": options} if options else {}),
        },
    }
    manifest["settings"]["event_subscriptions"]["request_url"] = f"{url}/events"
    for command in manifest["features"]["slash_commands"]:
        command["url"] = f"{url}{command['command']}"
    return manifest


def test_each_kind_goes_to_the_url_that_the_manifest_names(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging())
    sandbox = start(an_http_manifest(server.url))
    Operator(sandbox.url).wait_for_app()
    web_client(sandbox).chat_postMessage(channel=ADA, text="Press", blocks=[actions(button("go"))])
    ada = Person(sandbox.url, ADA)

    ada.command("/find somebody")
    ada.press(ada.messages()[0], "go")

    until(lambda: len(server.received) == 3)
    assert sorted(one.path for one in server.received) == [
        "/slack/events/events",
        "/slack/events/find",
        "/slack/events/interactive",
    ]


def test_an_app_without_an_options_url_is_asked_at_its_interactivity_url(
    start: Start, http_app: MakeApp
) -> None:
    server = http_app(acknowledging())
    sandbox = start(an_http_manifest(server.url))
    menu = {"type": "external_select", "action_id": "pick"}
    web_client(sandbox).chat_postMessage(channel=ADA, text="Pick", blocks=[actions(menu)])
    ada = Person(sandbox.url, ADA)

    ada.options(ada.messages()[0], "pick", "one")

    assert [one.path for one in server.received if "interactive" in one.path]


def test_no_event_comes_before_the_challenge_is_answered(start: Start, http_app: MakeApp) -> None:
    willing: list[bool] = []
    server = http_app(lambda request: acknowledging()(request) if willing else Reply(body="no"))
    sandbox = start(http_url=server.url)
    ada = Person(sandbox.url, ADA)

    ada.say("Too early")
    until(lambda: len(server.challenges) >= 2)
    assert Operator(sandbox.url).workspace()["app"]["connections"] == 0
    assert server.received == []

    willing.append(True)
    Operator(sandbox.url).wait_for_app()
    ada.say("Now")
    until(lambda: "Now" in [one.json()["event"]["text"] for one in server.received])


def test_an_event_comes_again_with_its_number_and_the_reason(start: Start, http_app: MakeApp) -> None:
    statuses = iter([500, 503, 200])
    server = http_app(acknowledging(lambda request: Reply(next(statuses))))
    sandbox = start(http_url=server.url)
    Operator(sandbox.url).wait_for_app()

    Person(sandbox.url, ADA).say("Hello?")

    first, second, third = server.wait_for(3)
    assert "x-slack-retry-num" not in first.headers
    assert (second.headers["x-slack-retry-num"], second.headers["x-slack-retry-reason"]) == (
        "1",
        "http_error",
    )
    assert third.headers["x-slack-retry-num"] == "2"
    assert len({one.json()["event_id"] for one in (first, second, third)}) == 1
    time.sleep(0.2)
    assert len(server.received) == 3


def test_an_app_may_refuse_to_get_an_event_again(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging(lambda request: Reply(500, headers=(("X-Slack-No-Retry", "1"),))))
    sandbox = start(http_url=server.url)
    Operator(sandbox.url).wait_for_app()

    Person(sandbox.url, ADA).say("Hello?")

    server.wait_for(1)
    time.sleep(0.2)
    assert len(server.received) == 1


def test_an_answer_that_comes_too_late(start: Start, http_app: MakeApp) -> None:
    def slow(request: Received) -> Reply:
        time.sleep(0.4)
        return Reply()

    server = http_app(acknowledging(slow))
    sandbox = start(http_url=server.url, timing=IMPATIENT)
    Operator(sandbox.url).wait_for_app()
    ada = Person(sandbox.url, ADA)

    with pytest.raises(RefusedError, match='/hello failed with the error "operation_timeout"'):
        ada.command("/hello")
    ada.say("Event")

    until(lambda: any(one.headers.get("x-slack-retry-reason") == "http_timeout" for one in server.received))


@pytest.mark.parametrize(
    ("answer", "code"), [(Reply(status=500), "http_service_error"), (Reply(status=302), "http_service_error")]
)
def test_a_command_that_the_app_fails(start: Start, http_app: MakeApp, answer: Reply, code: str) -> None:
    sandbox = start(http_url=http_app(acknowledging(lambda request: answer)).url)

    with pytest.raises(RefusedError, match=f'/hello failed with the error "{code}"'):
        Person(sandbox.url, ADA).command("/hello")


def test_an_app_that_is_not_there(start: Start) -> None:
    sandbox = start(http_url=free_url())

    with pytest.raises(RefusedError, match='/hello failed with the error "dispatch_failed"'):
        Person(sandbox.url, ADA).command("/hello")


def test_a_repeated_delivery_is_the_same_signed_request(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging(lambda request: Reply(body=f"Answer {len(server.received)}")))
    sandbox = start(http_url=server.url)
    Operator(sandbox.url).faults(repeat_deliveries=1)

    answers = Person(sandbox.url, ADA).command("/hello")

    first, second = server.wait_for(2)
    assert (first.body, first.headers) == (second.body, second.headers)
    assert [one["text"] for one in answers] == ["Answer 1"]


def test_a_lost_acknowledgement_brings_the_event_again(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging())
    sandbox = start(http_url=server.url)
    operator = Operator(sandbox.url)
    operator.wait_for_app()
    operator.faults(lose_acknowledgements=1)

    Person(sandbox.url, ADA).say("Hello?")

    first, second, *_ = server.wait_for(3)
    assert first.json() == second.json()
    assert second.headers["x-slack-retry-reason"] == "http_timeout"


def test_slow_deliveries_age_their_triggers(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging())
    sandbox = start(http_url=server.url)
    Operator(sandbox.url).faults(slow_deliveries_ms=200)

    started = time.monotonic()
    Person(sandbox.url, ADA).command("/hello")

    assert time.monotonic() - started >= 0.2


def test_the_inspector_shows_what_was_posted(start: Start, http_app: MakeApp) -> None:
    server = http_app(acknowledging(lambda request: Reply(body="Hi")))
    sandbox = start(http_url=server.url)

    Person(sandbox.url, ADA).command("/hello")

    entry = next(one for one in Operator(sandbox.url).traffic() if one["method"] == "/hello")
    assert (entry["direction"], entry["kind"], entry["status"]) == ("out", "http", "acknowledged")
    assert entry["request"]["url"] == server.url
    assert entry["request"]["headers"]["X-Slack-Signature"].startswith("v0=")
    assert entry["response"] == {"text": "Hi"}


def test_a_manifest_without_socket_mode_needs_urls() -> None:
    manifest = a_manifest()
    manifest["settings"]["socket_mode_enabled"] = False

    with pytest.raises(SetupError, match="lacks the url of /hello") as caught:
        read_manifest(manifest)

    assert "event_subscriptions.request_url" in str(caught.value)
    assert "--http-url" in str(caught.value)
    assert read_manifest(manifest, http_url="http://127.0.0.1:1/slack/events").request_urls.events


@pytest.mark.parametrize("url", ["localhost:3000", "ftp://127.0.0.1/x", "/slack/events"])
def test_a_url_that_cannot_be_called(url: str) -> None:
    with pytest.raises(SetupError, match="is not where an app can be called"):
        read_manifest(a_manifest(), http_url=url)
