"""`credits.csv`: records whose money is shared among several people. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.cells import decimal, optional_text, text
from domain.plain import plain
from domain.rows import BadRow, CellError, Problems, Row
from domain.scoring.rules_exact import exact_sum

CREDITS = "credits.csv"
DEFAULT_SOURCE = "import"
"""Of records whose file names no source, too."""


@dataclass(frozen=True)
class CreditRow:
    line: int
    record_id: str
    source: str
    employee_id: str
    share: Decimal

    @property
    def record(self) -> tuple[str, str]:
        return self.source, self.record_id


def credit_row(row: Row) -> CreditRow:
    cells = row.cells
    share = decimal(cells, "share")
    if not 0 < share <= 1:
        raise CellError("share", cells["share"], "is no share: write it above 0 and up to 1, such as 0.6.")
    return CreditRow(
        line=row.line,
        record_id=text(cells, "record_id", 200),
        source=optional_text(cells, "source", 100) or DEFAULT_SOURCE,
        employee_id=text(cells, "employee_id", 100),
        share=share,
    )


def check_credits(shared: Sequence[CreditRow], employee_ids: set[str], problems: Problems) -> None:
    """Everybody is known and named once for a record, and a record's shares sum to 1."""
    by_record: dict[tuple[str, str], list[CreditRow]] = defaultdict(list)
    for row in shared:
        if row.employee_id not in employee_ids:
            reason = "is nobody's employee id: correct it, or add the person to people.csv first."
            problems.add(BadRow(CREDITS, row.line, "employee_id", row.employee_id, reason))
        by_record[row.record].append(row)
    for rows in by_record.values():
        seen: set[str] = set()
        for row in rows:
            if row.employee_id in seen:
                reason = "shares in this record twice: keep one row."
                problems.add(BadRow(CREDITS, row.line, "employee_id", row.employee_id, reason))
            seen.add(row.employee_id)
        whole = exact_sum(row.share for row in rows)
        if whole != 1:
            reason = f"is a record whose shares sum to {plain(whole)}: they must sum to 1."
            problems.add(BadRow(CREDITS, rows[0].line, "record_id", rows[0].record_id, reason))
