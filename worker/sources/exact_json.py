"""JSON as somebody else wrote it, its numbers exact."""

import json
from decimal import Decimal
from typing import Any


def read_json(text: bytes) -> Any:
    """Raises ValueError for what is no JSON, or holds half a character, which no database keeps."""
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
        if b"\\ud" in text.lower():  # only an escape can be half a character, and most are of whole ones
            json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ArithmeticError, RecursionError) as problem:
        raise ValueError(problem) from None
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")
