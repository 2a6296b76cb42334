"""Simple paths into JSON: `data.items`, `owner.email`, `lines.0.amount`."""

from typing import Any

from domain.errors import N_
from worker.sources.connector import SourceFailed


def look_up(value: Any, path: str) -> Any:
    """What stands at the path. A key that has dots itself is found as it is. Raises LookupError."""
    if isinstance(value, dict) and path in value:
        return value[path]
    name, dot, rest = path.partition(".")
    match value:
        case dict():
            found = value[name]
        case list() if name.isascii() and name.isdigit():
            found = value[int(name)]
        case _:
            raise LookupError(path)
    return look_up(found, rest) if dot else found


def optional(value: Any, path: str) -> Any:
    """What stands at the path; None where nothing does."""
    try:
        return look_up(value, path)
    except LookupError:
        return None


def records_in(body: Any, path: str | None) -> list[Any]:
    """The records of an answer. Raises SourceFailed."""
    try:
        found = body if path is None else look_up(body, path)
    except LookupError:
        raise SourceFailed(
            N_('The answer has no "{path}": correct "records" in sources.toml. {shape}'),
            path=path,
            shape=_shape(body),
        ) from None
    if not isinstance(found, list):
        raise SourceFailed(
            N_('The answer\'s records are no list: say in "records" where the list is. {shape}'),
            shape=_shape(body),
        )
    return found


def _shape(body: Any) -> str:
    """What the answer has, without what it says."""
    if isinstance(body, dict):
        return f"It has {', '.join(sorted(map(str, body))[:20]) or 'nothing'}."
    return f"It is a {type(body).__name__}."
