"""The rich_text block and what it is made of."""

from sandbox.block_kit.checks import Check, boolean, by_type, items, number, one_of, record, string, typed
from sandbox.block_kit.texts import ID

STYLE = record({}, dict.fromkeys(("bold", "code", "italic", "strike", "underline"), boolean))


def _inline(name: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return typed(name, required, {"style": STYLE, **(optional or {})})


LINK = _inline("link", {"url": string()}, {"text": string(), "unsafe": boolean})
TEXT = _inline("text", {"text": string()})
INLINE = by_type(
    {
        "broadcast": _inline("broadcast", {"range": one_of("here", "channel", "everyone")}),
        "channel": _inline("channel", {"channel_id": string()}),
        "color": _inline("color", {"value": string()}),
        "date": _inline(
            "date", {"format": string(), "timestamp": number()}, {"fallback": string(), "url": string()}
        ),
        "emoji": _inline("emoji", {"name": string()}, {"unicode": string(), "url": string()}),
        "link": LINK,
        "team": _inline("team", {"team_id": string()}),
        "text": TEXT,
        "user": _inline("user", {"user_id": string()}),
        "usergroup": _inline("usergroup", {"usergroup_id": string()}),
    },
    "rich text",
)
SECTION = typed("rich_text_section", {"elements": items(INLINE, at_least=0)})
BORDER = one_of(0, 1)

PARTS = by_type(
    {
        "rich_text_section": SECTION,
        "rich_text_list": typed(
            "rich_text_list",
            {"style": one_of("bullet", "ordered"), "elements": items(SECTION, at_least=0)},
            {"indent": number(0), "offset": number(0), "border": BORDER},
        ),
        "rich_text_preformatted": typed(
            "rich_text_preformatted",
            {"elements": items(by_type({"link": LINK, "text": TEXT}, "preformatted text"), at_least=0)},
            {"border": BORDER},
        ),
        "rich_text_quote": typed(
            "rich_text_quote", {"elements": items(INLINE, at_least=0)}, {"border": BORDER}
        ),
    },
    "a part of rich text",
)

RICH_TEXT = typed("rich_text", {"elements": items(PARTS)}, {"block_id": ID})
