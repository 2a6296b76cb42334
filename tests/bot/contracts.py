"""Holding what leaves the bot against Slack's published types, and against what those types miss."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.json_schemas import validator

VIEW_SCHEMAS = {"modal": "SlackModal", "home": "SlackHome"}
TEXT_TYPES = ("mrkdwn", "plain_text")


class OutgoingContracts:
    """`folder`: slack-contracts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check_message(self, text: str, blocks: list[dict[str, Any]]) -> None:
        self._check("SlackMessage", {"text": text, "blocks": blocks})
        assert text.strip(), "every message has a top-level text"
        check_what_schemas_miss(blocks)

    def check_view(self, view: dict[str, Any]) -> None:
        self._check(VIEW_SCHEMAS[view["type"]], view)
        check_what_schemas_miss(view["blocks"])

    def check_call(self, method: str, arguments: dict[str, Any]) -> None:
        """A call's arguments; views as Bolt's client sends them, encoded or not."""
        given = {name: _decoded(value) for name, value in arguments.items()}
        if "view" in given:
            self.check_view(given["view"])
        if (self.folder / "webapi" / f"{_file(method)}.schema.json").exists():
            self._check(f"webapi/{_file(method)}", _typed(given))

    def _check(self, name: str, value: Any) -> None:
        schema = validator(self.folder / f"{name}.schema.json")
        problems = [error.message[:600] for error in schema.iter_errors(value)]
        assert not problems, f"{name}: {problems[0]}"


def check_what_schemas_miss(blocks: list[dict[str, Any]]) -> None:
    names = [element.get("action_id") for block in blocks for element in block.get("elements", [])]
    for block in blocks:
        elements = [one for one in block.get("elements", []) if one["type"] not in TEXT_TYPES]
        ids = [element.get("action_id") for element in elements]
        assert all(ids), f"an element without action_id: {block}"
        assert len(ids) == len(set(ids)), f"an action_id twice in a block: {ids}"
        if block["type"] == "section":
            assert block.get("text") or block.get("fields"), "a section with neither text nor fields"
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(block_ids) == len(set(block_ids)), f"a block_id twice: {block_ids} {names}"


def texts_of(value: Any) -> Iterator[str]:
    """Every text that is shown, wherever it is in blocks or a view."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ("text", "alt_text") and isinstance(part, str):
                yield part
            else:
                yield from texts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part)


def _decoded(value: Any) -> Any:
    """What the client wrote as JSON; a text that only begins like it is a text."""
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _typed(arguments: dict[str, Any]) -> dict[str, Any]:
    """Form values as the types they stand for: the client writes true as 1."""
    flags = ("include_locale",)
    return {name: bool(value) if name in flags else value for name, value in arguments.items()}


def _file(method: str) -> str:
    return method.replace(".", "_")
