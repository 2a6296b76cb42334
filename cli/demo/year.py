"""A company that hands its files in day by day: played as it happened, each day on its own clock.

Such a folder has a `year.toml`, which says what is done when, and for each day a folder to import.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cli.common import counted
from domain.access import Viewer
from domain.clock import FixedClock
from domain.closing.restating import restate
from domain.closing.service import score_and_lock
from domain.database import Database
from domain.errors import BadInput, Refusal
from domain.imports.service import import_folder
from domain.incentives.service import accrue
from domain.people.model import Person
from domain.periods import Period, PeriodKind
from domain.scoring.printing import published_cards
from domain.scoring.service import score_now
from domain.scoring.verification import verify
from domain.viewers import viewer_of

YEAR_FILE = "year.toml"
MEETING = time(10)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Restating:
    period: Period
    people: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Arriving:
    """The files of a day, and what HR restates with them."""

    on: date
    folder: Path
    restating: tuple[Restating, ...] = ()


@dataclass(frozen=True)
class Locking:
    """The day on which a month is locked, and why in spite of what is still open."""

    on: date
    month: Period
    because: str


@dataclass(frozen=True)
class Year:
    hr: str
    """The employee id of whoever locks and restates."""
    zone: ZoneInfo
    days: tuple[Arriving | Locking, ...]
    """In the order in which they come."""

    @property
    def last_month(self) -> Period:
        return [day.month for day in self.days if isinstance(day, Locking)][-1]

    def clock_on(self, day: date) -> FixedClock:
        """10:00 on a day, where the company is."""
        return FixedClock(datetime.combine(day, MEETING, self.zone).astimezone(UTC))


def is_year(folder: Path) -> bool:
    return (folder / YEAR_FILE).is_file()


def read_year(folder: Path) -> Year:
    """Raises BadInput where `year.toml` does not say what it should."""
    try:
        text = tomllib.loads((folder / YEAR_FILE).read_text(encoding="utf-8"))
        days = [day for hand_in in text["hand_ins"] for day in _days(folder, hand_in)]
        in_order = sorted(days, key=lambda day: (day.on, isinstance(day, Locking)))
        year = Year(text["hr"], ZoneInfo(text["time_zone"]), tuple(in_order))
    except (ValueError, LookupError, TypeError) as problem:
        raise BadInput(
            "{file} cannot be read ({problem}): compare it with that of examples/consumer-loans.",
            file=folder / YEAR_FILE,
            problem=repr(problem),
        ) from None
    if not any(isinstance(day, Locking) for day in year.days):
        raise BadInput("{file} locks no month: give a hand-in `completes` and `lock_on`.", file=YEAR_FILE)
    return year


def _days(folder: Path, hand_in: dict[str, Any]) -> Iterator[Arriving | Locking]:
    restating = tuple(
        Restating(Period.parse(one["period"]), tuple(one["people"]), one["because"])
        for one in hand_in.get("restatements", [])
    )
    yield Arriving(hand_in["on"], folder / str(hand_in["on"]), restating)
    if "completes" in hand_in:
        yield Locking(hand_in["lock_on"], Period.parse(hand_in["completes"]), hand_in["because"])


def play_year(database: Database, year: Year, say: Say) -> FixedClock:
    """Play every day; gives the last one's clock. Raises Refusal where a month does not come out the same."""
    for day in year.days:
        clock = year.clock_on(day.on)
        if isinstance(day, Arriving):
            _take_in(database, clock, year, day)
        else:
            _lock(database, clock, year, day)
            say(_said_of(database, day.month))
    score_now(database, clock, Period.containing(PeriodKind.MONTH, year.last_month.end))
    return clock


def _take_in(database: Database, clock: FixedClock, year: Year, day: Arriving) -> None:
    with database.writing() as session:
        import_folder(session, clock, day.folder, year.hr)
    for one in day.restating:
        with database.reading() as session:
            actor = _hr(session, clock, year)
            people = session.scalars(sa.select(Person.id).where(Person.employee_id.in_(one.people))).all()
        for person_id in people:
            restate(database, clock, actor, person_id, one.period, one.because)


def _lock(database: Database, clock: FixedClock, year: Year, day: Locking) -> None:
    with database.reading() as session:
        actor = _hr(session, clock, year)
    score_and_lock(database, clock, actor, day.month, day.because)
    with database.reading() as session:
        differences = verify(session, day.month)
    if differences:
        raise Refusal(
            "{month} does not come out the same: {first}", month=day.month.key, first=differences[0]
        )
    with database.writing() as session:
        accrue(session, clock, day.month)


def _hr(session: Session, clock: FixedClock, year: Year) -> Viewer:
    person = session.scalars(sa.select(Person).where(Person.employee_id == year.hr)).one()
    return viewer_of(session, clock, person)


def _said_of(database: Database, month: Period) -> str:
    with database.reading() as session:
        cards = published_cards(session, month)
    return f"{month}: {counted(cards, 'card')} locked and verified."
