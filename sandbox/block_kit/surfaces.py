"""What may be shown where: the blocks of a message, a modal, a Home tab."""

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.block_kit.blocks import BLOCKS, ONLY_IN_MESSAGES, ONLY_IN_MODALS, block_list
from sandbox.block_kit.checks import Check, Problems, boolean, items, record, string, typed
from sandbox.block_kit.texts import ID, OPTION, OPTION_GROUP, plain_text
from sandbox.errors import SlackError
from sandbox.nested_blocks import all_blocks
from sandbox.slack import Slack

VIEW_BYTES = 250_000
MARKDOWN_CHARACTERS = 12_000

MOST_CHARTS = 2

MESSAGE_BLOCKS = block_list(50, set(BLOCKS) - ONLY_IN_MODALS)
MODAL_BLOCKS = block_list(100, set(BLOCKS) - ONLY_IN_MESSAGES)
HOME_BLOCKS = block_list(100, set(BLOCKS) - ONLY_IN_MESSAGES - ONLY_IN_MODALS)


def _inputs_need_submit(view: dict[str, Any], pointer: str, problems: Problems) -> None:
    blocks = view.get("blocks")
    kinds = [one.get("type") for one in blocks if isinstance(one, dict)] if isinstance(blocks, list) else []
    if "input" in kinds and "submit" not in view:
        problems.add(pointer, "missing required field: submit (the view has input blocks)")


def _one_has_the_focus(view: dict[str, Any], pointer: str, problems: Problems) -> None:
    if _focused(view.get("blocks")) > 1:
        problems.add(pointer, "only one element may have focus_on_load")


def _focused(part: Any) -> int:
    if isinstance(part, list):
        return sum(_focused(inner) for inner in part)
    if not isinstance(part, dict):
        return 0
    return int(part.get("focus_on_load") is True) + sum(_focused(inner) for inner in part.values())


VIEW_FIELDS: dict[str, Check] = {"callback_id": ID, "external_id": ID, "private_metadata": string(3000)}
VIEWS: dict[str, Check] = {
    "modal": typed(
        "modal",
        {"title": plain_text(24), "blocks": MODAL_BLOCKS},
        VIEW_FIELDS
        | {
            "submit": plain_text(24),
            "close": plain_text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
        _inputs_need_submit,
        _one_has_the_focus,
    ),
    "home": typed("home", {"blocks": HOME_BLOCKS}, VIEW_FIELDS, _one_has_the_focus),
}


def problems_of_blocks(blocks: Any, shows: Callable[[dict[str, Any]], bool]) -> list[str]:
    """What Slack would say against the blocks of a message; `shows` tells if a slack_file can be shown."""
    problems = Problems()
    MESSAGE_BLOCKS(blocks, "/blocks", problems)
    if not problems.messages:
        _whole_message(blocks, problems)
        _files_are_ready(blocks, "/blocks", problems, shows)
    return problems.messages


def problems_of_view(view: Any, kinds: Sequence[str], shows: Callable[[dict[str, Any]], bool]) -> list[str]:
    """What Slack would say against a view of one of these kinds."""
    if not isinstance(view, dict) or view.get("type") not in kinds:
        return [f"[ERROR] must be a view of type {' or '.join(kinds)} [json-pointer:/view/type]"]
    problems = Problems()
    VIEWS[view["type"]](view, "/view", problems)
    if not problems.messages:
        _files_are_ready(view["blocks"], "/view/blocks", problems, shows)
    return problems.messages


OFFERED = record(
    {}, {"options": items(OPTION, 100, at_least=0), "option_groups": items(OPTION_GROUP, 100, at_least=0)}
)


def problems_of_options(answer: Any) -> list[str]:
    """What Slack would say against the options that an app offers for an external select."""
    problems = Problems()
    OFFERED(answer, "", problems)
    return problems.messages


def _whole_message(blocks: list[dict[str, Any]], problems: Problems) -> None:
    kinds = [block["type"] for block in blocks]
    if kinds.count("table") > 1:
        problems.add("/blocks", "only one table block allowed")
    if kinds.count("data_visualization") > MOST_CHARTS:
        problems.add("/blocks", f"no more than {MOST_CHARTS} data_visualization blocks allowed")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_CHARACTERS:
        problems.add("/blocks", f"markdown blocks may have {MARKDOWN_CHARACTERS} characters together")


def _files_are_ready(
    part: Any, pointer: str, problems: Problems, shows: Callable[[dict[str, Any]], bool]
) -> None:
    if isinstance(part, list):
        for number, inner in enumerate(part):
            _files_are_ready(inner, f"{pointer}/{number}", problems, shows)
    elif isinstance(part, dict):
        if "slack_file" in part and not shows(part["slack_file"]):
            problems.add(f"{pointer}/slack_file", "invalid slack file")
        for name, inner in part.items():
            _files_are_ready(inner, f"{pointer}/{name}", problems, shows)


def checked_blocks(slack: Slack, blocks: Any) -> list[dict[str, Any]]:
    """The blocks of a message as Slack keeps them. Raises invalid_blocks."""
    if not blocks:
        return []
    if problems := problems_of_blocks(blocks, slack.files.showable):
        raise SlackError("invalid_blocks", problems)
    return completed(blocks)


def checked_view(slack: Slack, view: Any, kinds: Sequence[str]) -> dict[str, Any]:
    """A view as Slack keeps it. Raises invalid_arguments or view_too_large."""
    if problems := problems_of_view(view, kinds, slack.files.showable):
        raise SlackError("invalid_arguments", problems)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    shown = {key: _with_defaults(value) for key, value in view.items() if key != "blocks"}
    return shown | {"blocks": completed(view["blocks"])}


def completed(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same blocks with what Slack adds: a block_id for each, and the defaults of texts."""
    whole = [_with_defaults(block) for block in copy.deepcopy(blocks)]
    taken = {block.get("block_id") for block in all_blocks(whole)}
    for number, block in enumerate(all_blocks(whole)):
        if not block.get("block_id"):
            block["block_id"] = _free_id(number, taken)
    return whole


def _free_id(number: int, taken: set[Any]) -> str:
    candidate = f"b{number}"
    while candidate in taken:
        candidate += "x"
    taken.add(candidate)
    return candidate


def _with_defaults(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_defaults(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    filled = {key: _with_defaults(inner) for key, inner in part.items()}
    if part.get("type") == "plain_text":
        filled.setdefault("emoji", True)
    elif part.get("type") == "mrkdwn":
        filled.setdefault("verbatim", False)
    return filled
