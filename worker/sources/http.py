"""The *http* connector: JSON from a server, page by page, from where the last run ended."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from domain.errors import N_
from domain.rows import BadRow, CellError, Row
from worker.sources.config_http import HttpQuery, Resume
from worker.sources.connector import Fetched, SourceFailed, Window
from worker.sources.deadline import Deadline
from worker.sources.fields import NOT_AN_OBJECT, Reader
from worker.sources.http_client import Client, Patience
from worker.sources.http_paging import Page, Parameters, read_pages
from worker.sources.paths import look_up, optional


@dataclass(frozen=True)
class HttpConnector:
    name: str
    reads: HttpQuery
    environment: Mapping[str, str]
    patience: Patience = field(default_factory=Patience)
    fingerprint_is_whole: ClassVar[bool] = False

    def fingerprint(self) -> str:
        reads = self.reads
        parts = (reads.url, reads.records, reads.fields, reads.resume)
        return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()

    def fetch(self, window: Window) -> Fetched:
        bookmark = Bookmark(self.reads.resume, window.cursor)
        return Fetched(self._rows(window, bookmark), cursor=lambda: bookmark.text)

    def _rows(self, window: Window, bookmark: "Bookmark") -> Iterator[Row | BadRow]:
        reads = self.reads
        reader = Reader(self.name, reads.fields, window.zone)
        number = 0
        with self._client() as client:
            for page in read_pages(client.get, reads, bookmark.parameters()):
                bookmark.turn(page)
                for record in page.records:
                    number += 1
                    yield from _rows_of(reader, number, record)
                    if number == window.most_rows:
                        return

    def _client(self) -> Client:
        reads = self.reads
        token = None if reads.token is None else reads.token.read(self.environment)
        return Client(reads.url, token, reads.token_header, Deadline(reads.timeout), self.patience)


def _rows_of(reader: Reader, number: int, record: Any) -> Iterator[Row | BadRow]:
    if isinstance(record, dict):
        yield from reader.rows(number, lambda path: look_up(record, path))
    else:
        yield reader.refused(number, CellError(None, "", NOT_AN_OBJECT))


class Bookmark:
    """Where the next run goes on: what the last page says, or the greatest value of a field."""

    def __init__(self, resume: Resume | None, text: str | None) -> None:
        self.text = text
        self._resume = resume
        self._greatest: Decimal | datetime | None = None

    def parameters(self) -> Parameters:
        if self._resume is None:
            return {}
        value = self.text or self._resume.start
        return {} if value is None else {self._resume.parameter: value}

    def turn(self, page: Page) -> None:
        if self._resume is None:
            return
        if self._resume.path is not None:
            said = optional(page.body, self._resume.path)
            self.text = self.text if said in (None, "") else str(said)
        elif self._resume.field is not None:
            for record in page.records:
                self._see(optional(record, self._resume.field))

    def _see(self, value: Any) -> None:
        if value is None:
            return
        order = _order(value)
        try:
            if self._greatest is not None and order <= self._greatest:  # type: ignore[operator] # of one type, or refused
                return
        except TypeError:
            raise _no_order(value) from None
        self._greatest, self.text = order, str(value)


def _order(value: Any) -> Decimal | datetime:
    """What makes one value greater than another: a number, or a moment (without a zone: in UTC)."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        if value.isascii() and value.isdigit():
            return Decimal(value)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise _no_order(value) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise _no_order(value)


def _no_order(value: Any) -> SourceFailed:
    return SourceFailed(
        N_(
            'The field of "resume" says {value}, which is neither a number nor a moment such as '
            "2026-07-06T10:00:00Z, or not the same kind of thing each time: name another field."
        ),
        value=value,
    )
