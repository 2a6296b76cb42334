"""What Slack itself tells a person about a form, before the app hears of it."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from sandbox.inputs import value_in
from sandbox.nested_blocks import all_blocks

# Slack's own limits where the app sets none.
LONGEST_TEXT = 3000
MOST_FILES = 10
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def problems(blocks: list[dict[str, Any]], state: dict[str, Any]) -> dict[str, str]:
    """A sentence for each input that cannot be sent so, by block_id."""
    found = {}
    for block in all_blocks(blocks):
        if block["type"] != "input":
            continue
        value = value_in(state, block)
        if value in (None, "", [], {}):
            if not block.get("optional", False):
                found[block["block_id"]] = "Please complete this required field."
        elif problem := _problem(block["element"], value):
            found[block["block_id"]] = problem
    return found


def _problem(element: dict[str, Any], value: Any) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return _length(element, value)
        case "number_input":
            return _number(element, value)
        case "email_text_input":
            return None if EMAIL.fullmatch(value) else "Please enter a valid e-mail address."
        case "url_text_input":
            return None if _is_url(value) else "Please enter a valid URL, with https:// before it."
        case "file_input":
            return _files(element, value)
    most = element.get("max_selected_items")
    if most is not None and isinstance(value, list) and len(value) > most:
        return f"Please choose at most {most}."
    return None


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _length(element: dict[str, Any], value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", LONGEST_TEXT)
    if len(value) < least:
        return f"Please write at least {least} characters."
    if len(value) > most:
        return f"Please write at most {most} characters."
    return None


def _number(element: dict[str, Any], value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _files(element: dict[str, Any], files: list[dict[str, Any]]) -> str | None:
    most = element.get("max_files", MOST_FILES)
    if len(files) > most:
        return f"Please add at most {most} files."
    allowed = [one.lower().lstrip(".") for one in element.get("filetypes", [])]
    wrong = [file["name"] for file in files if allowed and file["filetype"] not in allowed]
    return f"{wrong[0]} is not of a type that is asked for: {', '.join(allowed)}." if wrong else None
