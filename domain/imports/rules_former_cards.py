"""`former_cards.csv`: cards that a former system made, to be read and nothing else. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.cells import Cells, decimal, optional_text, period, text
from domain.periods import Period
from domain.rows import BadRow, CellError, Problems, Row

FORMER_CARDS = "former_cards.csv"
_PLACE = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class FormerCardRow:
    line: int
    employee_id: str
    period: Period
    score: Decimal | None
    tier: str | None
    rank: int | None
    out_of: int | None
    plan: str | None
    note: str | None


def former_card_row(row: Row) -> FormerCardRow:
    cells = row.cells
    rank, out_of = _place(cells, "rank"), _place(cells, "out_of")
    if (rank is None) != (out_of is None):
        column = "rank" if rank is None else "out_of"
        raise CellError(column, "", "is blank: a place needs both rank and out_of.")
    if rank is not None and out_of is not None and rank > out_of:
        raise CellError("rank", cells["rank"], f"is behind the last of {out_of}: correct one of them.")
    score = decimal(cells, "score") if cells["score"] else None
    tier = optional_text(cells, "tier", 40)
    if score is None and tier is None:
        raise CellError("score", "", "is blank, and so is tier: a card says one of them at least.")
    return FormerCardRow(
        line=row.line,
        employee_id=text(cells, "employee_id", 100),
        period=period(cells, "period"),
        score=score,
        tier=tier,
        rank=rank,
        out_of=out_of,
        plan=optional_text(cells, "plan", 200),
        note=optional_text(cells, "note", 500),
    )


def check_former_cards(
    cards: Sequence[FormerCardRow], employee_ids: set[str], today: date, problems: Problems
) -> None:
    """Everybody is known, the period has ended, and there is one card for each person and period."""
    seen: dict[tuple[str, Period], int] = {}
    for row in cards:
        if row.employee_id not in employee_ids:
            reason = "is nobody's employee id: correct it, or add the person to people.csv first."
            problems.add(BadRow(FORMER_CARDS, row.line, "employee_id", row.employee_id, reason))
        if row.period.end > today:
            reason = "has not ended yet: what runs is scored here."
            problems.add(BadRow(FORMER_CARDS, row.line, "period", row.period.key, reason))
        first = seen.setdefault((row.employee_id, row.period), row.line)
        if first != row.line:
            reason = f"has a second card of {row.employee_id} (the first is on line {first}): keep one."
            problems.add(BadRow(FORMER_CARDS, row.line, "period", row.period.key, reason))


def _place(cells: Cells, column: str) -> int | None:
    value = cells[column]
    if not value:
        return None
    if not _PLACE.fullmatch(value):
        raise CellError(column, value, "is no place: write a whole number from 1 on.")
    return int(value)
