"""A small Slack app for tests of the sandbox's page: it offers every element and remembers what it hears."""

import queue
import re
import threading
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox.server import Sandbox
from tests.e2e.tiny_blocks import ALL_INPUTS, ELEMENTS, FORM, HOME, SHOWN, note, option
from tests.sandbox.waiting import PATIENCE_S, hang_up

MANIFEST = {
    "display_information": {"name": "Tiny"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "tiny", "always_online": True},
        "slash_commands": [
            {"command": "/elements", "description": "Everything to press", "usage_hint": "[what]"},
            {"command": "/escape", "description": "Text with signs in it"},
        ],
        "shortcuts": [
            {
                "name": "Start a form",
                "type": "global",
                "callback_id": "start",
                "description": "Anywhere",
            },
            {"name": "Keep this", "type": "message", "callback_id": "keep", "description": "For later"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "files:write", "im:write", "im:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


class TinyApp:
    """Connected to a sandbox from `connect` to `close`.

    What it hears can be had from `next_heard` before it is acknowledged: when the page shows what came of an
    act, the act is no news any more. A form and /escape are answered while `may_answer` is set.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        workspace_app = sandbox.slack.workspace.app
        self.client = WebClient(token=workspace_app.bot_token, base_url=sandbox.api_url)
        self._bolt = App(client=self.client, request_verification_enabled=False)
        self._socket = SocketModeHandler(self._bolt, workspace_app.app_token)
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._bolt.command("/elements")(self._show_elements)
        self._bolt.command("/escape")(self._show_escapes)
        self._bolt.action("form")(self._open_form)
        self._bolt.action("all_inputs")(self._open_all_inputs)
        self._bolt.action(re.compile(".*"))(self._hear_action)
        self._bolt.shortcut(re.compile("start|keep"))(self._hear_shortcut)
        self._bolt.options(re.compile("external.*|value"))(self._offer)
        self._bolt.view("form")(self._take_form)
        self._bolt.view("all_inputs")(self._take_all_inputs)
        self._bolt.event("app_home_opened")(self._draw_home)

    def connect(self) -> None:
        self._socket.connect()

    def close(self) -> None:
        hang_up(self._socket.client)

    def next_heard(self) -> dict[str, Any]:
        """The next action or submission; fails the test if none comes."""
        return self._heard.get(timeout=PATIENCE_S)

    def has_heard_more(self) -> bool:
        return not self._heard.empty()

    def forget(self) -> None:
        self.may_answer.set()
        self._heard = queue.Queue()

    def show_everything(self, channel: str) -> None:
        """Post one block of every kind that only shows something."""
        self.client.chat_postMessage(channel=channel, text="Everything to see", blocks=SHOWN)

    def _show_elements(self, ack: Any) -> None:
        ack(text="Everything to press", blocks=ELEMENTS)

    def _show_escapes(self, ack: Any) -> None:
        self.may_answer.wait(PATIENCE_S)
        ack(text="&lt;!channel&gt; *R&amp;D* 1 &lt; 2 &gt; 0 <https://example.com|a link> <@U0LIN>")

    def _hear_action(self, ack: Any, body: dict[str, Any]) -> None:
        self._heard.put(body["actions"][0])
        ack()

    def _hear_shortcut(self, ack: Any, body: dict[str, Any]) -> None:
        self._heard.put(body)
        ack()

    def _open_form(self, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    def _open_all_inputs(self, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=ALL_INPUTS)

    def _offer(self, ack: Any, payload: dict[str, Any]) -> None:
        ack(options=[option(f"Deal {payload['value']} {number}", str(number)) for number in (1, 2)])

    def _take_form(self, ack: Any, view: dict[str, Any]) -> None:
        values = values_of(view)
        if values["number"]["value"] == "13":
            ack(response_action="errors", errors={"number": "Thirteen is taken."})
            return
        self._heard.put(values)
        self.may_answer.wait(PATIENCE_S)
        match values["what"]["value"]:
            case "update" | "push" as kind:
                ack(response_action=kind, view=note(f"After {kind}"))
            case "clear":
                ack(response_action="clear")
            case _:
                ack()

    def _take_all_inputs(self, ack: Any, view: dict[str, Any]) -> None:
        self._heard.put(values_of(view))
        ack()

    def _draw_home(self, event: dict[str, Any], client: WebClient) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=HOME)


def values_of(view: dict[str, Any]) -> dict[str, Any]:
    """What was entered, by block: every input here has the same action_id."""
    return {block: entered["value"] for block, entered in view["state"]["values"].items()}
