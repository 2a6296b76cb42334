"""Storing a delivery: all of it once, or nothing of it with a list of what is wrong."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.database import one_at_a_time
from domain.metrics.bench import open_bench
from domain.metrics.coverage import CoveredDays
from domain.people.model import Company
from domain.rows import BadRow, CellError, Row
from domain.services import Services
from domain.sources.model import RunState, SourceRun
from domain.sources.pushed import earlier_delivery, remember_delivery
from domain.sources.refreshing import ask_for_refresh
from domain.sources.service import (
    NO_MORE_DAYS,
    Covered,
    RowsRefused,
    Try,
    has_stated_coverage,
    lay_out,
    match_people,
    record_failure,
    store_rows,
)
from domain.sources.telling import failures_in_a_row
from worker.intake.payload import Payload, covered, rows
from worker.sources.config import Source


class SameIdOtherBody(Exception):  # noqa: N818 - an answer
    """A delivery of this id was stored, and it was another one."""


@dataclass(frozen=True)
class Delivery:
    source: Source
    id: str
    body: bytes
    payload: Payload
    correlation_id: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Accepted:
    run_id: int
    is_repeat: bool
    """It was stored before, and nothing was done now."""
    is_news: bool
    counts: dict[str, int]


def accept(services: Services, delivery: Delivery) -> Accepted:
    """Raises RowsRefused, which is recorded as a run of the source; SameIdOtherBody."""
    database, clock, source = services.database, services.clock, delivery.source
    attempt = Try(source.terms, clock.now(), delivery.correlation_id)
    with database.reading() as session:
        earlier = _earlier(session, delivery)
        zone = _zone(session)
    if earlier is not None:
        return earlier
    try:
        with open_bench() as bench:
            covered_days, refused = _covered(delivery)
            laid = lay_out(bench, source.terms, _all_rows(delivery, zone, refused))
            with database.reading() as session:
                people = match_people(session, bench, attempt, laid)
            with database.writing() as session:
                one_at_a_time(session, f"delivery:{source.name}")
                earlier = _earlier(session, delivery)  # another process may have been faster
                if earlier is not None:
                    return earlier
                was_failing = failures_in_a_row(session, source.name) > 0
                days = _days(session, source, covered_days)
                run = store_rows(session, clock, bench, attempt, laid, people, days)
                remember_delivery(session, clock, run, delivery.id, delivery.digest)
                if was_failing:
                    _refresh(session, services, delivery, run)
                return _accepted(run, is_repeat=False)
    except RowsRefused as failure:
        with database.writing() as session:
            run = record_failure(session, clock, attempt, failure)
            _refresh(session, services, delivery, run)
        raise


def _earlier(session: Session, delivery: Delivery) -> Accepted | None:
    found = earlier_delivery(session, delivery.source.name, delivery.id)
    if found is None:
        return None
    if found.body_digest != delivery.digest:
        raise SameIdOtherBody
    return _accepted(session.get_one(SourceRun, found.run_id), is_repeat=True)


def _accepted(run: SourceRun, *, is_repeat: bool) -> Accepted:
    counts = {
        "read": run.rows_read,
        "new": run.rows_added,
        "corrected": run.rows_corrected,
        "unchanged": run.rows_unchanged,
    }
    return Accepted(run.id, is_repeat, run.state == RunState.SUCCEEDED, counts)


def _covered(delivery: Delivery) -> tuple[tuple[CoveredDays, ...] | None, list[BadRow]]:
    refused: list[BadRow] = []
    place = f"source {delivery.source.name}"

    def refuse(number: int, bad: CellError) -> None:
        refused.append(BadRow(place, number, bad.column, bad.value, bad.reason))

    return covered(delivery.payload, delivery.source.measures, refuse), refused


def _days(session: Session, source: Source, said: tuple[CoveredDays, ...] | None) -> Covered | None:
    """None where the source has never said which days it reports."""
    if said is not None:
        return Covered(said, adds=True)
    return NO_MORE_DAYS if has_stated_coverage(session, source.name) else None


def _all_rows(delivery: Delivery, zone: ZoneInfo, refused: list[BadRow]) -> Iterator[Row | BadRow]:
    yield from rows(delivery.payload, delivery.source.name, zone)
    yield from refused


def _refresh(session: Session, services: Services, delivery: Delivery, run: SourceRun) -> None:
    after = f"run:{run.id}"
    ask_for_refresh(session, services.clock, delivery.source.name, after, delivery.correlation_id)


def _zone(session: Session) -> ZoneInfo:
    company: Any = session.get(Company, 1)
    return ZoneInfo(company.time_zone if company else "UTC")
