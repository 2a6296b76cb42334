"""Blocks, and the limits Slack sets on them: longer content is cut with a mark, never an API error."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.blocks.escaping import Mrkdwn, bold, cut, join, mrkdwn, plain, utf16_length
from bot.locale import Language
from domain.errors import Refusal

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
SECTION_TEXT = 3000
FIELD_TEXT = 2000
FIELDS = 10
HEADER_TEXT = 150
ACTIONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
CONTEXT_ELEMENTS = 10
OPTIONS = 100
OPTION_TEXT = 75
PLACEHOLDER_TEXT = 150
OPTION_VALUE = 75
MODAL_TITLE = 24
ALT_TEXT = 2000
TOP_LEVEL_TEXT = 3000
MESSAGE_LENGTH = 12_000
"""Of all blocks together, as JSON: Slack refuses little more than 13 000 (msg_blocks_too_long)."""
VIEW_LENGTH = 200_000
"""Slack refuses 250 kB."""

Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """What a message says: its blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Writer:
    """Writes sentences for blocks: ours keep their formatting, what fills their places is escaped."""

    language: Language

    def text(self, sentence: str, **values: object) -> Mrkdwn:
        return Mrkdwn(self.language.text(sentence, **self._safe(values)))

    def plural(self, one: str, many: str, n: int, **values: object) -> Mrkdwn:
        return Mrkdwn(self.language.plural(one, many, n, **self._safe(values)))

    def refusal(self, refusal: Refusal) -> Mrkdwn:
        return self.text(refusal.sentence, **self.language.readable(refusal))

    def label(self, name: str) -> Mrkdwn:
        return mrkdwn(self.language.label(name))

    def listed(self, items: Sequence[str]) -> Mrkdwn:
        """One, two, and three."""
        return Mrkdwn(self.language.listed([mrkdwn(item) for item in items]))

    def _safe(self, values: dict[str, object]) -> dict[str, object]:
        return {name: mrkdwn(self._shown(value)) for name, value in values.items()}

    def _shown(self, value: object) -> str:
        return value if isinstance(value, str) else self.language.show(value)


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, HEADER_TEXT)}


def section(*lines: str, button: Block | None = None) -> Block:
    """Lines below each other, at its right perhaps a button."""
    block: Block = {"type": "section", "text": mrkdwn_text(join(lines), SECTION_TEXT)}
    if button is not None:
        block["accessory"] = button
    return block


def sections(lines: Iterable[str]) -> list[Block]:
    """As many sections as the lines need; none is cut unless it is too long by itself."""
    blocks: list[list[Mrkdwn]] = []
    room = 0
    for line in map(mrkdwn, lines):
        needed = utf16_length(line) + 1
        if needed > room:
            blocks.append([])
            room = SECTION_TEXT + 1
        blocks[-1].append(line)
        room -= needed
    return [section(*block) for block in blocks]


def fields(*texts: str) -> Block:
    """Up to 10 short texts in two columns."""
    return {"type": "section", "fields": [mrkdwn_text(mrkdwn(text), FIELD_TEXT) for text in texts[:FIELDS]]}


def context(*texts: str) -> Block:
    """Small print."""
    elements = [mrkdwn_text(mrkdwn(text), SECTION_TEXT) for text in texts[:CONTEXT_ELEMENTS]]
    return {"type": "context", "elements": elements}


def divider() -> Block:
    return {"type": "divider"}


def image(file_id: str, alt_text: str) -> Block:
    """A picture that was uploaded before. The alt text holds its numbers."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": cut(plain(alt_text) or "–", ALT_TEXT)}


def button(text: str, action_id: str, value: str, style: str | None = None) -> Block:
    if len(value) > BUTTON_VALUE:
        raise ValueError(
            f"the value of {action_id} has {len(value)} characters: keep an id in it, not content"
        )
    block: Block = {
        "type": "button",
        "text": plain_text(text, BUTTON_TEXT),
        "action_id": action_id,
        "value": value,
    }
    if style is not None:
        block["style"] = style
    return block


def select(placeholder: str, action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    """A list to choose one of: the text and the value of each, 100 at most."""
    if too_long := [value for _, value in options if len(value) > OPTION_VALUE]:
        raise ValueError(f"a value of {action_id} is longer than {OPTION_VALUE} characters: {too_long[0]}")
    return {
        "type": "static_select",
        "placeholder": plain_text(placeholder, PLACEHOLDER_TEXT),
        "action_id": action_id,
        "options": [
            {"text": plain_text(text, OPTION_TEXT), "value": value} for text, value in options[:OPTIONS]
        ],
    }


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons[:ACTIONS])}


def message(writer: Writer, text: str, blocks: Sequence[Block]) -> Message:
    """The top-level text is what a notification shows; blocks beyond Slack's limit give way to a note."""
    fitting = _fitting(writer, blocks, BLOCKS_IN_MESSAGE, MESSAGE_LENGTH)
    return Message(cut(mrkdwn(text), TOP_LEVEL_TEXT), fitting)


def modal(writer: Writer, title: str, blocks: Sequence[Block]) -> Block:
    """A window to read: no inputs, closed by the reader."""
    return {
        "type": "modal",
        "title": plain_text(title, MODAL_TITLE),
        "close": plain_text(writer.language.text("Close"), MODAL_TITLE),
        "blocks": _fitting(writer, blocks, BLOCKS_IN_VIEW, VIEW_LENGTH),
    }


def home(writer: Writer, blocks: Sequence[Block]) -> Block:
    return {"type": "home", "blocks": _fitting(writer, blocks, BLOCKS_IN_VIEW, VIEW_LENGTH)}


def plain_text(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(plain(text) or "–", limit), "emoji": False}


def mrkdwn_text(text: Mrkdwn, limit: int) -> Block:
    """`verbatim`: Slack must not turn what looks like an address or a channel into a link."""
    return {"type": "mrkdwn", "text": cut(text, limit) or "–", "verbatim": True}


def _fitting(writer: Writer, blocks: Sequence[Block], most: int, longest: int) -> list[Block]:
    """Where there are too many, the last sections give way to a note; buttons and small print stay."""
    if len(blocks) <= most and _length(blocks) <= longest:
        return list(blocks)
    kept = list(blocks)
    at = len(kept)
    while len(kept) >= most or _length(kept) > longest:
        at = _least_needed(kept)
        del kept[at]
    left_out = len(blocks) - len(kept)
    note = writer.plural("{n} more part is not shown.", "{n} more parts are not shown.", left_out)
    kept.insert(at, context(note))
    return kept


def _least_needed(blocks: Sequence[Block]) -> int:
    """The last section that is not the heading; where there is none, the last block."""
    sections_after_heading = [n for n, block in enumerate(blocks) if n and block["type"] == "section"]
    return sections_after_heading[-1] if sections_after_heading else len(blocks) - 1


def _length(blocks: Sequence[Block]) -> int:
    return utf16_length(json.dumps(blocks, ensure_ascii=False))


__all__ = ["Block", "Message", "Mrkdwn", "Writer", "bold", "join", "mrkdwn"]
