"""Tables for people to open and give back, CSV or Excel, with nothing in them that a spreadsheet runs."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

from domain.cells import PLAIN_DECIMAL
from domain.errors import BadInput
from domain.imports.files import Columns, checked_header, read_rows
from domain.plain import plain
from domain.rows import BadRow, ImportRefused, Row

KINDS = (".csv", ".xlsx")
Cell = str | Decimal
MOST_DIGITS_OF_A_FLOAT = 15
"""Excel keeps numbers as floats: those with more digits go there as text."""

_WRITTEN_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_STARTS_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What makes a spreadsheet run a cell, behind the quotes that say it is text (OWASP, CSV injection)."""


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    """Raises BadInput for a file that is neither CSV nor Excel by its name, or cannot be written."""
    _require_kind(path)
    try:
        if path.suffix.lower() == ".csv":
            _write_csv(path, columns, rows)
        else:
            _write_excel(path, columns, rows)
    except OSError as error:
        raise BadInput(
            "{file} cannot be written: {problem}.", file=str(path), problem=error.strerror or str(error)
        ) from None


def read_table(path: Path, columns: Columns) -> Iterator[Row]:
    """Each row as text, as it was before it was written. Raises ImportRefused or BadInput."""
    _require_kind(path)
    rows = read_rows(path, columns) if path.suffix.lower() == ".csv" else _read_excel(path, columns)
    for row in rows:
        yield Row(row.file, row.line, {name: _undone(cell) for name, cell in row.cells.items()})


def defused(text: str) -> str:
    """Text that a spreadsheet takes for text: a quote before what would begin a formula. Numbers stay."""
    harmless = re.fullmatch(PLAIN_DECIMAL, text) or not _STARTS_A_FORMULA.match(text)
    return text if harmless else f"'{text}"


def _undone(text: str) -> str:
    return text[1:] if text.startswith("'") and _STARTS_A_FORMULA.match(text) else text


def _require_kind(path: Path) -> None:
    if path.suffix.lower() not in KINDS:
        raise BadInput("{file} is neither .csv nor .xlsx: choose one of these names.", file=str(path))


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # Excel knows UTF-8 by its mark alone
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([defused(_text(row[name])) for name in columns] for row in rows)


def _write_excel(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(list(columns))
    sheet.freeze_panes = "A2"
    for at, row in enumerate(rows, start=2):
        for column, name in enumerate(columns, start=1):
            sheet.cell(at, column, _for_excel(row[name]))
    _save(book, path)


def _save(book: Workbook, path: Path) -> None:
    """Without the moment of writing, so that the same table is the same file."""
    written = BytesIO()
    book.save(written)
    with ZipFile(written) as parts, ZipFile(path, "w", ZIP_DEFLATED) as file:
        for part in parts.infolist():
            content = _WRITTEN_AT.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", parts.read(part))
            file.writestr(ZipInfo(part.filename), content, ZIP_DEFLATED)


def _for_excel(value: Cell) -> Cell:
    if isinstance(value, Decimal) and len(value.as_tuple().digits) <= MOST_DIGITS_OF_A_FLOAT:
        return value
    text: str = ILLEGAL_CHARACTERS_RE.sub("", defused(_text(value)))
    return text


def _read_excel(path: Path, columns: Columns) -> Iterator[Row]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as problem:
        raise ImportRefused([BadRow(path.name, None, None, "", f"cannot be read: {problem}")]) from None
    rows = book.worksheets[0].iter_rows(values_only=True)
    first = next(rows, None)
    header = checked_header(path.name, None if first is None else (1, _trimmed(first)), columns)
    blanks = dict.fromkeys(columns.optional, "")
    for line, cells in enumerate(rows, start=2):
        texts = [_as_text(cell) for cell in cells[: len(header)]]
        if any(texts):
            texts += [""] * (len(header) - len(texts))
            yield Row(path.name, line, {**blanks, **dict(zip(header, texts, strict=True))})
    book.close()


def _trimmed(cells: Sequence[object]) -> list[str]:
    """A header without the empty columns that a sheet may have behind it."""
    names = [_as_text(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _as_text(cell: object) -> str:
    """A cell as somebody would have typed it: 100, not 100.0."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell)
        case int() | float() | Decimal():
            return _text(Decimal(str(cell)))
        case datetime() | date():
            return f"{cell:%Y-%m-%d}"
    return str(cell)


def _text(value: Cell) -> str:
    return plain(value) if isinstance(value, Decimal) else value
