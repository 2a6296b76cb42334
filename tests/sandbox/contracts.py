"""Slack's published types as JSON Schemas, to hold what leaves the sandbox against."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.json_schemas import validator

EVENT_SCHEMAS = {
    "app_home_opened": "ev_app_home_opened",
    "app_mention": "ev_app_mention",
    "member_joined_channel": "ev_member_joined",
    "message": "ev_message",
    "reaction_added": "ev_reaction_added",
    "team_join": "ev_team_join",
}
# Events whose shape only a sample shows.
SAMPLES = {"app_uninstalled": "AppUninstalledPayload", "tokens_revoked": "TokensRevokedPayload"}
# What samples have and Slack left out long ago.
OUT_OF_USE = {"authed_users", "authed_teams", "enterprise_id", "enterprise"}
INTERACTION_SCHEMAS = {
    "block_actions": "in_block_actions",
    "message_action": "in_message_shortcut",
    "shortcut": "in_global_shortcut",
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


class Contracts:
    """The folder slack-contracts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def problems(self, name: str, value: Any) -> list[str]:
        """What the schema `name` (a path within the folder, without its ending) has against a value."""
        return [error.message for error in validator(self.folder / f"{name}.json").iter_errors(value)]

    def lacking(self, sample: str, value: Any) -> set[str]:
        """Pointers to what a sample of Slack's has, and a value lacks."""
        shown = json.loads((self.folder / "samples" / f"{sample}.json").read_text(encoding="utf-8"))
        return set(_lacking(shown, value, ""))

    def check_traffic(self, entries: list[dict[str, Any]]) -> None:
        """Every payload that the sandbox sent, and every answer that has a schema."""
        for entry in entries:
            schema, value = self._schema_of(entry)
            if schema in SAMPLES.values():
                assert not (lacking := self.lacking(f"inbound/{schema}", value)), (
                    f"{entry['method']}: {lacking}"
                )
            elif schema is not None:
                problems = self.problems(f"inbound/{schema}", value)
                assert not problems, f"{entry['method']}: {problems[0][:2000]}"

    def _schema_of(self, entry: dict[str, Any]) -> tuple[str | None, Any]:
        if entry["kind"] == "web_api":
            return ANSWER_SCHEMAS.get(entry["method"]), _as_published(entry["response"])
        if entry["direction"] != "out":
            return None, None
        payload = entry["request"]["payload"]
        if "command" in payload:
            return "in_slash", payload
        if payload["type"] == "event_callback":
            if (name := payload["event"]["type"]) in SAMPLES:
                return SAMPLES[name], payload
            if name == "user_change":  # the same user as in team_join
                return EVENT_SCHEMAS["team_join"], payload["event"] | {"type": "team_join"}
            # The published types have no schema for events of a subtype, nor for some of the others.
            return (None if "subtype" in payload["event"] else EVENT_SCHEMAS.get(name)), payload["event"]
        if payload["type"] == "block_actions" and payload["actions"][0]["type"] != "button":
            # The schema of block_actions was made for buttons; the rest of the payload is the same.
            payload = payload | {"actions": [A_BUTTON]}
        return INTERACTION_SCHEMAS.get(payload["type"]), payload


# Blocks that came after the published type of chat.postMessage's answer.
NEWER_BLOCKS = {"container", "context_actions", "data_table", "data_visualization"}


def _as_published(answer: dict[str, Any]) -> dict[str, Any]:
    """The published type of an answer knows one example of metadata, and not the newest blocks."""
    if "message" not in answer:
        return answer
    message = dict(answer["message"])
    if "metadata" in message:
        message["metadata"] = message["metadata"] | {"event_payload": {}}
    if "blocks" in message:
        message["blocks"] = [one for one in message["blocks"] if one["type"] not in NEWER_BLOCKS]
    return answer | {"message": message}


def _lacking(sample: Any, value: Any, pointer: str) -> Iterator[str]:
    if isinstance(sample, dict):
        if not isinstance(value, dict):
            yield pointer
            return
        for name in sample.keys() - OUT_OF_USE:
            if name not in value:
                yield f"{pointer}/{name}"
            else:
                yield from _lacking(sample[name], value[name], f"{pointer}/{name}")
    elif isinstance(sample, list) and not isinstance(value, list):
        yield pointer
