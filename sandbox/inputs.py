"""What a person chose and typed: actions and states in Slack's words, completed from the blocks."""

from collections.abc import Iterator
from typing import Any

from sandbox.errors import PageError

# Where each element keeps its value: (key in state and action, key of the initial value in the block).
VALUE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
LISTS = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}


def elements_of(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The elements in a block that a person can act on."""
    inner = [
        block.get("element"),
        block.get("accessory"),
        *block.get("elements", []),
        *block.get("actions", []),
    ]
    yield from (one for one in inner if isinstance(one, dict) and "action_id" in one)
    for child in block.get("child_blocks", []):
        yield from elements_of(child)


def find_element(blocks: list[dict[str, Any]], block_id: str | None, action_id: str | None) -> dict[str, Any]:
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return element
    raise PageError(
        f"There is no element {action_id!r} in block {block_id!r} any more; reload the page.", 404
    )


def completed_action(blocks: list[dict[str, Any]], action: dict[str, Any], action_ts: str) -> dict[str, Any]:
    """The entry of `actions` in a block_actions payload.

    What the app wrote (a button's value and text) is taken from the block, only the choice from the person.
    """
    element = find_element(blocks, action.get("block_id"), action.get("action_id"))
    sent = {
        "type": element["type"],
        "block_id": action["block_id"],
        "action_id": element["action_id"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        return sent | {key: element[key] for key in ("text", "value", "url") if key in element}
    if element["type"] == "overflow":
        return sent | {"selected_option": _chosen(element, action.get("selected_option"))}
    key, _ = VALUE_KEYS.get(element["type"], ("value", "value"))
    value = action.get(key)
    if element["type"] in {"static_select", "radio_buttons"}:
        value = _chosen(element, value)
    return sent | {key: value}


def _chosen(element: dict[str, Any], option: Any) -> dict[str, Any]:
    offered: list[dict[str, Any]] = [*element.get("options", [])]
    for group in element.get("option_groups", []):
        offered += group["options"]
    for one in offered:
        if isinstance(option, dict) and one.get("value") == option.get("value"):
            return one
    raise PageError("This choice is not among the options any more; reload the page.", 404)


def state_of(blocks: list[dict[str, Any]], entered: dict[str, Any]) -> dict[str, Any]:
    """`state.values` for all inputs: what was entered, else what the app filled in beforehand."""
    values: dict[str, Any] = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in VALUE_KEYS:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            key, initial_key = VALUE_KEYS[element["type"]]
            value = element.get(initial_key, [] if key in LISTS else None)
            given = entered.get(block_id, {}).get(action_id)
            if isinstance(given, dict):
                value = given.get(key)
            if value is None and key in LISTS:
                value = []
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], key: value}
    return values


def unfilled(blocks: list[dict[str, Any]], state: dict[str, Any]) -> dict[str, str]:
    """What Slack itself tells the person before the app hears of a modal, by block_id."""
    errors = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        key, _ = VALUE_KEYS[element["type"]]
        value = state[block["block_id"]][element["action_id"]][key]
        if not value and not block.get("optional", False):
            errors[block["block_id"]] = "Please complete this required field."
        elif problem := _wrong_length(element, value):
            errors[block["block_id"]] = problem
    return errors


def _wrong_length(element: dict[str, Any], value: Any) -> str | None:
    if element["type"] != "plain_text_input" or not value:
        return None
    if len(value) < element.get("min_length", 0):
        return f"Please write at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please write at most {element.get('max_length', 3000)} characters."
    return None
