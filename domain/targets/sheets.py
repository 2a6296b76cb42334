"""A round of targets as a table: to be looked at, filled in, and given back."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from domain.cells import decimal, text
from domain.imports.files import Columns
from domain.plain import plain
from domain.rows import CellError, Problems
from domain.tables import Cell, read_table, write_table
from domain.targets.board import Board
from domain.targets.looking_back import looking_back
from domain.targets.rules_tree import Owner

COLUMNS = ("owner", "name", "below", "amount", "rest", "usual_month", "reached")
"""`rest`: what of a unit's amount is still to be split; `usual_month`: what a full month brought in the year
before, on average; `reached`: in how many of these months the amount's month would have been reached."""
NEEDED = ("owner", "amount")
LONGEST_OWNER = 500


def write_sheet(shown: Board, path: Path) -> None:
    """Raises BadInput where it cannot be written."""
    write_table(path, COLUMNS, sheet_rows(shown))


def sheet_rows(shown: Board) -> Iterator[dict[str, Cell]]:
    """From the root down, each before those below; blank where there is nothing to say."""
    above = {part: unit for unit, parts in shown.tree.below.items() for part in parts}
    for owner in shown.tree.walk():
        amount, left = shown.tree.amounts.get(owner), shown.tree.rest(owner)
        usual, reached = looking_back(shown, owner)
        yield {
            "owner": shown.ids[owner],
            "name": shown.names[owner],
            "below": shown.ids[above[owner]] if owner in above else "",
            "amount": "" if amount is None else amount,
            "rest": "" if left is None else left,
            "usual_month": "" if usual is None else usual,
            "reached": f"{reached.reached}/{reached.of}" if reached else "",
        }


def read_sheet(shown: Board, path: Path) -> dict[Owner, Decimal]:
    """The amounts that a table gives; blank ones are left out. Raises ImportRefused, or BadInput."""
    owners = {called: owner for owner, called in shown.ids.items()}
    informative = tuple(name for name in COLUMNS if name not in NEEDED)
    found: dict[Owner, Decimal] = {}
    problems = Problems()
    for row in read_table(path, Columns(NEEDED, informative)):
        with problems.of_row(row.file, row.line):
            called = text(row.cells, "owner", LONGEST_OWNER)
            owner = owners.get(called)
            if owner is None:
                raise CellError("owner", called, "takes no part in these targets.")
            if owner in found:
                raise CellError("owner", called, "comes twice: keep one row.")
            if row.cells["amount"]:
                found[owner] = _amount(shown, row.cells)
    problems.refuse_any()
    return found


def _amount(shown: Board, cells: Mapping[str, str]) -> Decimal:
    amount, step = decimal(cells, "amount"), shown.round.step
    if amount < 0 or amount % step:
        raise CellError("amount", cells["amount"], f"is not 0 or more in steps of {plain(step)}.")
    return amount
