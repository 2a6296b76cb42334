"""A small Slack app for tests of the sandbox's page: it offers every element and remembers what it hears."""

import queue
import re
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox.server import Sandbox

MANIFEST = {
    "display_information": {"name": "Tiny"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "tiny", "always_online": True},
        "slash_commands": [
            {"command": "/elements", "description": "Everything to press", "usage_hint": "[what]"},
            {"command": "/escape", "description": "Text with signs in it"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "files:write", "im:write", "im:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


WEEK, MONTH = option("Week", "w"), option("Month", "m")
NORTH, SOUTH = option("North", "n"), option("South", "s")

CONFIRM = {
    "title": plain("Sure?"),
    "text": mrkdwn("It cannot be *undone*."),
    "confirm": plain("Do it"),
    "deny": plain("Leave it"),
}

ELEMENTS: list[dict[str, Any]] = [
    {"type": "section", "text": mrkdwn("*Everything to press*")},
    {
        "type": "section",
        "block_id": "row",
        "text": mrkdwn("A row"),
        "accessory": {"type": "overflow", "action_id": "overflow", "options": [NORTH, SOUTH]},
    },
    {
        "type": "actions",
        "block_id": "press",
        "elements": [
            {"type": "button", "action_id": "press", "text": plain("Press"), "value": "7"},
            {
                "type": "button",
                "action_id": "risky",
                "text": plain("Risky"),
                "style": "danger",
                "confirm": CONFIRM,
            },
            {"type": "button", "action_id": "form", "text": plain("Open form"), "style": "primary"},
            {"type": "datepicker", "action_id": "date", "placeholder": plain("Day")},
            {"type": "timepicker", "action_id": "time", "placeholder": plain("Hour")},
        ],
    },
    {
        "type": "actions",
        "block_id": "choose",
        "elements": [
            {
                "type": "static_select",
                "action_id": "static",
                "placeholder": plain("Area"),
                "options": [NORTH, SOUTH],
            },
            {"type": "users_select", "action_id": "user", "placeholder": plain("Person")},
            {"type": "conversations_select", "action_id": "place", "placeholder": plain("Place")},
            {
                "type": "multi_static_select",
                "action_id": "several",
                "placeholder": plain("Regions"),
                "option_groups": [{"label": plain("Halves"), "options": [NORTH, SOUTH]}],
            },
            {
                "type": "external_select",
                "action_id": "external",
                "placeholder": plain("Deal"),
                "min_query_length": 2,
            },
            {"type": "radio_buttons", "action_id": "radio", "options": [WEEK, MONTH], "initial_option": WEEK},
            {"type": "checkboxes", "action_id": "boxes", "options": [NORTH, SOUTH]},
        ],
    },
]


def input_block(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    element = element | {"action_id": "value"}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Form"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "blocks": [
        input_block(
            "what", "What next", {"type": "plain_text_input"}, hint=plain("update, push, clear or done")
        ),
        input_block(
            "number", "Number", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
        ),
        input_block("who", "Who", {"type": "users_select"}, optional=True),
    ],
}


def note(title: str) -> dict[str, Any]:
    """A modal that only says something."""
    return {"type": "modal", "title": plain(title), "blocks": [{"type": "section", "text": mrkdwn(title)}]}


HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Welcome home")},
        {
            "type": "actions",
            "block_id": "home",
            "elements": [{"type": "button", "action_id": "press", "text": plain("Press"), "value": "home"}],
        },
    ],
}


class TinyApp:
    """Connected to a sandbox from `connect` to `close`; `heard` has every action and submission, in order."""

    def __init__(self, sandbox: Sandbox) -> None:
        workspace_app = sandbox.slack.workspace.app
        self.client = WebClient(token=workspace_app.bot_token, base_url=sandbox.api_url)
        self._bolt = App(client=self.client, request_verification_enabled=False)
        self._socket = SocketModeHandler(self._bolt, workspace_app.app_token)
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._bolt.command("/elements")(self._show_elements)
        self._bolt.command("/escape")(self._show_escapes)
        self._bolt.action("form")(self._open_form)
        self._bolt.action(re.compile(".*"))(self._hear_action)
        self._bolt.options("external")(self._offer)
        self._bolt.view("form")(self._take_form)
        self._bolt.event("app_home_opened")(self._draw_home)

    def connect(self) -> None:
        self._socket.connect()

    def close(self) -> None:
        self._socket.close()

    def next_heard(self) -> dict[str, Any]:
        """The next action or submission; fails the test if none comes."""
        return self._heard.get(timeout=5)

    def has_heard_more(self) -> bool:
        return not self._heard.empty()

    def forget(self) -> None:
        self._heard = queue.Queue()

    def _show_elements(self, ack: Any) -> None:
        ack(text="Everything to press", blocks=ELEMENTS)

    def _show_escapes(self, ack: Any) -> None:
        ack(text="&lt;!channel&gt; *R&amp;D* 1 &lt; 2 &gt; 0 <https://example.com|a link> <@U0LIN>")

    def _hear_action(self, ack: Any, body: dict[str, Any]) -> None:
        ack()
        self._heard.put(body["actions"][0])

    def _open_form(self, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    def _offer(self, ack: Any, payload: dict[str, Any]) -> None:
        ack(options=[option(f"Deal {payload['value']} {number}", str(number)) for number in (1, 2)])

    def _take_form(self, ack: Any, view: dict[str, Any]) -> None:
        values = {block: entered["value"] for block, entered in view["state"]["values"].items()}
        if values["number"]["value"] == "13":
            ack(response_action="errors", errors={"number": "Thirteen is taken."})
            return
        match values["what"]["value"]:
            case "update" | "push" as kind:
                ack(response_action=kind, view=note(f"After {kind}"))
            case "clear":
                ack(response_action="clear")
            case _:
                ack()
        self._heard.put(values)

    def _draw_home(self, event: dict[str, Any], client: WebClient) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=HOME)
