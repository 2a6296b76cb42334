"""Slack's published types as JSON Schemas, to hold what leaves the sandbox against."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

EVENT_SCHEMAS = {
    "app_home_opened": "ev_app_home_opened",
    "app_mention": "ev_app_mention",
    "message": "ev_message",
}
INTERACTION_SCHEMAS = {
    "block_actions": "in_block_actions",
    "view_submission": "in_view_submission",
    "view_closed": "in_view_closed",
}
ANSWER_SCHEMAS = {
    "auth.test": "res_auth_test",
    "chat.postMessage": "res_chat_post",
    "conversations.list": "res_conversations_list",
    "users.info": "res_users_info",
    "users.list": "res_users_list",
}
A_BUTTON = {
    "type": "button",
    "action_id": "a",
    "block_id": "b",
    "action_ts": "1.2",
    "text": {"type": "plain_text", "text": "t"},
}


@cache
def validator(path: Path) -> Draft7Validator:
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


class Contracts:
    """The folder slack-contracts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def problems(self, name: str, value: Any) -> list[str]:
        """What the schema `name` (a path within the folder, without its ending) has against a value."""
        return [error.message for error in validator(self.folder / f"{name}.json").iter_errors(value)]

    def check_traffic(self, entries: list[dict[str, Any]]) -> None:
        """Every payload that the sandbox sent, and every answer that has a schema."""
        for entry in entries:
            schema, value = self._schema_of(entry)
            if schema is not None:
                problems = self.problems(f"inbound/{schema}", value)
                assert not problems, f"{entry['method']}: {problems[0][:2000]}"

    def _schema_of(self, entry: dict[str, Any]) -> tuple[str | None, Any]:
        if entry["kind"] == "web_api":
            return ANSWER_SCHEMAS.get(entry["method"]), _without_event_payload(entry["response"])
        if entry["kind"] != "socket":
            return None, None
        payload = entry["request"]["payload"]
        kind = entry["request"]["type"]
        if kind == "slash_commands":
            return "in_slash", payload
        if kind == "events_api":
            return EVENT_SCHEMAS[payload["event"]["type"]], payload["event"]
        if payload["type"] == "block_actions" and payload["actions"][0]["type"] != "button":
            # The schema of block_actions was made for buttons; the rest of the payload is the same.
            payload = payload | {"actions": [A_BUTTON]}
        return INTERACTION_SCHEMAS.get(payload["type"]), payload


def _without_event_payload(answer: dict[str, Any]) -> dict[str, Any]:
    """The published type of an answer knows one example of metadata; any other event_payload is as good."""
    if "metadata" not in answer.get("message", {}):
        return answer
    metadata = answer["message"]["metadata"] | {"event_payload": {}}
    return answer | {"message": answer["message"] | {"metadata": metadata}}
