"""The body of a delivery: `{"records": [...], "coverage": [...]}`, read into rows or refused. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from domain.cells import days
from domain.errors import N_
from domain.metrics.coverage import CoveredDays
from domain.rows import BadRow, CellError, Reason, Row
from worker.sources.exact_json import read_json
from worker.sources.fields import NAMES, NOT_AN_OBJECT, Fields, Reader

MOST_RECORDS = 10_000
KEYS = ("records", "coverage")
COVERAGE_KEYS = ("measure", "from", "to")
FIELDS = Fields({name: name for name in NAMES}, {}, required=NAMES[:-1])
NO_FIELD = N_("is no field of a record: the fields are {fields}.")
NOT_A_SPAN = Reason(N_('must be an object with "measure", "from" and "to".'))
NOT_ITS_MEASURE = N_("is not a measure of this source: its measures are {measures}.")


class BadPayload(Exception):  # noqa: N818 - an answer
    """A body that is no delivery; the sentence is for the sender."""


class TooManyRecords(Exception):  # noqa: N818 - an answer
    """More than one delivery may hold."""


@dataclass(frozen=True)
class Payload:
    records: list[Any]
    coverage: list[Any] | None


def parse(body: bytes) -> Payload:
    """Raises BadPayload, TooManyRecords."""
    try:
        found = read_json(body)
    except ValueError:
        raise BadPayload("The body is not JSON.") from None
    if not isinstance(found, dict):
        raise BadPayload('The body must be an object with "records".')
    unknown = sorted(set(found) - set(KEYS))
    if unknown:
        raise BadPayload(f'The body has "{unknown[0][:60]}"; it can have "records" and "coverage".')
    records, coverage = found.get("records"), found.get("coverage")
    if not isinstance(records, list):
        raise BadPayload('"records" must be a list; it may be empty.')
    if coverage is not None and not isinstance(coverage, list):
        raise BadPayload('"coverage" must be a list.')
    if len(records) > MOST_RECORDS:
        raise TooManyRecords
    return Payload(records, coverage)


def rows(payload: Payload, source: str, zone: ZoneInfo) -> Iterator[Row | BadRow]:
    """The records as rows, numbered from 1."""
    reader = Reader(source, FIELDS, zone)
    for number, record in enumerate(payload.records, start=1):
        if not isinstance(record, dict):
            yield reader.refused(number, CellError(None, "", NOT_AN_OBJECT))
        elif unknown := sorted(set(record) - set(NAMES)):
            reason = Reason(NO_FIELD, fields=", ".join(NAMES))
            yield reader.refused(number, CellError(unknown[0][:60], "", reason))
        else:
            yield from reader.rows(number, record.__getitem__)


def covered(
    payload: Payload, measures: tuple[str, ...], refuse: Callable[[int, CellError], None]
) -> tuple[CoveredDays, ...] | None:
    """The days that the delivery says it reports; None: it does not say. Bad entries go to `refuse`."""
    if payload.coverage is None:
        return None
    found = []
    for number, entry in enumerate(payload.coverage, start=1):
        try:
            found.append(_covered(entry, measures))
        except CellError as bad:
            refuse(number, bad)
    return tuple(found)


def _covered(entry: Any, measures: tuple[str, ...]) -> CoveredDays:
    if not isinstance(entry, dict) or set(entry) != set(COVERAGE_KEYS):
        raise CellError("coverage", "", NOT_A_SPAN)
    texts = {name: value if isinstance(value, str) else str(value) for name, value in entry.items()}
    if texts["measure"] not in measures:
        reason = Reason(NOT_ITS_MEASURE, measures=", ".join(measures))
        raise CellError("coverage.measure", texts["measure"], reason)
    try:
        first, last = days(texts)
    except CellError as bad:
        raise CellError(f"coverage.{bad.column}", bad.value, bad.reason) from None
    return CoveredDays(texts["measure"], first, last)
