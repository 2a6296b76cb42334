"""TOML with the line of every table, key and array element, so that a wrong plan can be pointed at.

`tomllib` reads the values; it keeps no positions, so a second pass over the text, which by then is known to
be valid TOML, notes the lines.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Path = tuple[str | int, ...]

_STRING = re.compile(
    r'"""(?:\\.|(?!""").)*"""("{0,2})' r"|'''(?:(?!''').)*'''('{0,2})" r'|"(?:\\.|[^"\\])*"' r"|'[^']*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")


class TomlError(ValueError):
    """Text that is not TOML; `line` counts from 1."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True)
class Document:
    data: dict[str, Any]
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of a table, key or element; of what is not written, the line of the table around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_toml(text: str) -> Document:
    """Parse TOML; every float becomes an exact Decimal. Raises TomlError."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _with_line(error, text) from None
    except (ValueError, ArithmeticError) as error:  # a number too long for Python
        raise TomlError(1, f"A number cannot be read: {error}.") from None
    except RecursionError:
        raise TomlError(1, "Arrays are nested too deeply.") from None
    return Document(data, _LineScanner(text).scan())


def _with_line(error: tomllib.TOMLDecodeError, text: str) -> TomlError:
    message = str(error)
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if not place:
        return TomlError(1, f"This is not TOML: {message}.")
    what = message[: place.start()]
    if not place[1]:
        return TomlError(
            text.rstrip("\n").count("\n") + 1, f"This is not TOML: {what} at the end of the file."
        )
    return TomlError(int(place[1]), f"This is not TOML: {what} at column {place[2]}.")


class _LineScanner:
    """Walks valid TOML once and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._lines: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}  # of the arrays of tables met so far

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self._take(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._take(_BLANK)
        return self._lines

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        taken = match[0] if match else ""
        self._at += len(taken)
        self._line += taken.count("\n")
        return taken

    def _skip(self, length: int = 1) -> None:
        self._at += length

    def _header(self) -> Path:
        is_array = self._text.startswith("[[", self._at)
        line = self._line
        self._skip(2 if is_array else 1)
        *outer, name = self._key()
        self._skip(2 if is_array else 1)
        path: Path = ()
        for part in outer:
            path = self._last_element((*path, part))
        path = (*path, name)
        if is_array:
            self._lines.setdefault(path, line)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._last_element(path)
        self._lines[path] = line
        return path

    def _last_element(self, path: Path) -> Path:
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._take(_SPACE)
            quoted = self._take(_STRING)
            parts.append(tomllib.loads(f"key = {quoted}")["key"] if quoted else self._take(_BARE_KEY))
            self._take(_SPACE)
            if not self._text.startswith(".", self._at):
                return parts
            self._skip()

    def _pair(self, table: Path) -> None:
        line = self._line
        path = table
        for part in self._key():
            path = (*path, part)
            self._lines.setdefault(path, line)
        self._skip()  # the equals sign
        self._take(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._elements(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening in "\"'":
            self._take(_STRING)
        else:
            self._take(_BARE_VALUE)

    def _elements(self, path: Path) -> None:
        self._skip()
        self._take(_BLANK)
        index = 0
        while self._text[self._at] != "]":
            self._lines[*path, index] = self._line
            self._value((*path, index))
            self._past_comma()
            index += 1
        self._skip()

    def _inline_table(self, path: Path) -> None:
        self._skip()
        self._take(_BLANK)
        while self._text[self._at] != "}":
            self._pair(path)
            self._past_comma()
        self._skip()

    def _past_comma(self) -> None:
        self._take(_BLANK)
        if self._text[self._at] == ",":
            self._skip()
            self._take(_BLANK)
