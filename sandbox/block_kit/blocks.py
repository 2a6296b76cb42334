"""Every kind of block, with the limits that Slack states for it."""

from typing import Any

from sandbox.block_kit.checks import (
    Check,
    Problems,
    any_of_fields,
    boolean,
    by_type,
    items,
    one_of,
    string,
    typed,
)
from sandbox.block_kit.data_blocks import DATA_TABLE, DATA_VISUALIZATION, TABLE
from sandbox.block_kit.elements import (
    ELEMENTS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    only,
)
from sandbox.block_kit.rich_text import RICH_TEXT
from sandbox.block_kit.texts import (
    ID,
    IMAGE,
    IMAGE_SOURCE,
    SLACK_FILE,
    URL,
    mrkdwn,
    plain_text,
    text,
)


def block(
    name: str, required: dict[str, Check], optional: dict[str, Check] | None = None, *also: Check
) -> Check:
    return typed(name, required, {"block_id": ID, **(optional or {})}, *also)


CARD = block(
    "card",
    {},
    {
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "hero_image": IMAGE,
        "icon": IMAGE,
        "actions": items(ELEMENTS["button"]),
    },
    any_of_fields("hero_image", "title", "actions", "body"),
)
TASK_CARD = block(
    "task_card",
    {
        "task_id": string(),
        "title": string(),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": items(typed("url", {"url": string(), "text": string()})),
    },
)

# Blocks that a container may hold.
SIMPLE: dict[str, Check] = {
    "actions": block("actions", {"elements": items(by_type(only(IN_ACTIONS), "an actions block"), 25)}),
    "context": block(
        "context",
        {
            "elements": items(
                by_type({"image": IMAGE, "mrkdwn": mrkdwn(), "plain_text": plain_text()}, "a context block"),
                10,
            )
        },
    ),
    "divider": block("divider", {}),
    "file": block("file", {"external_id": string(), "source": one_of("remote")}),
    "header": block("header", {"text": plain_text(150)}),
    "image": block(
        "image",
        {"alt_text": string(2000, at_least=1)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        IMAGE_SOURCE,
    ),
    "input": block(
        "input",
        {"label": plain_text(2000), "element": by_type(only(IN_INPUT), "an input block")},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "section": block(
        "section",
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": by_type(only(IN_SECTION), "a section's accessory"),
            "expand": boolean,
        },
        any_of_fields("text", "fields"),
    ),
    "data_visualization": DATA_VISUALIZATION,
    "table": TABLE,
    "video": block(
        "video",
        {"alt_text": string(), "title": plain_text(200), "thumbnail_url": URL, "video_url": URL},
        {
            "author_name": string(50),
            "description": plain_text(200),
            "provider_icon_url": URL,
            "provider_name": string(),
            "title_url": URL,
        },
    ),
}

BLOCKS: dict[str, Check] = SIMPLE | {
    "alert": block(
        "alert", {"text": text(200)}, {"level": one_of("default", "info", "warning", "error", "success")}
    ),
    "card": CARD,
    "carousel": block("carousel", {"elements": items(CARD, 10)}),
    "container": block(
        "container",
        {"child_blocks": items(by_type(SIMPLE, "a container"), 10)},
        {
            "title": plain_text(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "icon": IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        any_of_fields("title", "rich_text_title"),
    ),
    "context_actions": block(
        "context_actions",
        {"elements": items(by_type(only(IN_CONTEXT_ACTIONS), "a context_actions block"), 5)},
    ),
    "data_table": DATA_TABLE,
    "markdown": block("markdown", {"text": string(12_000, at_least=1)}),
    "plan": block("plan", {"title": string()}, {"tasks": items(TASK_CARD)}),
    "task_card": TASK_CARD,
}

# Slack shows these in messages alone.
ONLY_IN_MESSAGES = {"context_actions", "file", "markdown", "plan", "table", "task_card"}
ONLY_IN_MODALS = {"alert"}


def block_list(at_most: int, kinds: set[str]) -> Check:
    """The `blocks` of a message or view: not too many, of these kinds, with ids that do not repeat."""
    each = by_type({name: BLOCKS[name] for name in sorted(kinds)}, "blocks")
    listed = items(each, at_most, at_least=0)

    def check(value: Any, pointer: str, problems: Problems) -> None:
        listed(value, pointer, problems)
        if isinstance(value, list):
            _ids_do_not_repeat(value, pointer, problems)

    return check


def _ids_do_not_repeat(blocks: list[Any], pointer: str, problems: Problems) -> None:
    seen: set[str] = set()
    for number_, one in enumerate(blocks):
        if not isinstance(one, dict):
            continue
        block_id = one.get("block_id")
        if isinstance(block_id, str) and block_id and block_id in seen:
            problems.add(f"{pointer}/{number_}/block_id", f"`block_id` is used twice: {block_id}")
        seen.add(block_id if isinstance(block_id, str) else "")
        repeated = _repeated(_action_ids(one))
        if repeated is not None:
            problems.add(f"{pointer}/{number_}", f"`action_id` is used twice in one block: {repeated}")


def _action_ids(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for inner in part for found in _action_ids(inner)]
    if not isinstance(part, dict):
        return []
    own = [part["action_id"]] if isinstance(part.get("action_id"), str) else []
    return own + [found for inner in part.values() for found in _action_ids(inner)]


def _repeated(values: list[str]) -> str | None:
    return next((one for index, one in enumerate(values) if one in values[:index]), None)
