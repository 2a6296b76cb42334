"""The bookkeeper's workbook: for each locked month a sheet of scores, one of their lines, one of the payroll.

    .venv/bin/python -m tests.examples.loans_workbook FOLDER book.xlsx

FOLDER is what examples/consumer-loans/make_folder.py wrote.
"""

import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font

from tests.examples.loans_cards import line_rows, score_rows
from tests.examples.loans_files import Row
from tests.examples.loans_payroll import Clerk

PLACES = {
    "score": 2,
    "actual": 4,
    "target": 2,
    "reading": 6,
    "points": 4,
    "weight": 0,
    "contribution": 2,
    "amount": 2,
    "balance": 2,
}
"""Columns of numbers, with their digits after the point; all others are text."""


def write_book(sheets: dict[str, Iterable[Row]], path: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows):
            if number == 0:
                sheet.append(list(row))
            sheet.append([_cell(column, text) for column, text in row.items()])
        for head in sheet[1]:
            head.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    book.save(path)
    return path


def read_sheet(path: Path, name: str) -> list[Row]:
    """A sheet as rows of text, each number with the digits of its column."""
    sheet = load_workbook(path, data_only=True)[name]
    head, *body = sheet.iter_rows()
    columns = [str(cell.value) for cell in head]
    return [{column: _text(column, cell) for column, cell in zip(columns, row, strict=True)} for row in body]


def _cell(column: str, text: str) -> Decimal | str | None:
    if not text:
        return None
    return Decimal(text) if column in PLACES else text


def _text(column: str, cell: Cell) -> str:
    if cell.value is None:
        return ""
    return f"{Decimal(repr(cell.value)):.{PLACES[column]}f}" if column in PLACES else str(cell.value)


def sheets_of(clerk: Clerk, month: str) -> dict[str, Iterable[Row]]:
    cards = clerk.months[month].cards
    return {"scores": score_rows(cards), "lines": line_rows(cards), "payroll": clerk.payroll(month)}


def main(folder: Path, path: Path) -> None:
    clerk = Clerk(folder)
    sheets: dict[str, Iterable[Row]] = {}
    for month in clerk.months:
        sheets |= {f"{name} {month}": rows for name, rows in sheets_of(clerk, month).items()}
    write_book(sheets, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
