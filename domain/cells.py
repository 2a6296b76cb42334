"""Cells of a row as typed values; a bad cell is named with its column, its value and a reason. Pure."""

import re
import zoneinfo
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from domain.errors import N_
from domain.periods import FIRST_YEAR, LAST_YEAR, Period
from domain.rows import CellError, Reason

PLAIN_DECIMAL = r"-?[0-9]{1,12}(\.[0-9]{1,4})?"
PLAIN_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
LANGUAGE_TAG = r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?"
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

NOT_A_DECIMAL = Reason(
    N_(
        "is not a plain number: write digits like 1234.56, at most 12 before the point and 4 after it, "
        "without separators or exponents."
    )
)
NOT_A_DAY = Reason(
    N_("is not a day: write it as YYYY-MM-DD, between {first} and {last}."), first=FIRST_DAY, last=LAST_DAY
)
BLANK = Reason(N_("is blank: fill it in."))
BLANKS_AROUND = Reason(N_("has blanks around it: remove them."))

Cells = Mapping[str, str]


def too_long(longest: int) -> Reason:
    return Reason(N_("is longer than {longest} characters: shorten it."), longest=longest)


def text(cells: Cells, column: str, longest: int) -> str:
    value = optional_text(cells, column, longest)
    if value is None:
        raise CellError(column, "", BLANK)
    return value


def optional_text(cells: Cells, column: str, longest: int) -> str | None:
    value = cells[column]
    if re.search(r"\A\s|\s\Z", value):
        raise CellError(column, value, BLANKS_AROUND)
    if len(value) > longest:
        raise CellError(column, value, too_long(longest))
    return value or None


def optional_matching(cells: Cells, column: str, longest: int, pattern: str, reason: str) -> str | None:
    value = optional_text(cells, column, longest)
    if value is not None and not re.fullmatch(pattern, value):
        raise CellError(column, value, reason)
    return value


def decimal(cells: Cells, column: str) -> Decimal:
    value = cells[column]
    if not re.fullmatch(PLAIN_DECIMAL, value):
        raise CellError(column, value, NOT_A_DECIMAL if value else BLANK)
    return Decimal(value)


def day(cells: Cells, column: str) -> date:
    value = optional_day(cells, column)
    if value is None:
        raise CellError(column, "", BLANK)
    return value


def optional_day(cells: Cells, column: str) -> date | None:
    value = cells[column]
    if not value:
        return None
    if not re.fullmatch(PLAIN_DAY, value):
        raise CellError(column, value, NOT_A_DAY)
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise CellError(column, value, NOT_A_DAY) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise CellError(column, value, NOT_A_DAY)
    return found


def days(cells: Cells) -> tuple[date, date]:
    """The columns `from` and `to`, both included."""
    first, last = day(cells, "from"), day(cells, "to")
    if last < first:
        raise CellError("to", cells["to"], f"is before its start {first}: both days are included.")
    return first, last


def period(cells: Cells, column: str) -> Period:
    try:
        return Period.parse(cells[column])
    except ValueError:
        reason = "is not a period: write it like 2026-03, 2026-W11 or 2026-Q1."
        raise CellError(column, cells[column], reason if cells[column] else BLANK) from None


def optional_time_zone(cells: Cells, column: str) -> str | None:
    value = optional_text(cells, column, 64)
    if value is not None and not is_time_zone(value):
        raise CellError(column, value, "is not a time zone: write its IANA name, like Asia/Shanghai.")
    return value


def is_time_zone(name: str) -> bool:
    return name in _time_zones()


@cache
def _time_zones() -> set[str]:
    return zoneinfo.available_timezones()


def unit_path(cells: Cells, column: str) -> str:
    path = optional_unit_path(cells, column)
    if path is None:
        raise CellError(column, "", BLANK)
    return path


def optional_unit_path(cells: Cells, column: str) -> str | None:
    path = optional_text(cells, column, 500)
    if path is None:
        return None
    for name in path.split("/"):
        if not name.strip() or name != name.strip() or len(name) > 200:
            raise CellError(
                column,
                path,
                "is not a unit's path: write names of up to 200 characters joined by /, "
                "without blanks around them, like Acme/West/Team Sewald.",
            )
    return path
