"""From a record of somebody else's to rows of text, exactly: which of its fields is what, and what it says.

A record has one measure and its value (long form), or a value for each of several measures (wide form). What
cannot be said exactly is refused by row, never guessed: a number that came as a binary float, a list where a
text should be, a field that is not there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.cells import NOT_A_DECIMAL
from domain.errors import N_
from domain.plans.rules_table import Table
from domain.rows import BadRow, CellError, Reason, Row

NAMES = ("record_id", "employee", "measure", "occurred_on", "value", "customer_id")
LARGEST_EXPONENT = 30
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.DOTALL)

A_FLOAT = Reason(
    N_(
        "came as a binary floating-point number, which holds most decimal fractions only roughly: cast it "
        "where it is read, for example CAST(amount AS DECIMAL(12, 2)), in SQLite printf('%.2f', amount)."
    )
)
A_FLAG = Reason(N_("is true or false: name a field that holds a number or a text."))
A_STRUCTURE = Reason(N_("is a list or an object: name a field inside it."))
BINARY = Reason(N_("is binary data: name a field that holds a number or a text."))
NOT_AN_OBJECT = Reason(N_("is not an object with fields."))
NOT_THERE = N_('is not there: the record has no "{field}".')

Look = Callable[[str], object]
"""Finds a field of a record by its name or path; raises LookupError where there is none."""


@dataclass(frozen=True)
class Fields:
    """Where a record says what: our name to theirs."""

    theirs: Mapping[str, str]
    values: Mapping[str, str]
    """Wide form: measure to the field with its value. Empty: long form."""
    required: tuple[str, ...]
    """Their names of what there must be; only a customer may be left out, where none is spoken of."""


def read_fields(table: Table, measures: tuple[str, ...]) -> Fields:
    """From `[sources.fields]` and `[sources.values]`; what is not said is called as we call it."""
    given = _names(table, "fields", NAMES)
    values = _names(table, "values", measures)
    for name in ("measure", "value"):
        if values and name in given:
            raise table.error(
                f'"{name}" has no place beside [sources.values], which names a field for each measure.',
                "fields",
                name,
            )
    ours = [name for name in NAMES if not (values and name in ("measure", "value"))]
    theirs = {name: given.get(name, name) for name in ours}
    needed = [theirs[name] for name in ours if name != "customer_id" or name in given]
    return Fields(theirs, values, (*needed, *values.values()))


def _names(table: Table, key: str, allowed: tuple[str, ...]) -> dict[str, str]:
    if not table.has(key):
        return {}
    inner = table.table(key, allowed)
    return {name: inner.text(name, longest=200) for name in inner.values}


@dataclass(frozen=True)
class Reader:
    """Turns records of one source into rows."""

    source: str
    fields: Fields
    zone: ZoneInfo
    """A moment belongs to the day that it is there."""

    def rows(self, number: int, look: Look) -> Iterator[Row | BadRow]:
        """The rows of one record, or what is wrong with it. `number` counts records from 1."""
        try:
            cells = {name: self._text(look, name, theirs) for name, theirs in self.fields.theirs.items()}
            pairs = {
                measure: self._text(look, "value", theirs) for measure, theirs in self.fields.values.items()
            }
        except CellError as bad:
            yield self.refused(number, bad)
            return
        if not pairs:
            yield Row(self.source, number, cells)
        for measure, value in pairs.items():
            # One record, several measures: each needs an identity of its own.
            record_id = f"{cells['record_id']}:{measure}" if cells["record_id"] else ""
            yield Row(
                self.source, number, {**cells, "record_id": record_id, "measure": measure, "value": value}
            )

    def refused(self, number: int, bad: CellError) -> BadRow:
        return BadRow(f"source {self.source}", number, bad.column, bad.value, bad.reason)

    def _text(self, look: Look, ours: str, theirs: str) -> str:
        try:
            value = look(theirs)
        except LookupError:
            if ours == "customer_id":
                return ""
            raise CellError(ours, "", Reason(NOT_THERE, field=theirs)) from None
        return as_text(value, ours, self.zone)


def as_text(value: object, column: str, zone: ZoneInfo) -> str:
    """A value as a cell says it; nothing becomes a blank. Raises CellError for what has no exact text."""
    match value:
        case None:
            return ""
        case bool():
            raise CellError(column, str(value).lower(), A_FLAG)
        case float():
            raise CellError(column, repr(value), A_FLOAT)
        case Decimal():
            return _plain(value, column)
        case datetime():
            return _day(value, zone) if column == "occurred_on" else value.isoformat(" ")
        case date() | int() | UUID():
            return str(value)
        case str():
            return _day_of(value, zone) if column == "occurred_on" else value
        case bytes() | bytearray() | memoryview():
            raise CellError(column, "", BINARY)
    raise CellError(column, "", A_STRUCTURE)


def _plain(value: Decimal, column: str) -> str:
    """Without exponent, and without the zeros that a database fills its scale with."""
    if not value.is_finite() or abs(value.adjusted()) > LARGEST_EXPONENT:
        raise CellError(column, str(value), NOT_A_DECIMAL)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return str((moment.astimezone(zone) if moment.tzinfo else moment).date())


def _day_of(text: str, zone: ZoneInfo) -> str:
    """The day of an ISO 8601 moment; any other text stays as it is, for the checks to judge."""
    if not MOMENT.fullmatch(text):
        return text
    try:
        return _day(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return text
