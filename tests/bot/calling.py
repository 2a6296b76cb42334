"""Calling the app as Slack does, and reading its answers."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_bolt import BoltRequest, BoltResponse

from bot.app import PacesetterApp
from tests.bot.contracts import OutgoingContracts
from tests.bot.fake_slack import FakeSlack

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
    """Calls the app as Slack does, by signed requests."""

    def __init__(self, app: PacesetterApp, slack: FakeSlack, contracts: OutgoingContracts | None) -> None:
        self.app = app
        self.slack = slack
        self._contracts = contracts
        self._numbers = count(1)

    def command(self, employee_id: str, command: str, text: str = "") -> Answer:
        response = self.app.dispatch(self.signed(self.command_body(employee_id, command, text)))
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
        assert self.app.dispatch(self.signed(body)).status == 200
        opened = self.slack.called("views.open")
        return opened[0]["view"] if opened else None

    def press_body(self, employee_id: str, button: dict[str, Any]) -> str:
        payload = {
            "type": "block_actions",
            "user": {"id": slack_id(employee_id), "team_id": "T1"},
            "team": {"id": "T1"},
            "trigger_id": f"t{next(self._numbers)}",
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.0", **button}],
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
        return self.app.dispatch(self.signed(json.dumps(body)))

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
    blocks = answer.blocks if isinstance(answer, Answer) else answer["blocks"]
    found = [
        one
        for block in blocks
        if block["type"] == "actions"
        for one in block["elements"]
        if one["action_id"] == action_id
    ]
    assert found, f"no button {action_id}"
    return {"action_id": action_id, "value": found[0]["value"]}
