"""Cursors: long answers in pages, as Slack cuts them."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from sandbox.errors import SlackError
from sandbox.web_api.registry import Call

Item = TypeVar("Item")


def page_of(
    call: Call, items: Sequence[Item], *, default: int, most: int
) -> tuple[list[Item], dict[str, Any]]:
    """The page that `limit` and `cursor` ask for, and the `response_metadata` that leads to the next."""
    limit = call.args.number("limit", default) or default
    if limit < 0 or limit > most:
        raise SlackError("invalid_limit")
    start = _position(call.args.text("cursor"))
    end = start + limit
    next_cursor = base64.b64encode(f"from:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"next_cursor": next_cursor}


def _position(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        word, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "from":
            return int(position)
    except ValueError as error:
        raise SlackError("invalid_cursor") from error
    raise SlackError("invalid_cursor")
