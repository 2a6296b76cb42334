"""Whether a text that goes to Slack does anything there, and whether blocks keep Slack's limits."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.blocks.escaping import utf16_length
from bot.blocks.primitives import Message

Drawn = Message | dict[str, Any] | list[dict[str, Any]]

_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_ADDRESS = re.compile(r"://|(?:mailto|tel):(?!\u2060)\S|www\.\w", re.IGNORECASE)
_EMOJI = re.compile(r":(?!(?<=\d:)\d\d:)[a-z0-9_+'-]+:", re.IGNORECASE)
_CHOSEN_MENTION = re.compile(r"<@U0\w+>")
"""Of the owner of a shared card, who chose to be named."""
_FORMATS = re.compile(r"[*`~]|(?<![^\W_])_|_(?![^\W_])|^(?:&gt;|>)", re.MULTILINE)
_DOES_NOT_SHOW = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_LONGEST = {
    "section": 3000,
    "header": 150,
    "button": 75,
    "value": 2000,
    "option": 75,
    "description": 75,
    "option value": 75,
    "title": 24,
    "label": 2000,
    "hint": 2000,
    "placeholder": 150,
    "alt_text": 2000,
}
_MOST = {"actions": 25, "context": 10}
_TEXTS_OF_PARTS = ("text", "label", "hint", "placeholder", "description")
_MOST_BLOCKS_IN_MESSAGE, _MOST_BLOCKS_IN_VIEW, _MOST_OPTIONS = 50, 100, 100
_LONGEST_TOP_LEVEL, _LONGEST_METADATA = 3000, 3000


def what_is_live(drawn: Drawn) -> list[str]:
    """Texts that mention, link, show an emoji or an invisible character; formatting is counted instead."""
    top = [drawn.text] if isinstance(drawn, Message) else []
    mrkdwn, plain = formatted(drawn), [part["text"] for part in objects(drawn, "plain_text")]
    plain += [part["alt_text"] for part in _parts(_blocks(drawn)) if "alt_text" in part]
    return [text for text in [*top, *mrkdwn] if _is_live(text)] + [text for text in plain if _breaks(text)]


def formatting(drawn: Drawn) -> Counter[str]:
    """How often each mark of mrkdwn stands where it formats, new lines included."""
    top = [drawn.text] if isinstance(drawn, Message) else []
    texts = [*top, *formatted(drawn)]
    marks = Counter(mark for text in texts for mark in _FORMATS.findall(text))
    marks["\n"] = sum(text.count("\n") for text in texts)
    return marks


def formatted(drawn: Drawn) -> list[str]:
    return [part["text"] for part in objects(drawn, "mrkdwn")]


def objects(drawn: Drawn, kind: str) -> list[dict[str, Any]]:
    return [part for part in _parts(_shown(drawn)) if part.get("type") == kind]


def beyond_limits(drawn: Drawn) -> list[str]:
    """What Slack would refuse for its length, number or emptiness."""
    return [*_of_the_whole(drawn), *(problem for part in _parts(_shown(drawn)) for problem in _of_part(part))]


def _is_live(text: str) -> bool:
    rest = _CHOSEN_MENTION.sub("", text)
    return bool(_breaks(rest) or _ADDRESS.search(rest) or _EMOJI.search(rest))


def _breaks(text: str) -> bool:
    return bool("<" in text or ">" in text or "&" in _ENTITY.sub("", text) or _DOES_NOT_SHOW.search(text))


def _of_the_whole(drawn: Drawn) -> Iterator[str]:
    blocks = _blocks(drawn)
    if isinstance(drawn, Message):
        if not drawn.text.strip() or utf16_length(drawn.text) > _LONGEST_TOP_LEVEL:
            yield f"a top-level text of {len(drawn.text)} characters"
        if len(blocks) > _MOST_BLOCKS_IN_MESSAGE:
            yield f"a message of {len(blocks)} blocks"
    elif isinstance(drawn, dict) and "blocks" in drawn:
        if len(blocks) > _MOST_BLOCKS_IN_VIEW:
            yield f"a view of {len(blocks)} blocks"
        if len(drawn.get("private_metadata", "")) > _LONGEST_METADATA:
            yield "private_metadata that is too long"
        for name in ("title", "submit", "close"):
            if name in drawn:
                yield from _too_long("title", drawn[name]["text"])


def _of_part(part: dict[str, Any]) -> Iterator[str]:
    kind = part.get("type", "option" if "value" in part else "")
    if kind in ("mrkdwn", "plain_text"):
        yield from _of_text(part)
        return
    named = {name: part[name]["text"] for name in _TEXTS_OF_PARTS if name in part}
    for name, text in named.items():
        yield from _too_long(kind if name == "text" else name, text)
    if "value" in part:
        yield from _too_long("option value" if kind == "option" else "value", part["value"])
    if "alt_text" in part:
        yield from _too_long("alt_text", part["alt_text"])
    if len(part.get("elements", ())) > _MOST.get(kind, 0) or len(part.get("options", ())) > _MOST_OPTIONS:
        yield f"too many elements or options in {kind}"


def _of_text(part: dict[str, Any]) -> Iterator[str]:
    if not part["text"].strip():
        yield f"an empty text: {part}"
    if part["type"] == "mrkdwn" and part.get("verbatim") is not True:
        yield f"Slack would look for links in {part}"
    if part["type"] == "plain_text" and part.get("emoji") is not False:
        yield f"Slack would look for emoji in {part}"
    if part["type"] == "mrkdwn":
        yield from _too_long("section", part["text"])


def _too_long(what: str, text: str) -> Iterator[str]:
    if utf16_length(text) > _LONGEST[what]:
        yield f"a {what} of {utf16_length(text)} characters: {text[:80]}"


def _shown(drawn: Drawn) -> Any:
    return drawn.blocks if isinstance(drawn, Message) else drawn


def _blocks(drawn: Drawn) -> list[dict[str, Any]]:
    shown = _shown(drawn)
    return list(shown) if isinstance(shown, list) else list(shown.get("blocks", [shown]))


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part)
