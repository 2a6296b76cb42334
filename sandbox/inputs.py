"""What a person chose and typed: actions and states in Slack's words, completed from the blocks."""

from collections.abc import Iterator
from typing import Any

from sandbox import choices
from sandbox.errors import PageError
from sandbox.files import Files
from sandbox.nested_blocks import all_blocks

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
CLICKED = {"button", "icon_button", "workflow_button"}


def elements_of(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The elements in a block that a person can act on."""
    inner = [
        block.get("element"),
        block.get("accessory"),
        *block.get("elements", []),
        *block.get("actions", []),
    ]
    yield from (one for one in inner if isinstance(one, dict) and "action_id" in one)


def find_element(
    blocks: list[dict[str, Any]], block_id: str | None, action_id: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A block and an element in it."""
    for block in all_blocks(blocks):
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    raise PageError(
        f"There is no element {action_id!r} in block {block_id!r} any more; reload the page.", 404
    )


def completed_action(
    blocks: list[dict[str, Any]], action: dict[str, Any], action_ts: str, files: Files
) -> dict[str, Any]:
    """The entry of `actions` in a block_actions payload.

    What the app wrote (a button's value and text) is taken from the block, only the choice from the person.
    """
    block, element = find_element(blocks, action.get("block_id"), action.get("action_id"))
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise PageError("The app does not ask to hear of this input before the form is sent.", 403)
    sent = {
        "type": element["type"],
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "action_ts": action_ts,
    }
    if element["type"] in CLICKED:
        return sent | {key: element[key] for key in ("text", "value", "url", "style") if key in element}
    if element["type"] == "feedback_buttons":
        return sent | choices.feedback(element, action.get("value"))
    if element["type"] == "overflow":
        return sent | {"selected_option": choices.option(element, action.get("selected_option"))}
    key, initial_key = VALUE_KEYS[element["type"]]
    written = {name: element[name] for name in (initial_key, "placeholder") if name in element}
    return sent | _kept(key, choices.taken(element, action.get(key), files)) | written


def _kept(key: str, value: Any) -> dict[str, Any]:
    """Slack leaves an empty rich text out, and says null or an empty list for everything else."""
    if value is None and key in LISTS:
        value = []
    return {} if key == "rich_text_value" and not value else {key: value}


def state_of(blocks: list[dict[str, Any]], entered: dict[str, Any], files: Files) -> dict[str, Any]:
    """`state.values` for all inputs: what was entered, else what the app filled in beforehand."""
    values: dict[str, Any] = {}
    for block in all_blocks(blocks):
        for element in elements_of(block):
            if element["type"] not in VALUE_KEYS or "block_id" not in block:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            key, initial_key = VALUE_KEYS[element["type"]]
            value = element.get(initial_key)
            given = entered.get(block_id, {}).get(action_id)
            if isinstance(given, dict):
                value = choices.taken(element, given.get(key), files)
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], **_kept(key, value)}
    return values


def value_in(state: dict[str, Any], block: dict[str, Any]) -> Any:
    """What an input block holds."""
    element = block["element"]
    key, _ = VALUE_KEYS[element["type"]]
    return state[block["block_id"]][element["action_id"]].get(key)
