"""For which days a measure is reported.

Of a measure that any coverage row in force names, whatever its origin, exactly the days of these rows are
known. The wildcard `*` speaks only for measures that no row names. A row whose last day is before its first
names its measure and covers no day: a source that has never delivered.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.metrics import rules
from domain.metrics.model import Coverage
from domain.metrics.rules import EVERY_MEASURE

BEGINNING = date(1900, 1, 1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CoveredDays:
    """A measure and its days, both included."""

    measure: str
    first_day: date
    last_day: date


def reported_days(session: Session, load_id: int | None = None) -> rules.Coverage:
    """As of a load, or now."""
    in_force = Coverage.ended_in.is_(None) if load_id is None else Coverage.as_of(load_id)
    rows = session.scalars(sa.select(Coverage).where(in_force))
    return rules.Coverage.of((row.measure, row.first_day, row.last_day) for row in rows)


def state_coverage(arrival: Arrival, covered: Iterable[CoveredDays]) -> int:
    """Make these the coverage of the arrival's origin, all of it; how many rows changed."""
    current = arrival.session.scalars(
        sa.select(Coverage).where(Coverage.origin == arrival.origin, Coverage.ended_in.is_(None))
    )
    content = ("measure", "first_day", "last_day")
    wanted = [
        Coverage(
            origin=arrival.origin, measure=days.measure, first_day=days.first_day, last_day=days.last_day
        )
        for days in covered
    ]
    return arrival.bring_up_to_date(
        {(row.measure, row.first_day, row.last_day): row for row in current},
        {(row.measure, row.first_day, row.last_day): row for row in wanted},
        content,
        ends_missing=True,
    )


def extend_coverage(arrival: Arrival, covered: Iterable[CoveredDays]) -> int:
    """Add these days to the coverage of the arrival's origin; how many rows changed."""
    current = arrival.session.execute(
        sa.select(Coverage.measure, Coverage.first_day, Coverage.last_day).where(
            Coverage.origin == arrival.origin, Coverage.ended_in.is_(None)
        )
    )
    return state_coverage(arrival, joined([*(CoveredDays(*row) for row in current), *covered]))


def joined(covered: Iterable[CoveredDays]) -> list[CoveredDays]:
    """The same days in as few spans as they need. A measure of which no day is covered keeps saying so."""
    by_measure: dict[str, list[CoveredDays]] = {}
    for days in covered:
        by_measure.setdefault(days.measure, []).append(days)
    return [span for spans in by_measure.values() for span in _joined(spans)]


def _joined(spans: list[CoveredDays]) -> list[CoveredDays]:
    days_there = sorted(
        (days for days in spans if days.first_day <= days.last_day), key=lambda days: days.first_day
    )
    if not days_there:
        return spans[:1]
    found = days_there[:1]
    for days in days_there[1:]:
        if days.first_day <= found[-1].last_day + ONE_DAY:
            found[-1] = replace(found[-1], last_day=max(found[-1].last_day, days.last_day))
        else:
            found.append(days)
    return found


def cover_everything_until(arrival: Arrival, day: date) -> int:
    """All measures are reported up to and including `day`, or later where that was said before."""
    latest = arrival.session.scalar(
        sa.select(sa.func.max(Coverage.last_day)).where(
            Coverage.origin == arrival.origin,
            Coverage.measure == EVERY_MEASURE,
            Coverage.ended_in.is_(None),
        )
    )
    return state_coverage(arrival, [CoveredDays(EVERY_MEASURE, BEGINNING, max(day, latest or day))])
