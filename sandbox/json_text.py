"""JSON as the standard has it, and as it can be written out again."""

import json
from typing import Any


def parse_json(text: str) -> Any:
    """Raises ValueError for what is no JSON, for NaN and Infinity, and for half a character."""
    parsed = json.loads(text, parse_constant=_refuse)
    if "\\u" in text:
        json.dumps(parsed, ensure_ascii=False).encode()
    return parsed


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
