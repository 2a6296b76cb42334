"""What people fill in: inputs of a window, and the window that is sent off with them."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.blocks.primitives import (
    MODAL_TITLE,
    OPTION_TEXT,
    OPTION_VALUE,
    OPTIONS,
    PLACEHOLDER_TEXT,
    Block,
    Writer,
    modal,
    plain_text,
)
from domain.plain import plain as plain_number

LABEL = 2000
HINT = 2000
CALLBACK_ID = 255
INITIAL_VALUE = 3000
PRIVATE_METADATA = 3000


def form(
    writer: Writer, title: str, submit: str, callback_id: str, blocks: Sequence[Block], carries: str = ""
) -> Block:
    """A window to fill in. `carries` is what it brings back: ids, as powerless as a button's value."""
    if len(carries) > PRIVATE_METADATA:
        raise ValueError(f"{callback_id} carries {len(carries)} characters: keep ids in it, not content")
    return {
        **modal(writer, title, blocks),
        "submit": plain_text(submit, MODAL_TITLE),
        "callback_id": callback_id,
        "private_metadata": carries,
    }


def labelled(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """An input under its label. `name` tells it from the others among the values that come back."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, LABEL),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    if hint:
        block["hint"] = plain_text(hint, HINT)
    return block


def number(placeholder: str = "", initial: Decimal | None = None) -> Block:
    """Decimals and negative numbers too."""
    element: Block = {"type": "number_input", "is_decimal_allowed": True}
    if initial is not None:
        element["initial_value"] = plain_number(initial)
    return _with_placeholder(element, placeholder)


def short_text(placeholder: str = "", initial: str = "") -> Block:
    """One line."""
    return _with_placeholder({"type": "plain_text_input", **_initial(initial)}, placeholder)


def long_text(placeholder: str = "", initial: str = "") -> Block:
    """Several lines."""
    element = {"type": "plain_text_input", "multiline": True, **_initial(initial)}
    return _with_placeholder(element, placeholder)


def _initial(text: str) -> Block:
    return {"initial_value": text[:INITIAL_VALUE]} if text else {}


def short_key(name: str) -> str:
    """What stands for a name in a list, whose values are shorter than names may be."""
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32]


def option(text: str, value: str, description: str = "") -> Block:
    if len(value) > OPTION_VALUE:
        raise ValueError(f"an option's value has {len(value)} characters: {value}")
    made: Block = {"text": plain_text(text, OPTION_TEXT), "value": value}
    if description:
        made["description"] = plain_text(description, OPTION_TEXT)
    return made


def choice(options: Sequence[Block], placeholder: str = "", initial: Block | None = None) -> Block:
    """One of a list, which has 100 at most."""
    element: Block = {"type": "static_select", "options": list(options[:OPTIONS])}
    if initial is not None:
        element["initial_option"] = initial
    return _with_placeholder(element, placeholder)


def searched(placeholder: str = "", *, several: int = 0) -> Block:
    """One, or `several`, of a list that is asked for while somebody types: see `app.options`."""
    kind = "multi_external_select" if several else "external_select"
    element: Block = {"type": kind, "min_query_length": 0}
    if several:
        element["max_selected_items"] = several
    return _with_placeholder(element, placeholder)


def checkboxes(options: Sequence[Block], initial: Sequence[Block]) -> Block:
    element: Block = {"type": "checkboxes", "options": list(options)}
    return {**element, "initial_options": list(initial)} if initial else element


def time_of_day(initial: str | None = None) -> Block:
    """`initial` as 20:00."""
    element: Block = {"type": "timepicker"}
    return element if initial is None else {**element, "initial_time": initial}


def day() -> Block:
    return {"type": "datepicker"}


def own_channel(placeholder: str = "") -> Block:
    """A channel of the workspace, none that is shared with another one; nothing is chosen beforehand."""
    element: Block = {
        "type": "conversations_select",
        "default_to_current_conversation": False,
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
    }
    return _with_placeholder(element, placeholder)


def colleague(placeholder: str = "") -> Block:
    return _with_placeholder({"type": "users_select"}, placeholder)


def given(view: Mapping[str, Any], name: str) -> Any:
    """What was filled in: text, time, day, id, an option's value or a list of them; None where empty."""
    state = view["state"]["values"].get(name, {}).get(name, {})
    for kind in ("value", "selected_time", "selected_date", "selected_conversation", "selected_user"):
        if kind in state:
            return state[kind] and _whole(state[kind])
    if "selected_options" in state:
        return [_whole(one["value"]) for one in state["selected_options"]]
    chosen = state.get("selected_option")
    return chosen and _whole(chosen["value"])


def written(view: Mapping[str, Any], name: str) -> str:
    """As `given`, of a text; empty where nothing was written."""
    return given(view, name) or ""


def _whole(text: Any) -> str:
    """As a database takes it: a mark in the place of a NUL and of half a character."""
    return str(text).replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _with_placeholder(element: Block, placeholder: str) -> Block:
    return {**element, "placeholder": plain_text(placeholder, PLACEHOLDER_TEXT)} if placeholder else element
