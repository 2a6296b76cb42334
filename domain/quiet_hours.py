"""When a message may reach its reader: by the clock on the reader's wall, and the company's working days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.working_days import WorkingDays

MIDNIGHT, END_OF_DAY = 0, 24 * 60
_ONE_DAY = timedelta(days=1)

Span = tuple[int, int]
"""Minutes of a day, from and to: `(540, 1080)` is 9:00 until 18:00."""


class Hours(StrEnum):
    """What a message waits for."""

    ANY = "any"
    """Nothing: it answers somebody's own click."""
    AWAKE = "awake"
    """The end of the reader's quiet hours."""
    WORKING = "working"
    """Working hours on a working day, and the end of the reader's quiet hours."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to `end` on the wall clock, over midnight where `begin` is later; none without them.

    `days_off`: quiet all day where the company's calendar has no working day.
    """

    begin: time | None = time(20)
    end: time | None = time(8)
    days_off: bool = True

    def open_spans(self) -> tuple[Span, ...]:
        """The rest of a day."""
        if self.begin is None or self.end is None:
            return ((MIDNIGHT, END_OF_DAY),)
        begin, end = _minute(self.begin), _minute(self.end)
        spans = ((end, begin),) if begin > end else ((MIDNIGHT, begin), (end, END_OF_DAY))
        return tuple(span for span in spans if span[0] < span[1])


USUAL = QuietHours()
"""Of whoever has not chosen others: from 20:00 to 8:00 and on days off."""
OUT_OF_OFFICE = QuietHours(time(18), time(9))
"""What working hours leave."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """When messages may arrive somewhere: these spans of a day, on which days."""

    spans: tuple[Span, ...]
    days_off: bool
    """Also on days off."""


def reachable(hours: Hours, quiet: QuietHours) -> Reachable:
    """When a message of these hours may reach a reader of these quiet hours.

    Who is quiet all through our working hours hears of it when the own quiet hours are over.
    """
    if hours is Hours.ANY:
        return Reachable(((MIDNIGHT, END_OF_DAY),), days_off=True)
    if hours is Hours.AWAKE:
        return Reachable(quiet.open_spans(), days_off=not quiet.days_off)
    at_work = _overlap(quiet.open_spans(), OUT_OF_OFFICE.open_spans())
    return Reachable(at_work or quiet.open_spans(), days_off=False)


def next_moment(moment: datetime, zone: ZoneInfo, when: Reachable, calendar: WorkingDays) -> datetime:
    """`moment` where messages may arrive then, else the next moment at which they may; in UTC.

    Where clocks are turned, the doubtful hour counts as quiet: a time that the clock skips, or shows twice,
    begins a span as late and ends it as early as it can be read.
    """
    moment = moment.astimezone(UTC)
    day = moment.astimezone(zone).date() - _ONE_DAY  # a zone may repeat an hour around midnight
    while True:
        if when.days_off or calendar.is_working_day(day):
            for begin, end in _moments(day, when.spans, zone):
                if moment < end and begin < end:
                    return max(moment, begin)
        day += _ONE_DAY


def _moments(day: date, spans: tuple[Span, ...], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for begin, end in spans:
        yield max(_readings(day, begin, zone)), min(_readings(day, end, zone))


def _readings(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments that a wall clock's time can stand for; most of the year they are one."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return early, late


def _overlap(first: tuple[Span, ...], second: tuple[Span, ...]) -> tuple[Span, ...]:
    both = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return tuple((begin, end) for begin, end in both if begin < end)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
