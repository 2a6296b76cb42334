"""Interactive elements, and which of them each kind of block may hold."""

import re
from datetime import date, time
from zoneinfo import available_timezones

from sandbox.block_kit.checks import (
    Check,
    any_of_fields,
    ascending,
    boolean,
    items,
    matching,
    number,
    one_of,
    record,
    string,
    typed,
)
from sandbox.block_kit.rich_text import RICH_TEXT
from sandbox.block_kit.texts import (
    CONFIRM,
    IMAGE,
    OPTION,
    OPTION_GROUP,
    PLACEHOLDER,
    RICH_OPTION,
    STYLE,
    URL,
    initial_among_options,
    plain_text,
)

# Slack makes up an action_id where none is given; nothing could ever answer to it, so it is asked for here.
ACTION_ID = string(255, at_least=1)
DATE = matching(lambda value: len(value) == 10 and date.fromisoformat(value), "a date (YYYY-MM-DD)")
TIME = matching(lambda value: len(value) == 5 and time.fromisoformat(value) is not None, "a time (HH:mm)")
NUMERIC = matching(lambda value: re.fullmatch(r"-?\d+(\.\d+)?", value), "a number in a string")
TIMEZONE = matching(lambda value: value in available_timezones(), "an IANA time zone")
DISPATCH = record({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"))})
FILTER = record(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
WORKFLOW = record(
    {
        "trigger": record(
            {"url": URL},
            {"customizable_input_parameters": items(record({"name": string(), "value": string()}))},
        )
    }
)


def element(
    name: str, fields: dict[str, Check], *also: Check, required: dict[str, Check] | None = None
) -> Check:
    """An element: it always has an action_id."""
    return typed(name, {"action_id": ACTION_ID, **(required or {})}, fields, *also)


def menu(name: str, fields: dict[str, Check], *also: Check) -> Check:
    common = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": boolean}
    if name.startswith("multi_"):
        common["max_selected_items"] = number(1)
    return element(name, common | fields, *also)


def written(
    name: str, fields: dict[str, Check], *also: Check, required: dict[str, Check] | None = None
) -> Check:
    """An input that is typed into."""
    common = {"placeholder": PLACEHOLDER, "dispatch_action_config": DISPATCH, "focus_on_load": boolean}
    return element(name, common | fields, *also, required=required)


STATIC: dict[str, Check] = {"options": items(OPTION, 100), "option_groups": items(OPTION_GROUP, 100)}
HAS_OPTIONS = any_of_fields("options", "option_groups", exactly_one=True)
EXTERNAL: dict[str, Check] = {"min_query_length": number(0)}
RESPONSE: dict[str, Check] = {"response_url_enabled": boolean}
CONVERSATIONS: dict[str, Check] = {"filter": FILTER, "default_to_current_conversation": boolean}
PICKED: dict[str, Check] = {"confirm": CONFIRM, "focus_on_load": boolean}
FEW_OPTIONS: dict[str, Check] = {"options": items(RICH_OPTION, 10)}
BUTTON_FIELDS: dict[str, Check] = {"confirm": CONFIRM, "style": STYLE, "accessibility_label": string(75)}
FEEDBACK = record({"text": plain_text(75), "value": string(2000)}, {"accessibility_label": string(75)})

ELEMENTS: dict[str, Check] = {
    "button": element(
        "button", BUTTON_FIELDS | {"url": URL, "value": string(2000)}, required={"text": plain_text(75)}
    ),
    "workflow_button": element(
        "workflow_button", BUTTON_FIELDS, required={"text": plain_text(75), "workflow": WORKFLOW}
    ),
    "overflow": element("overflow", {"confirm": CONFIRM}, required={"options": items(OPTION, 5)}),
    "checkboxes": element(
        "checkboxes",
        PICKED | {"initial_options": items(RICH_OPTION)},
        initial_among_options,
        required=FEW_OPTIONS,
    ),
    "radio_buttons": element(
        "radio_buttons", PICKED | {"initial_option": RICH_OPTION}, initial_among_options, required=FEW_OPTIONS
    ),
    "datepicker": menu("datepicker", {"initial_date": DATE}),
    "timepicker": menu("timepicker", {"initial_time": TIME, "timezone": TIMEZONE}),
    "datetimepicker": element("datetimepicker", PICKED | {"initial_date_time": number(0)}),
    "static_select": menu(
        "static_select", STATIC | {"initial_option": OPTION}, HAS_OPTIONS, initial_among_options
    ),
    "multi_static_select": menu(
        "multi_static_select", STATIC | {"initial_options": items(OPTION)}, HAS_OPTIONS, initial_among_options
    ),
    "external_select": menu("external_select", EXTERNAL | {"initial_option": OPTION}),
    "multi_external_select": menu("multi_external_select", EXTERNAL | {"initial_options": items(OPTION)}),
    "users_select": menu("users_select", {"initial_user": string()}),
    "multi_users_select": menu("multi_users_select", {"initial_users": items(string())}),
    "channels_select": menu("channels_select", RESPONSE | {"initial_channel": string()}),
    "multi_channels_select": menu("multi_channels_select", {"initial_channels": items(string())}),
    "conversations_select": menu(
        "conversations_select", RESPONSE | CONVERSATIONS | {"initial_conversation": string()}
    ),
    "multi_conversations_select": menu(
        "multi_conversations_select", CONVERSATIONS | {"initial_conversations": items(string())}
    ),
    "plain_text_input": written(
        "plain_text_input",
        {
            "initial_value": string(),
            "multiline": boolean,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
        ascending("min_length", "max_length"),
    ),
    "email_text_input": written("email_text_input", {"initial_value": string()}),
    "url_text_input": written("url_text_input", {"initial_value": string()}),
    "number_input": written(
        "number_input",
        {"initial_value": NUMERIC, "min_value": NUMERIC, "max_value": NUMERIC},
        ascending("min_value", "max_value"),
        required={"is_decimal_allowed": boolean},
    ),
    "rich_text_input": written(
        "rich_text_input",
        {"initial_value": RICH_TEXT, "min_lines": number(1), "max_lines": number(1)},
        ascending("min_lines", "max_lines"),
    ),
    "file_input": element("file_input", {"filetypes": items(string()), "max_files": number(1, 10)}),
    "feedback_buttons": element(
        "feedback_buttons", {}, required={"positive_button": FEEDBACK, "negative_button": FEEDBACK}
    ),
    "icon_button": element(
        "icon_button",
        {
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": items(string()),
        },
        required={"icon": string(), "text": plain_text(75)},
    ),
    "image": IMAGE,
}

SELECTS = {name for name in ELEMENTS if name.endswith("_select")}
CLICKED = {"button", "workflow_button", "overflow"}
CHOSEN = {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}

IN_ACTIONS = SELECTS | CLICKED | CHOSEN | {"datetimepicker", "rich_text_input"}
IN_SECTION = SELECTS | CLICKED | CHOSEN | {"image"}
IN_INPUT = SELECTS | CHOSEN | TYPED | {"datetimepicker", "rich_text_input", "file_input"}
IN_CONTEXT_ACTIONS = {"feedback_buttons", "icon_button"}


def only(names: set[str]) -> dict[str, Check]:
    return {name: ELEMENTS[name] for name in sorted(names)}
