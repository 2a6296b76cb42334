"""What a person chose must have been there to choose."""

from typing import Any

from sandbox.errors import PageError, SlackError
from sandbox.files import Files

GONE = "This choice is not among the options any more; reload the page."
ONE_OF = {"static_select", "radio_buttons"}
SOME_OF = {"multi_static_select", "checkboxes"}


def taken(element: dict[str, Any], value: Any, files: Files) -> Any:
    """The value of an element as the app gets it: options and files as they are kept here."""
    if value is None:
        return None
    if element["type"] in ONE_OF:
        return option(element, value)
    if element["type"] in SOME_OF:
        return [option(element, one) for one in _list(value)]
    if element["type"] == "file_input":
        return [_file(one, files) for one in _list(value)]
    return value


def option(element: dict[str, Any], chosen: Any) -> dict[str, Any]:
    offered: list[dict[str, Any]] = [*element.get("options", [])]
    for group in element.get("option_groups", []):
        offered += group["options"]
    for one in offered:
        if isinstance(chosen, dict) and one.get("value") == chosen.get("value"):
            return one
    raise PageError(GONE, 404)


def feedback(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Which of the two buttons was pressed."""
    for one in (element["positive_button"], element["negative_button"]):
        if one["value"] == value:
            return {"text": one["text"], "value": one["value"]}
    raise PageError(GONE, 404)


def _file(chosen: Any, files: Files) -> dict[str, Any]:
    try:
        return files.to_slack(files.find(str(chosen.get("id")) if isinstance(chosen, dict) else ""))
    except SlackError as error:
        raise PageError("This file is not there any more; choose it again.", 404) from error


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise PageError("A choice of several must be a list.")
    return value
