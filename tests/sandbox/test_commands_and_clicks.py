"""A person acts, an unmodified Bolt app answers: commands, clicks, response URLs, events."""

import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.client import Operator, Person, RefusedError
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, a_manifest, actions, button, option, section, select
from tests.sandbox.conftest import IMPATIENT, SetClock, web_client
from tests.sandbox.waiting import PATIENCE_S

Connect = Callable[[Sandbox, App], SocketModeHandler]


def answering(app: App, reply: Any) -> list[dict[str, Any]]:
    """Let /hello be acknowledged by this reply; gives the payloads that came."""
    payloads: list[dict[str, Any]] = []

    @app.command("/hello")
    def hello(ack: Ack, command: dict[str, Any]) -> None:
        payloads.append(command)
        ack(reply)

    return payloads


def pressed(app: App, action_id: str) -> list[dict[str, Any]]:
    """Acknowledge clicks on an element; gives the payloads that came."""
    payloads: list[dict[str, Any]] = []

    @app.action(action_id)
    def clicked(ack: Ack, body: dict[str, Any]) -> None:
        payloads.append(body)
        ack()

    return payloads


def test_a_command_is_answered_in_its_acknowledgement(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person, ben: Person
) -> None:
    payloads = answering(bolt, {"text": "Hello Ada", "blocks": [section("*Hello* Ada")]})
    connect(sandbox, bolt)

    answers = ada.command("/hello  there ", "general")

    assert [(one["text"], one["ephemeral"], one["response_to"]) for one in answers] == [
        ("Hello Ada", True, "/hello  there")
    ]
    assert ben.messages("general") == []
    assert payloads[0] | {"response_url": "", "trigger_id": "", "token": ""} == {
        "token": "",
        "team_id": "T0TEAM",
        "team_domain": "acme",
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "user_id": ADA,
        "user_name": "ada",
        "command": "/hello",
        "text": "there",
        "api_app_id": "A0APP",
        "is_enterprise_install": "false",
        "response_url": "",
        "trigger_id": "",
    }


def test_an_answer_for_the_whole_channel(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person, ben: Person
) -> None:
    answering(bolt, {"response_type": "in_channel", "text": "Everyone"})
    connect(sandbox, bolt)

    ada.command("/hello", "random")

    assert [one["text"] for one in ben.messages("random")] == ["Everyone"]


