"""One SELECT and nothing else, in any dialect of SQL.

This reads no SQL beyond its words: databases that know how to be read-only are told so as well.
"""

import re

_SKIPPED = re.compile(
    r"""
      (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<end> ; )
    | (?P<word> \w+ )
    """,
    re.DOTALL | re.VERBOSE,
)
BEGINNINGS = ("SELECT", "WITH")


class NotOneQueryError(ValueError):
    """Text that is no query, or more than one; a sentence says what to do."""


def one_query(sql: str) -> str:
    """The query without what ends it. Raises NotOneQueryError."""
    end: int | None = None
    first: str | None = None
    for token in _SKIPPED.finditer(sql):
        if token["comment"]:
            continue
        if end is not None:
            raise NotOneQueryError("The query must be one SELECT: remove the other statements.")
        if token["end"]:
            end = token.start()
        elif first is None:
            first = (token["word"] or "").upper()
    if first not in BEGINNINGS:
        raise NotOneQueryError(f"The query must begin with {' or '.join(BEGINNINGS)}.")
    return sql if end is None else sql[:end]
