"""Calling the app as Slack does, and reading its answers."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode

from slack_bolt import BoltRequest, BoltResponse

from bot.app import PacesetterApp
from domain.settings_slack import Transport
from tests.bot.contracts import OutgoingContracts
from tests.bot.fake_slack import FakeSlack
from tests.bot.response_urls import ResponseUrls

SECRET = "a signing secret"


def slack_id(employee_id: str) -> str:
    return f"U0{employee_id}"


@dataclass(frozen=True)
class Answer:
    """What the asker sees below the command."""

    text: str
    blocks: list[dict[str, Any]]

    @property
    def shown(self) -> str:
        return "\n".join(texts(self.blocks))


def texts(value: Any) -> list[str]:
    """What blocks or a view show, a text an entry, in order."""
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for name, part in value.items() if name != "alt_text" for text in texts(part)]


class Caller:
    """Calls the app as Slack does, by signed requests or in Socket Mode's envelopes."""

    def __init__(
        self,
        app: PacesetterApp,
        slack: FakeSlack,
        contracts: OutgoingContracts | None,
        response_urls: ResponseUrls,
        transport: Transport = Transport.HTTP,
    ) -> None:
        self.app = app
        self.transport = transport
        self.slack = slack
        self.response_urls = response_urls
        self._contracts = contracts
        self._numbers = count(1)

    def command(self, employee_id: str, command: str, text: str = "") -> Answer:
        response = self.send(self.command_body(employee_id, command, text))
        assert response.status == 200
        body = json.loads(response.body)
        assert body["response_type"] == "ephemeral"
        if self._contracts:
            self._contracts.check_message(body["text"], body["blocks"])
        return Answer(body["text"], body["blocks"])

    def command_body(self, employee_id: str, command: str, text: str = "") -> str:
        fields = {
            "command": command,
            "text": text,
            "user_id": slack_id(employee_id),
            "team_id": "T1",
            "channel_id": "C1",
            "trigger_id": f"t{next(self._numbers)}",
            "response_url": "https://hooks.slack.com/commands/1",
        }
        return urlencode(fields)

    def press(self, employee_id: str, button: dict[str, Any]) -> dict[str, Any] | None:
        """Press a button; the window that opens."""
        return self.press_again(self.press_body(employee_id, button))

    def press_again(self, body: str) -> dict[str, Any] | None:
        self.slack.forget_calls()
        assert self.send(body).status == 200
        opened = self.slack.called("views.open")
        return opened[0]["view"] if opened else None

    def press_to_replace(self, employee_id: str, button: dict[str, Any], **more: Any) -> Answer:
        """Press a button in a message, or choose from a list; what comes in the message's place."""
        self.response_urls.received.clear()
        url = f"{self.response_urls.address}/actions/1"
        body = self.press_body(employee_id, button, response_url=url, **more)
        assert self.press_again(body) is None
        (answer,) = self.response_urls.received
        assert answer["replace_original"] is True
        if self._contracts:
            self._contracts.check_message(answer["text"], answer["blocks"])
        return Answer(answer["text"], answer["blocks"])

    def press_in_view(
        self, employee_id: str, view: dict[str, Any], button: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Press a button in a modal or the Home tab; the method that shows what comes of it, and the view."""
        shown = {"id": "V1", "hash": "1.a", **view}
        self.press_again(self.press_body(employee_id, button, view=shown))
        ((method, arguments),) = [call for call in self.slack.calls if call[0].startswith("views.")]
        return method, arguments["view"]

    def press_body(self, employee_id: str, button: dict[str, Any], **more: Any) -> str:
        payload = {
            "type": "block_actions",
            "user": {"id": slack_id(employee_id), "team_id": "T1"},
            "team": {"id": "T1"},
            "trigger_id": f"t{next(self._numbers)}",
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.0", **button}],
            **more,
        }
        return urlencode({"payload": json.dumps(payload)})

    def search(
        self, employee_id: str, form: dict[str, Any], field: str, typed: str = ""
    ) -> list[dict[str, Any]]:
        """What a list of a form offers for what is typed into it."""
        payload = {
            "type": "block_suggestion",
            "user": {"id": slack_id(employee_id), "team_id": "T1"},
            "team": {"id": "T1"},
            "action_id": field,
            "block_id": field,
            "value": typed,
            "view": {"id": "V1", "hash": "1.a", **form},
        }
        response = self.send(urlencode({"payload": json.dumps(payload)}))
        assert response.status == 200
        return json.loads(response.body)["options"] if response.body else []

    def submit(self, employee_id: str, form: dict[str, Any], **values: Any) -> dict[str, Any]:
        """Fill in a form, each field by its block id with `.` as `_`, and send it off; what Slack is told."""
        return self.submit_again(self.submit_body(employee_id, form, **values))

    def submit_again(self, body: str) -> dict[str, Any]:
        self.slack.forget_calls()
        response = self.send(body)
        assert response.status == 200
        told: dict[str, Any] = json.loads(response.body) if response.body else {}
        if self._contracts and "view" in told:
            self._contracts.check_view(told["view"])
        return told

    def submit_body(self, employee_id: str, form: dict[str, Any], **values: Any) -> str:
        payload = {
            "type": "view_submission",
            "user": {"id": slack_id(employee_id), "team_id": "T1"},
            "team": {"id": "T1"},
            "trigger_id": f"t{next(self._numbers)}",
            "view": {"id": "V1", "hash": "1.a", **form, "state": {"values": filled_in(form, values)}},
        }
        return urlencode({"payload": json.dumps(payload)})

    def opens_home(self, employee_id: str, tab: str = "home") -> dict[str, Any] | None:
        self.slack.forget_calls()
        event = {"type": "app_home_opened", "user": slack_id(employee_id), "channel": "D1", "tab": tab}
        assert self.event(event).status == 200
        published = self.slack.called("views.publish")
        return published[0]["view"] if published else None

    def event(self, event: dict[str, Any]) -> BoltResponse:
        body = {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": f"Ev{next(self._numbers)}",
            "event": event,
        }
        return self.send(json.dumps(body))

    def send(self, body: str) -> BoltResponse:
        """By the transport that this caller uses."""
        request = self.signed(body) if self.transport is Transport.HTTP else self.in_envelope(body)
        return self.app.dispatch(request)

    @staticmethod
    def in_envelope(body: str) -> BoltRequest:
        """What Socket Mode hands over for the same request."""
        if body.startswith("{"):
            return BoltRequest(mode="socket_mode", body=json.loads(body))
        fields = dict(parse_qsl(body, keep_blank_values=True))
        payload = json.loads(fields["payload"]) if "payload" in fields else fields
        return BoltRequest(mode="socket_mode", body=payload)

    @staticmethod
    def signed(body: str, at: str | None = None, secret: str = SECRET) -> BoltRequest:
        timestamp = at or str(int(time.time()))
        digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
        kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
        headers = {
            "content-type": kind,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": f"v0={digest}",
        }
        return BoltRequest(body=body, headers=headers)


def button(answer: Answer | dict[str, Any], action_id: str) -> dict[str, Any]:
    """The first button of that name."""
    found = buttons(answer, action_id)
    assert found, f"no button {action_id}"
    return found[0]


def buttons(answer: Answer | dict[str, Any], action_id: str) -> list[dict[str, Any]]:
    """All buttons of that name, in rows of their own or at the side of a section."""
    blocks = answer.blocks if isinstance(answer, Answer) else answer["blocks"]
    elements = [
        one for block in blocks for one in [*block.get("elements", ()), block.get("accessory")] if one
    ]
    return [
        {"action_id": action_id, "value": one["value"]}
        for one in elements
        if one.get("action_id") == action_id
    ]


FILLED_IN_AS = {
    "number_input": "value",
    "plain_text_input": "value",
    "timepicker": "selected_time",
    "datepicker": "selected_date",
    "conversations_select": "selected_conversation",
    "users_select": "selected_user",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
}


def filled_in(form: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The state of a form, as Slack sends it; options by their values, fields left out as they were."""
    inputs = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    given = {block_id: values.pop(block_id.replace(".", "_"), None) for block_id in inputs}
    assert not values, f"no such fields: {values}"
    return {
        block_id: {element["action_id"]: _state(element, given[block_id])}
        for block_id, element in inputs.items()
    }


def _state(element: dict[str, Any], given: Any) -> dict[str, Any]:
    name = FILLED_IN_AS[element["type"]]
    if name == "selected_options":
        chosen = element.get("initial_options", []) if given is None else [{"value": one} for one in given]
        return {"type": element["type"], name: chosen}
    if name == "selected_option":
        given = element.get("initial_option") if given is None else {"value": given}
    return {"type": element["type"], name: given}
