"""Text objects, options, confirmations and images: the parts that blocks and elements share."""

import re
from typing import Any

from sandbox.block_kit.checks import (
    Check,
    Problems,
    any_of_fields,
    boolean,
    by_type,
    items,
    matching,
    one_of,
    record,
    string,
    typed,
)

ID = string(255)
URL = matching(lambda value: len(value) <= 3000 and re.match(r"[a-z][a-z0-9+.-]*:\S+$", value), "a URL")
STYLE = one_of("primary", "danger")


def plain_text(at_most: int = 3000) -> Check:
    return typed("plain_text", {"text": string(at_most, at_least=1)}, {"emoji": boolean})


def mrkdwn(at_most: int = 3000) -> Check:
    return typed("mrkdwn", {"text": string(at_most, at_least=1)}, {"verbatim": boolean})


def text(at_most: int = 3000) -> Check:
    return by_type({"plain_text": plain_text(at_most), "mrkdwn": mrkdwn(at_most)}, "a text")


PLACEHOLDER = plain_text(150)

OPTION_FIELDS: dict[str, Check] = {"description": plain_text(75), "url": URL}
# Slack takes values of 150 characters; its published types say 75, which is what an app should keep to.
OPTION = record({"text": plain_text(75), "value": string(150)}, OPTION_FIELDS)
# Checkboxes and radio buttons may also use mrkdwn.
RICH_OPTION = record({"text": text(75), "value": string(150)}, OPTION_FIELDS)
OPTION_GROUP = record({"label": plain_text(75), "options": items(OPTION, 100)})

CONFIRM = record(
    {"text": text(300)},
    {"title": plain_text(100), "confirm": plain_text(30), "deny": plain_text(30), "style": STYLE},
)

SLACK_FILE = record({}, {"id": string(), "url": URL}, any_of_fields("id", "url", exactly_one=True))
IMAGE_SOURCE = any_of_fields("image_url", "slack_file", exactly_one=True)
IMAGE = typed(
    "image",
    {"alt_text": string(2000, at_least=1)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    IMAGE_SOURCE,
)


def initial_among_options(value: Any, pointer: str, problems: Problems) -> None:
    """For `also`: what is chosen beforehand must be one of the options, exactly as it stands there."""
    options = _listed(value.get("options"))
    for group in _listed(value.get("option_groups")):
        options += _listed(group.get("options")) if isinstance(group, dict) else []
    chosen = [value["initial_option"]] if "initial_option" in value else _listed(value.get("initial_options"))
    if any(one not in options for one in chosen):
        problems.add(pointer, "initial option must match one of the options")


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []
