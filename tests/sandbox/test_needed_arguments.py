"""A call that lacks what Slack's published types demand is refused here, too."""

from typing import Any

import pytest
import requests
from slack_sdk import WebClient

from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, APP_TOKEN, BOT_TOKEN, home, modal, section
from tests.sandbox.contracts import Contracts
from tests.sandbox.test_web_api_files import upload
from tests.sandbox.waiting import PATIENCE_S

GENERAL = "C0GENERAL"


def whole_calls(sandbox: Sandbox, api: WebClient) -> dict[str, dict[str, Any]]:
    """Arguments that each method takes."""
    ts = api.chat_postMessage(channel=GENERAL, text="hi")["ts"]
    later = int(sandbox.slack.clock()) + 600
    trigger = sandbox.slack.triggers.issue
    view = modal(section())
    opened = api.views_open(trigger_id=trigger(ADA), view=view)["view"]["id"]
    return {
        "chat.delete": {"channel": GENERAL, "ts": ts},
        "chat.getPermalink": {"channel": GENERAL, "message_ts": ts},
        "chat.postEphemeral": {"channel": GENERAL, "user": ADA, "text": "x"},
        "chat.postMessage": {"channel": GENERAL, "text": "x"},
        "chat.scheduleMessage": {"channel": GENERAL, "text": "x", "post_at": later},
        "chat.update": {"channel": GENERAL, "ts": ts, "text": "x"},
        "conversations.history": {"channel": GENERAL},
        "conversations.info": {"channel": GENERAL},
        "conversations.join": {"channel": "C0RANDOM"},
        "conversations.members": {"channel": GENERAL},
        "conversations.open": {"users": ADA},
        "conversations.replies": {"channel": GENERAL, "ts": ts},
        "files.completeUploadExternal": {"files": [{"id": upload(api, b"x", "a.txt"), "title": "x"}]},
        "files.getUploadURLExternal": {"filename": "a.txt", "length": 1},
        "reactions.add": {"channel": GENERAL, "timestamp": ts, "name": "eyes"},
        "usergroups.users.list": {"usergroup": "S0SALES"},
        "users.info": {"user": ADA},
        "users.lookupByEmail": {"email": "ada@example.com"},
        "views.open": {"trigger_id": trigger(ADA), "view": view},
        "views.publish": {"user_id": ADA, "view": home(section())},
        "views.push": {"trigger_id": trigger(ADA, opened), "view": view},
        "views.update": {"view_id": opened, "view": view},
    }


def call(sandbox: Sandbox, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
    answer: dict[str, Any] = requests.post(
        sandbox.api_url + method,
        json=arguments,
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE_S,
    ).json()
    return answer


def test_what_the_types_demand_is_demanded(sandbox: Sandbox, api: WebClient, contracts: Contracts) -> None:
    calls = whole_calls(sandbox, api)
    accepted, demanded = [], 0
    for method, whole in calls.items():
        schema = f"webapi/{method.replace('.', '_')}.schema"
        assert contracts.problems(schema, whole) == [], method
        for name in whole:
            without = {key: value for key, value in whole.items() if key != name}
            if contracts.problems(schema, without):
                demanded += 1
                accepted += [f"{method} without {name}"] if call(sandbox, method, without)["ok"] else []

    assert accepted == []
    assert demanded > 25


@pytest.mark.parametrize("method", ["chat.postMessage", "users.info", "conversations.info"])
def test_a_text_is_a_text(sandbox: Sandbox, api: WebClient, method: str) -> None:
    whole = whole_calls(sandbox, api)[method]

    for name in whole:
        answer = call(sandbox, method, whole | {name: {"not": "a text"}})
        assert (answer["ok"], answer["error"]) == (False, "invalid_arguments"), name
