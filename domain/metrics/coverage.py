"""For which days a measure is reported.

Of a measure that any coverage row in force names, whatever its origin, exactly the days of these rows are
known. The wildcard `*` speaks only for measures that no row names. A row whose last day is before its first
names its measure and covers no day: a source that has never delivered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.metrics.model import Coverage
from domain.metrics.rules import EVERY_MEASURE

BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True)
class CoveredDays:
    """A measure and its days, both included."""

    measure: str
    first_day: date
    last_day: date


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
