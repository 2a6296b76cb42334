"""Reading CSV files: UTF-8 with or without BOM, the header's names in any order, lines counted right."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from domain.rows import BadRow, ImportRefused, Row

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def no_progress(_what: str, _done: int, _total: int) -> None:
    """For callers who do not show any."""


@dataclass(frozen=True)
class Columns:
    """The names a header may have."""

    required: Sequence[str]
    optional: Sequence[str] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


def read_rows(path: Path, columns: Columns, progress: Progress = no_progress) -> Iterator[Row]:
    """The rows of a file, one at a time; optional columns that the file lacks are blank.

    Raises ImportRefused for what makes the file unreadable as a whole or from a row on.
    """
    size = path.stat().st_size
    with _opened(path) as file:
        records = _records(path, file)
        header = checked_header(path.name, next(records, None), columns)
        blanks = dict.fromkeys(columns.optional, "")
        for number, (line, cells) in enumerate(records):
            if len(cells) != len(header):
                raise _refused(
                    path.name,
                    line,
                    f"has {len(cells)} cells where the header has {len(header)}: "
                    "add or remove a comma, or put a text that holds commas in quotes.",
                )
            if number % 10_000 == 0:
                progress(f"reading {path.name}", file.buffer.tell(), size)
            yield Row(path.name, line, {**blanks, **dict(zip(header, cells, strict=True))})
    progress(f"reading {path.name}", size, size)


def read_header(path: Path, columns: Columns) -> list[str]:
    """The header's names in the file's order. Raises ImportRefused."""
    with _opened(path) as file:
        return checked_header(path.name, next(_records(path, file), None), columns)


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise _refused(path.name, None, f"cannot be read: {error.strerror}.") from None


def _records(path: Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on; blank lines are passed over."""
    reader = csv.reader(file, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except UnicodeDecodeError:
            raise _refused(
                path.name, _first_line_not_utf8(path), "is not UTF-8: save the file as CSV UTF-8."
            ) from None
        except csv.Error as error:
            raise _refused(path.name, line, f"is not CSV: {error}.") from None
        if cells is None:
            return
        if any("\0" in cell for cell in cells):
            raise _refused(path.name, line, "holds a NUL character: remove it.")
        if len(cells) > 1 or (cells and cells[0].strip()):
            yield line, cells


def _first_line_not_utf8(path: Path) -> int | None:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None


def checked_header(file: str, record: tuple[int, list[str]] | None, columns: Columns) -> list[str]:
    """The names of a header, from its line and its cells. Raises ImportRefused."""
    needed = ",".join(columns.required)
    if record is None:
        raise _refused(file, None, f"is empty: it needs at least the header {needed}")
    line, cells = record
    if len(cells) == 1 and (separator := next((one for one in _OTHER_SEPARATORS if one in cells[0]), None)):
        raise _refused(
            file,
            line,
            f"has {_OTHER_SEPARATORS[separator]} between the columns: save the file with commas.",
        )
    header = [cell.strip() for cell in cells]
    problems = [
        BadRow(file, line, name, "", "is a column this file does not have. It has " + ", ".join(columns.all))
        for name in header
        if name not in columns.all
    ]
    problems += [
        BadRow(file, line, name, "", "is missing from the header: add the column.")
        for name in columns.required
        if name not in header
    ]
    problems += [
        BadRow(file, line, name, "", "comes twice in the header: keep one.")
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    if problems:
        raise ImportRefused(problems)
    return header


def _refused(file: str, line: int | None, reason: str) -> ImportRefused:
    return ImportRefused([BadRow(file, line, None, "", reason)])
