"""The clock for periods and due dates. Leases use the database's clock instead (`database.db_now_ms`)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time; always aware and in UTC."""

    def now(self) -> datetime: ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's time, moved by `offset` (the demo lives on its own date)."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class FixedClock:
    """A clock that stands still until it is told otherwise."""

    at: datetime

    def now(self) -> datetime:
        return self.at.astimezone(UTC)


def today(clock: Clock, time_zone: str) -> date:
    """The calendar day in `time_zone` (an IANA name)."""
    return day_of(clock.now(), time_zone)


def day_of(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment in `time_zone`."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
