"""Slack's published types as validators. They take long, so what has passed once passes at once."""

import json
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

_passed: set[tuple[int, bytes]] = set()


def _each_item(
    validator: Validator, items: Any, instance: Any, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    """`items` of Draft 7 where one schema is for all: most blocks of a view are those of the view before."""
    if not isinstance(items, dict) or not isinstance(instance, list):
        yield from Draft7Validator.VALIDATORS["items"](validator, items, instance, schema)
        return
    for index, item in enumerate(instance):
        held = (id(items), blake2b(repr(item).encode(), digest_size=16).digest())
        if held in _passed:
            continue
        problems = list(validator.descend(item, items, path=index))
        yield from problems
        if not problems:
            _passed.add(held)


_Remembering = extend(Draft7Validator, {"items": _each_item})


@cache
def validator(path: Path) -> Validator:
    """Kept for good, and its schema with it: it is by its id that a schema is known above."""
    return _Remembering(json.loads(path.read_text(encoding="utf-8")))
