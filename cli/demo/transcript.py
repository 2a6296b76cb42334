"""A message as a person would read it, in plain text."""

from collections.abc import Iterator
from typing import Any


def as_text(message: dict[str, Any]) -> str:
    """The text of the blocks, a line each; the message's own text where it has none."""
    lines = [line for block in message.get("blocks") or [] for line in _lines(block)]
    return "\n".join(lines) or str(message.get("text", ""))


def images(message: dict[str, Any]) -> list[dict[str, str]]:
    """The image blocks of a message that have arrived."""
    blocks = message.get("blocks") or []
    return [block for block in blocks if block["type"] == "image" and "image_url" in block]


def buttons(message: dict[str, Any]) -> list[str]:
    """The actions of a message's buttons."""
    rows = [block for block in message.get("blocks") or [] if block["type"] == "actions"]
    return [one["action_id"] for row in rows for one in row["elements"] if one["type"] == "button"]


def _lines(block: dict[str, Any]) -> Iterator[str]:
    kind = block["type"]
    if kind == "divider":
        yield "  · · ·"
    elif kind == "image":
        yield f"[{block['alt_text']}]"
    elif kind == "actions":
        yield "  ".join(f"[ {one['text']['text']} ]" for one in block["elements"] if one["type"] == "button")
    elif kind == "context":
        yield from (one["text"] for one in block["elements"] if "text" in one)
    else:
        texts = [block.get("text"), *block.get("fields", [])]
        yield from (text["text"] for text in texts if text)