def test_names_of_private_channels_are_not_told(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    payloads = answering(bolt, "")
    connect(sandbox, bolt)

    ada.command("/hello", "leads")
    ada.command("/hello")

    assert [one["channel_name"] for one in payloads] == ["privategroup", "directmessage"]


def test_mentions_in_a_command_come_escaped_where_the_manifest_says_so(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    texts: list[str] = []

    @bolt.command("/find")
    def find(ack: Ack, command: dict[str, Any]) -> None:
        texts.append(command["text"])
        ack()

    connect(sandbox, bolt)

    ada.command("/find @ben in #general not @nobody")

    assert texts == [f"<@{BEN}|ben> in <#C0GENERAL|general> not @nobody"]


def test_a_command_that_the_manifest_does_not_have(ada: Person) -> None:
    with pytest.raises(RefusedError, match=r"^/bye is not a valid command: type one of /hello"):
        ada.command("/bye")


def test_a_command_while_no_app_is_connected(ada: Person) -> None:
    with pytest.raises(RefusedError, match='/hello failed with the error "dispatch_failed"'):
        ada.command("/hello")


def test_a_command_that_is_not_acknowledged_in_time(start: Callable[..., Sandbox], connect: Connect) -> None:
    sandbox = start(timing=IMPATIENT)
    app = App(client=web_client(sandbox), process_before_response=True)

    @app.command("/hello")
    def hello() -> None:
        """Never acknowledges."""

    connect(sandbox, app)

    with pytest.raises(RefusedError, match='/hello failed with the error "operation_timeout"'):
        Person(sandbox.url, ADA).command("/hello")


def test_an_answer_that_slack_would_not_show(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    answering(bolt, {"text": "x", "blocks": [{"type": "section"}]})
    connect(sandbox, bolt)

    with pytest.raises(RefusedError, match=r"invalid_command_response.*json-pointer:/blocks/0"):
        ada.command("/hello")


def test_a_button_brings_its_own_value_and_the_message(
    sandbox: Sandbox, api: WebClient, bolt: App, connect: Connect, ada: Person
) -> None:
    payloads = pressed(bolt, "why")
    connect(sandbox, bolt)
    api.chat_postMessage(channel=ADA, text="Score", blocks=[actions(button("why", "Why?", value="7"))])

    ada.press(ada.messages()[0], "why")

    body = payloads[0]
    assert body["actions"][0]["value"] == "7"
    assert body["message"]["text"] == "Score"
    assert body["container"]["is_ephemeral"] is False
    assert body["user"]["id"] == ADA


def test_a_choice_is_sent_with_the_state_of_the_message(
    sandbox: Sandbox, api: WebClient, bolt: App, connect: Connect, ada: Person
) -> None:
    payloads = pressed(bolt, "period")
    connect(sandbox, bolt)
    api.chat_postMessage(channel=ADA, text="Score", blocks=[actions(select("period", "may", "june"))])

    ada.press(ada.messages()[0], "period", "june")

    assert payloads[0]["actions"][0]["selected_option"]["value"] == "june"
    assert [list(one) for one in payloads[0]["state"]["values"].values()] == [["period"]]


def test_a_button_that_an_update_took_away_cannot_be_pressed(api: WebClient, ada: Person) -> None:
    posted = api.chat_postMessage(channel=ADA, text="Score", blocks=[actions(button("why"))])
    seen = ada.messages()[0]
    api.chat_update(channel=posted["channel"], ts=posted["ts"], text="Done", blocks=[section("Done")])

    with pytest.raises(RefusedError, match="no element 'why'"):
        ada.press(seen, "why")


def test_nothing_can_be_pressed_where_interactivity_is_off(start: Callable[..., Sandbox]) -> None:
    sandbox = start(a_manifest(interactivity=False))
    web_client(sandbox).chat_postMessage(channel=ADA, text="Score", blocks=[actions(button("why"))])
    ada = Person(sandbox.url, ADA)

    with pytest.raises(RefusedError, match="not configured to handle interactive responses"):
        ada.press(ada.messages()[0], "why")


def test_an_ephemeral_answer_is_replaced_through_its_response_url(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    answering(bolt, {"text": "Score", "blocks": [actions(button("why"))]})
    bodies: list[dict[str, Any]] = []

    @bolt.action("why")
    def why(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        bodies.append(body)
        ack()
        respond(text="Because", replace_original=True)

    connect(sandbox, bolt)
    (answer,) = ada.command("/hello", "general")

    ada.press(answer, "why")

    replaced = ada.wait_for(lambda one: one["text"] == "Because", channel="general")
    assert replaced["ts"] == answer["ts"]
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


def test_a_response_url_answers_five_times(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    payloads = answering(bolt, "")
    connect(sandbox, bolt)
    ada.command("/hello", "general")
    url = WebhookClient(payloads[0]["response_url"])

    answers = [url.send(text=str(number), response_type="ephemeral") for number in range(6)]

    assert [one.status_code for one in answers] == [200] * 5 + [404]
    assert answers[5].body == '{"ok": false, "error": "used_url"}'
    assert [one["text"] for one in ada.messages("general")] == ["0", "1", "2", "3", "4"]


def test_a_response_url_lives_half_an_hour(
    start: Callable[..., Sandbox], set_clock: SetClock, connect: Connect
) -> None:
    sandbox = start(clock=set_clock)
    app = App(client=web_client(sandbox), process_before_response=True)
    payloads = answering(app, "")
    connect(sandbox, app)
    Person(sandbox.url, ADA).command("/hello", "general")
    set_clock.advance(30 * 60 + 1)

    answer = WebhookClient(payloads[0]["response_url"]).send(text="Too late")

    assert (answer.status_code, answer.body) == (404, '{"ok": false, "error": "expired_url"}')


def test_a_message_can_be_deleted_through_its_response_url(
    sandbox: Sandbox, api: WebClient, bolt: App, connect: Connect, ada: Person
) -> None:
    @bolt.action("away")
    def away(ack: Ack, respond: Respond) -> None:
        ack()
        respond(delete_original=True)

    connect(sandbox, bolt)
    api.chat_postMessage(channel=ADA, text="Score", blocks=[actions(button("away"))])

    ada.press(ada.messages()[0], "away")

    assert ada.messages() == []


def test_a_direct_message_reaches_the_app_and_is_answered(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    events: list[dict[str, Any]] = []

    @bolt.event("message")
    def heard(event: dict[str, Any], say: Say) -> None:
        events.append(event)
        say(f"You said {event['text']}")

    connect(sandbox, bolt)

    ada.say("<score> & @ben")

    assert ada.wait_for(lambda one: one["text"].startswith("You said"))
    assert events[0]["text"] == f"&lt;score&gt; &amp; <@{BEN}>"
    assert events[0]["channel_type"] == "im"


def test_a_mention_in_a_channel_is_an_event_of_its_own(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    mentioned = threading.Event()
    bolt.event("app_mention")(lambda event: mentioned.set())
    bolt.event("message")(lambda event: None)
    connect(sandbox, bolt)

    ada.say("Hello @tester", "general")

    assert mentioned.wait(PATIENCE_S)


def test_what_is_said_where_the_bot_is_not_stays_there(sandbox: Sandbox, ada: Person) -> None:
    ada.say("Only among us", "random")

    assert sandbox.slack.traffic.after(0) == []


def test_a_read_only_messages_tab(start: Callable[..., Sandbox]) -> None:
    sandbox = start(
        a_manifest(app_home={"messages_tab_enabled": True, "messages_tab_read_only_enabled": True})
    )

    with pytest.raises(RefusedError, match="turned off"):
        Person(sandbox.url, ADA).say("Hello?")


def test_external_options_come_from_the_app(
    sandbox: Sandbox, api: WebClient, bolt: App, connect: Connect, ada: Person
) -> None:
    @bolt.options("unit")
    def units(ack: Ack, payload: dict[str, Any]) -> None:
        text = {"type": "plain_text", "text": payload["value"].title()}
        ack(options=[{"text": text, "value": payload["value"]}])

    connect(sandbox, bolt)
    menu = {"type": "external_select", "action_id": "unit"}
    api.chat_postMessage(channel=ADA, text="Unit", blocks=[actions(menu)])

    found = ada.options(ada.messages()[0], "unit", "north")

    assert found["options"][0]["value"] == "north"


def test_the_operator_waits_for_the_app(
    sandbox: Sandbox, bolt: App, connect: Connect, operator: Operator
) -> None:
    with pytest.raises(TimeoutError, match="the app to connect"):
        operator.wait_for_app(timeout=0.05)

    connect(sandbox, bolt)

    operator.wait_for_app()


def test_a_button_within_an_attachment_in_a_thread(
    sandbox: Sandbox, api: WebClient, bolt: App, connect: Connect, ada: Person
) -> None:
    payloads = pressed(bolt, "why")
    connect(sandbox, bolt)
    parent = api.chat_postMessage(channel=ADA, text="Question")["ts"]
    attached = [{"color": "#1f3a5f", "blocks": [actions(button("why"), block_id="inner")]}]
    api.chat_postMessage(channel=ADA, text="Answer", attachments=attached, thread_ts=parent)
    answer = ada.messages(thread_ts=parent)[1]

    ada.press(answer | {"blocks": answer["attachments"][0]["blocks"]}, "why")

    assert payloads[0]["container"]["thread_ts"] == parent
    assert payloads[0]["actions"][0]["block_id"] == "inner"


def test_a_choice_from_an_overflow_menu(
    sandbox: Sandbox, api: WebClient, bolt: App, connect: Connect, ada: Person
) -> None:
    payloads = pressed(bolt, "more")
    connect(sandbox, bolt)
    menu = {"type": "overflow", "action_id": "more", "options": [option("history"), option("target")]}
    api.chat_postMessage(channel=ADA, text="Score", blocks=[section(accessory=menu)])
    message = ada.messages()[0]

    ada.press(message, "more", "target")

    assert payloads[0]["actions"][0]["selected_option"] == {
        "text": {"type": "plain_text", "text": "Target", "emoji": True},
        "value": "target",
    }
    with pytest.raises(RefusedError, match="offers no option 'nothing'"):
        ada.press(message, "more", "nothing")


def test_a_choice_that_an_update_took_away(api: WebClient, ada: Person) -> None:
    posted = api.chat_postMessage(
        channel=ADA, text="?", blocks=[actions(select("pick", "a", "b"), block_id="x")]
    )
    seen = ada.messages()[0]
    fewer = [actions(select("pick", "a"), block_id="x")]
    api.chat_update(channel=posted["channel"], ts=posted["ts"], text="?", blocks=fewer)

    with pytest.raises(RefusedError, match="not among the options any more"):
        ada.press(seen, "pick", "b")


def test_a_click_while_no_app_is_connected(api: WebClient, ada: Person) -> None:
    api.chat_postMessage(channel=ADA, text="Score", blocks=[actions(button("why"))])

    with pytest.raises(RefusedError, match='The click failed with the error "dispatch_failed"'):
        ada.press(ada.messages()[0], "why")


def test_a_message_that_is_gone_cannot_be_pressed(api: WebClient, ada: Person) -> None:
    posted = api.chat_postMessage(channel=ADA, text="Score", blocks=[actions(button("why"))])
    seen = ada.messages()[0]
    api.chat_delete(channel=posted["channel"], ts=posted["ts"])

    with pytest.raises(RefusedError, match="This message is not there any more"):
        ada.press(seen, "why")


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("not json", 400, "invalid_payload"),
        ("[]", 400, "invalid_payload"),
        ('{"text": "\\ud83d"}', 400, "invalid_payload"),
        ("{}", 400, "no_text"),
        ('{"text": "x", "blocks": [{"type": "shout"}]}', 400, "invalid_blocks"),
    ],
)
def test_an_answer_to_a_response_url_that_makes_no_sense(
    sandbox: Sandbox, body: str, status: int, error: str
) -> None:
    path = sandbox.slack.response_urls.issue("commands", team="T0TEAM", user=ADA, channel="C0GENERAL")
    connection = HTTPConnection("127.0.0.1", sandbox.port)
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()

    assert (response.status, answer["error"]) == (status, error)


def test_a_response_url_that_nobody_issued(sandbox: Sandbox) -> None:
    answer = WebhookClient(f"{sandbox.url}/actions/T0TEAM/1/x").send(text="Hi")

    assert (answer.status_code, answer.body) == (404, '{"ok": false, "error": "invalid_url"}')
