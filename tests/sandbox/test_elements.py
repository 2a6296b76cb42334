"""Every element that a person acts on: what the app is sent, what a form holds, what Slack itself refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.client import Person, RefusedError
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, actions, button, home, modal, option, plain, section
from tests.sandbox.http_apps import Answer, HttpApp, Reply, acknowledging
from tests.sandbox.waiting import until

Connect = Callable[[Sandbox, App], SocketModeHandler]

ENTERED = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Hello"}]}],
}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "act",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad"},
}


def element(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "act", **more}


@pytest.fixture
def acted(sandbox: Sandbox, bolt: App, connect: Connect) -> list[dict[str, Any]]:
    """The payloads of clicks and choices of the element `act`."""
    payloads: list[dict[str, Any]] = []

    @bolt.action("act")
    def act(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        payloads.append(body)

    connect(sandbox, bolt)
    return payloads


CHOICES: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    (element("datepicker", initial_date="2026-01-01"), "2026-02-28", {"selected_date": "2026-02-28"}),
    (element("timepicker"), "09:30", {"selected_time": "09:30"}),
    (element("datetimepicker"), 1_700_000_000, {"selected_date_time": 1_700_000_000}),
    (element("users_select"), BEN, {"selected_user": BEN}),
    (element("multi_users_select"), [ADA, BEN], {"selected_users": [ADA, BEN]}),
    (element("channels_select"), "C0GENERAL", {"selected_channel": "C0GENERAL"}),
    (element("conversations_select"), "C0LEADS", {"selected_conversation": "C0LEADS"}),
    (element("external_select"), option("a"), {"selected_option": option("a")}),
    (element("multi_external_select"), [option("a")], {"selected_options": [option("a")]}),
]


@pytest.mark.parametrize(("chosen_in", "value", "sent"), CHOICES, ids=[one[0]["type"] for one in CHOICES])
def test_a_choice_is_sent_in_its_own_words(
    acted: list[dict[str, Any]],
    api: WebClient,
    ada: Person,
    chosen_in: dict[str, Any],
    value: Any,
    sent: dict[str, Any],
) -> None:
    api.chat_postMessage(channel=ADA, text="Choose", blocks=[actions(chosen_in)])

    ada.press(ada.messages()[0], "act", value)

    (payload,) = acted
    (action,) = payload["actions"]
    assert action["type"] == chosen_in["type"]
    assert sent.items() <= action.items()


def test_options_are_sent_as_the_app_wrote_them(
    acted: list[dict[str, Any]], api: WebClient, ada: Person
) -> None:
    offered = [option("a") | {"description": plain("First")}, option("b")]
    api.chat_postMessage(channel=ADA, text="Choose", blocks=[actions(element("checkboxes", options=offered))])

    ada.press(ada.messages()[0], "act", ["a", "b"])

    sent = acted[0]["actions"][0]["selected_options"]
    assert [one["value"] for one in sent] == ["a", "b"]
    assert sent[0]["description"]["text"] == "First"


def test_feedback_says_which_button_it_was(acted: list[dict[str, Any]], api: WebClient, ada: Person) -> None:
    blocks = [{"type": "context_actions", "elements": [FEEDBACK]}]
    api.chat_postMessage(channel=ADA, text="How was it?", blocks=blocks)

    ada.press(ada.messages()[0], "act", "bad")

    (action,) = acted[0]["actions"]
    assert (action["type"], action["value"], action["text"]["text"]) == ("feedback_buttons", "bad", "Bad")
    with pytest.raises(RefusedError, match="not among the options any more"):
        ada.press(ada.messages()[0], "act", "middling")


def test_an_icon_button_has_its_value(acted: list[dict[str, Any]], api: WebClient, ada: Person) -> None:
    icon = element("icon_button", icon="trash", text=plain("Delete"), value="7")
    api.chat_postMessage(channel=ADA, text="Note", blocks=[{"type": "context_actions", "elements": [icon]}])

    ada.press(ada.messages()[0], "act")

    assert acted[0]["actions"][0]["value"] == "7"


def test_a_button_within_a_container(acted: list[dict[str, Any]], api: WebClient, ada: Person) -> None:
    inside = actions(button("act", value="inside"), block_id="inner")
    box = {"type": "container", "title": plain("Box"), "child_blocks": [inside]}
    api.chat_postMessage(channel=ADA, text="Box", blocks=[box])

    ada.press(ada.messages()[0], "act")

    assert (acted[0]["actions"][0]["block_id"], acted[0]["actions"][0]["value"]) == ("inner", "inside")


def test_a_workflow_button(acted: list[dict[str, Any]], api: WebClient, ada: Person) -> None:
    workflow = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
    api.chat_postMessage(
        channel=ADA,
        text="Run",
        blocks=[actions(element("workflow_button", text=plain("Run"), workflow=workflow))],
    )

    ada.press(ada.messages()[0], "act")

    assert acted[0]["actions"][0]["type"] == "workflow_button"


def an_input(kind: str, *, optional: bool = False, **more: Any) -> dict[str, Any]:
    block = {"type": "input", "block_id": "asked", "label": plain("Asked"), "element": element(kind, **more)}
    return block | ({"optional": True} if optional else {})


def test_an_input_tells_of_changes_only_if_it_is_asked_to(
    acted: list[dict[str, Any]], sandbox: Sandbox, api: WebClient, ada: Person
) -> None:
    silent, telling = an_input("plain_text_input"), an_input("plain_text_input") | {"dispatch_action": True}

    api.views_open(trigger_id=sandbox.slack.triggers.issue(ADA), view=modal(silent))
    with pytest.raises(RefusedError, match="does not ask to hear of this input"):
        ada.press_in(ada.modals()[-1], "act", "typed")
    api.views_open(trigger_id=sandbox.slack.triggers.issue(ADA), view=modal(telling))
    ada.press_in(ada.modals()[-1], "act", "typed")

    assert [one["actions"][0]["value"] for one in acted] == ["typed"]


@pytest.fixture
def fill_in(
    sandbox: Sandbox, bolt: App, connect: Connect, api: WebClient, ada: Person
) -> Callable[..., dict[str, Any]]:
    """Send a modal with one input off; gives what the app got in it, or the sentence that came instead."""
    bodies: list[dict[str, Any]] = []

    @bolt.view("form")
    def submit(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        bodies.append(body)

    connect(sandbox, bolt)

    def send(block: dict[str, Any], value: Any) -> dict[str, Any]:
        view = modal(block, callback_id="form")
        api.views_open(trigger_id=sandbox.slack.triggers.issue(ADA), view=view)
        answer = ada.submit({} if value is None else {"act": value})
        if answer["response_action"] == "errors":
            return dict(answer["errors"])
        body = bodies.pop()
        state: dict[str, Any] = body["view"]["state"]["values"]["asked"]["act"]
        return state | {"response_urls": body["response_urls"]} if body["response_urls"] else state

    return send


FILLED: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    (an_input("plain_text_input"), "Text", {"value": "Text"}),
    (an_input("plain_text_input", initial_value="Before"), None, {"value": "Before"}),
    (an_input("plain_text_input", optional=True), None, {"value": None}),
    (an_input("email_text_input"), "ada@example.com", {"value": "ada@example.com"}),
    (an_input("url_text_input"), "https://example.com/a", {"value": "https://example.com/a"}),
    (an_input("number_input", is_decimal_allowed=True), "-1.5", {"value": "-1.5"}),
    (an_input("rich_text_input"), ENTERED, {"rich_text_value": ENTERED}),
    (an_input("rich_text_input", optional=True), None, {}),
    (an_input("datepicker"), "2026-02-28", {"selected_date": "2026-02-28"}),
    (an_input("timepicker"), "09:30", {"selected_time": "09:30"}),
    (an_input("datetimepicker"), 1_700_000_000, {"selected_date_time": 1_700_000_000}),
    (an_input("users_select", initial_user=BEN), None, {"selected_user": BEN}),
    (an_input("multi_users_select", optional=True), None, {"selected_users": []}),
    (an_input("multi_channels_select"), ["C0GENERAL"], {"selected_channels": ["C0GENERAL"]}),
    (an_input("multi_conversations_select"), ["C0LEADS"], {"selected_conversations": ["C0LEADS"]}),
    (an_input("radio_buttons", options=[option("a")]), "a", {"selected_option": option("a")}),
]


@pytest.mark.parametrize(
    ("block", "value", "held"), FILLED, ids=[f"{one[0]['element']['type']} {one[1]}" for one in FILLED]
)
def test_what_a_form_holds(
    fill_in: Callable[..., dict[str, Any]], block: dict[str, Any], value: Any, held: dict[str, Any]
) -> None:
    state = fill_in(block, value)

    if "selected_option" in held:
        state["selected_option"]["text"].pop("emoji")
    assert state == {"type": block["element"]["type"], **held}


REFUSED: list[tuple[dict[str, Any], Any, str]] = [
    (an_input("plain_text_input"), None, "Please complete this required field."),
    (an_input("plain_text_input", min_length=3), "ab", "Please write at least 3 characters."),
    (an_input("plain_text_input", max_length=3), "abcd", "Please write at most 3 characters."),
    (an_input("email_text_input"), "ada at example", "Please enter a valid e-mail address."),
    (an_input("url_text_input"), "example.com", "Please enter a valid URL, with https:// before it."),
    (an_input("url_text_input"), "https://[", "Please enter a valid URL, with https:// before it."),
    (an_input("number_input", is_decimal_allowed=False), "ten", "Please enter a number."),
    (an_input("number_input", is_decimal_allowed=False), "NaN", "Please enter a number."),
    (an_input("number_input", is_decimal_allowed=False), "1.5", "Please enter a whole number."),
    (
        an_input("number_input", is_decimal_allowed=True, min_value="2"),
        "1.9",
        "Please enter a number of at least 2.",
    ),
    (
        an_input("number_input", is_decimal_allowed=True, max_value="2"),
        "2.1",
        "Please enter a number of at most 2.",
    ),
    (an_input("multi_users_select", max_selected_items=1), [ADA, BEN], "Please choose at most 1."),
    (an_input("checkboxes", options=[option("a")]), [], "Please complete this required field."),
]


@pytest.mark.parametrize(
    ("block", "value", "sentence"), REFUSED, ids=[f"{one[0]['element']['type']} {one[1]}" for one in REFUSED]
)
def test_what_slack_does_not_let_through(
    fill_in: Callable[..., dict[str, Any]], block: dict[str, Any], value: Any, sentence: str
) -> None:
    assert fill_in(block, value) == {"asked": sentence}


def test_files_arrive_as_slack_keeps_them(fill_in: Callable[..., dict[str, Any]], ada: Person) -> None:
    uploaded = ada.upload("deals.csv", b"a,b")

    state = fill_in(an_input("file_input", filetypes=["csv"]), [{"id": uploaded["id"], "name": "forged"}])

    (file,) = state["files"]
    assert (file["name"], file["filetype"], file["size"], file["user"]) == ("deals.csv", "csv", 3, ADA)


def test_files_that_are_not_asked_for(fill_in: Callable[..., dict[str, Any]], ada: Person) -> None:
    file = ada.upload("virus.exe", b"MZ")

    wrong_type = fill_in(an_input("file_input", filetypes=["csv", "xlsx"]), [file])
    too_many = fill_in(an_input("file_input", max_files=1), [file, file])

    assert wrong_type == {"asked": "virus.exe is not of a type that is asked for: csv, xlsx."}
    assert too_many == {"asked": "Please add at most 1 files."}
    with pytest.raises(RefusedError, match="This file is not there any more"):
        fill_in(an_input("file_input"), [{"id": "F0NONE"}])


def test_a_chosen_conversation_may_be_answered_in(
    fill_in: Callable[..., dict[str, Any]], ada: Person
) -> None:
    state = fill_in(an_input("conversations_select", response_url_enabled=True), "C0GENERAL")

    (leave,) = state["response_urls"]
    assert (leave["block_id"], leave["action_id"], leave["channel_id"]) == ("asked", "act", "C0GENERAL")
    WebhookClient(leave["response_url"]).send(text="Shared", response_type="in_channel")
    assert ada.messages("general")[-1]["text"] == "Shared"


# External data


@pytest.fixture
def offering(
    start: Callable[..., Sandbox], http_app: Callable[[Answer], HttpApp]
) -> Callable[[str], tuple[Sandbox, HttpApp]]:
    def begin(body: str) -> tuple[Sandbox, HttpApp]:
        app = http_app(acknowledging(lambda request: Reply(200, body, "application/json")))
        return start(http_url=app.url), app

    return begin


NORTH = '{"options": [{"text": {"type": "plain_text", "text": "North"}, "value": "n"}]}'


@pytest.mark.parametrize(
    ("least", "typed", "asked"), [(None, "no", 0), (None, "nor", 1), (0, "", 1), (1, "n", 1)]
)
def test_options_are_asked_for_as_soon_as_enough_is_typed(
    offering: Callable[[str], tuple[Sandbox, HttpApp]], least: int | None, typed: str, asked: int
) -> None:
    sandbox, app = offering(NORTH)
    api, ada = WebClient("xoxb-of-the-tests", base_url=sandbox.api_url), Person(sandbox.url, ADA)
    more = {} if least is None else {"min_query_length": least}
    api.chat_postMessage(channel=ADA, text="Pick", blocks=[actions(element("external_select", **more))])

    found = ada.options(ada.messages()[0], "act", typed)

    suggestions = [one for one in app.received if b"block_suggestion" in one.body]
    assert (len(found["options"]), len(suggestions)) == (asked, asked)


def test_the_app_hears_where_options_are_asked_for(
    sandbox: Sandbox, bolt: App, connect: Connect, api: WebClient, ada: Person
) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.options("act")
    def offer(ack: Ack, body: dict[str, Any]) -> None:
        heard.append(body)
        groups = [{"label": plain("Units"), "options": [option("north")]}]
        ack(option_groups=groups)

    connect(sandbox, bolt)
    posted = api.chat_postMessage(channel=ADA, text="Pick", blocks=[actions(element("external_select"))])
    found = ada.options(ada.messages()[0], "act", "nor")

    assert found["option_groups"][0]["options"][0]["value"] == "north"
    assert heard[0]["container"]["message_ts"] == heard[0]["message"]["ts"] == posted["ts"]
    assert heard[0]["channel"]["id"] == posted["channel"]
    assert heard[0]["value"] == "nor"


@pytest.mark.parametrize("body", ['{"options": "none"}', '{"options": [{"value": "n"}]}', '"text"', "oops"])
def test_options_that_slack_would_not_show(
    offering: Callable[[str], tuple[Sandbox, HttpApp]], body: str
) -> None:
    sandbox, _ = offering(body)
    api, ada = WebClient("xoxb-of-the-tests", base_url=sandbox.api_url), Person(sandbox.url, ADA)
    api.chat_postMessage(channel=ADA, text="Pick", blocks=[actions(element("external_select"))])

    if body == '"text"':
        assert ada.options(ada.messages()[0], "act", "nor") == {}
    else:
        with pytest.raises(RefusedError, match="is not what Slack takes"):
            ada.options(ada.messages()[0], "act", "nor")


def test_a_view_in_the_home_tab_asks_for_options_too(
    offering: Callable[[str], tuple[Sandbox, HttpApp]],
) -> None:
    sandbox, app = offering(NORTH)
    api, ada = WebClient("xoxb-of-the-tests", base_url=sandbox.api_url), Person(sandbox.url, ADA)
    api.views_publish(user_id=ADA, view=home(section(), actions(element("external_select"), block_id="b")))

    found = ada.options_in({"type": "home"}, "b", "act", "north")

    assert found["options"][0]["value"] == "n"
    until(lambda: any(b"block_suggestion" in one.body for one in app.received))
