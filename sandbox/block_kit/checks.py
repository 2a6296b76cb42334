"""Small checks that Block Kit's rules are put together from.

A check takes a value, the JSON pointer to it, and the problems found so far, to which it adds its own.
"""

from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any, str, "Problems"], None]


class Problems:
    """What is wrong, each with the JSON pointer to the place, in the words of `response_metadata`."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, pointer: str, text: str) -> None:
        self.messages.append(f"[ERROR] {text} [json-pointer:{pointer}]")


def string(at_most: int | None = None, *, at_least: int = 0) -> Check:
    """A string; its length counts in characters."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(pointer, "must be a string")
        elif len(value) < at_least:
            problems.add(pointer, f"must be more than {at_least - 1} characters")
        elif at_most is not None and len(value) > at_most:
            problems.add(pointer, f"must be less than {at_most + 1} characters")

    return check


def matching(accepts: Callable[[str], Any], expected: str) -> Check:
    """A string of a certain form; `accepts` gives a false value or raises ValueError for others."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        try:
            fits = isinstance(value, str) and accepts(value)
        except ValueError:
            fits = False
        if not fits:
            problems.add(pointer, f"must be {expected}")

    return check


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        problems.add(pointer, "must be a boolean")


def number(lowest: int | None = None, highest: int | None = None) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.add(pointer, "must be a number")
        elif (lowest is not None and value < lowest) or (highest is not None and value > highest):
            problems.add(pointer, f"must be between {lowest} and {highest}")

    return check


def one_of(*allowed: Any) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or value not in allowed:
            problems.add(pointer, f"must be one of {', '.join(map(str, allowed))}")

    return check


def items(check_item: Check, at_most: int | None = None, *, at_least: int = 1) -> Check:
    """A list with so many items, each of which passes the check."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add(pointer, "must be an array")
            return
        if len(value) < at_least:
            problems.add(pointer, f"no fewer than {at_least} items required")
        if at_most is not None and len(value) > at_most:
            problems.add(pointer, f"no more than {at_most} items allowed")
        for number_, item in enumerate(value):
            check_item(item, f"{pointer}/{number_}", problems)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *also: Check) -> Check:
    """An object with these fields and no others; `also` looks at the object as a whole."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(pointer, "must be an object")
            return
        for name in required:
            if name not in value:
                problems.add(pointer, f"missing required field: {name}")
        for name, inner in value.items():
            if name in known:
                known[name](inner, f"{pointer}/{name}", problems)
            else:
                problems.add(pointer, f"invalid additional property: {name}")
        for whole in also:
            whole(value, pointer, problems)

    return check


def typed(
    name: str, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *also: Check
) -> Check:
    """An object that says its kind in `type`."""
    return record({"type": one_of(name), **required}, optional, *also)


def by_type(kinds: Mapping[str, Check], what: str) -> Check:
    """One of several kinds of object, told apart by `type`."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(pointer, "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            problems.add(f"{pointer}/type", f"unsupported type for {what}: {kind}")
            return
        kinds[kind](value, pointer, problems)

    return check


def any_of_fields(*names: str, exactly_one: bool = False) -> Check:
    """For `also`: an object needs one of these fields at least (or exactly)."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        present = [name for name in names if name in value]
        if not present:
            problems.add(pointer, f"missing required field: {' or '.join(names)}")
        elif exactly_one and len(present) > 1:
            problems.add(pointer, f"only one of {', '.join(names)} allowed")

    return check


def ascending(lower: str, upper: str) -> Check:
    """For `also`: one field is not more than another, where both are there."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        try:
            wrong = float(value[lower]) > float(value[upper])
        except (KeyError, TypeError, ValueError):
            return  # not there, or wrong by itself
        if wrong:
            problems.add(pointer, f"{lower} must not be more than {upper}")

    return check
