"""Playing a company's year: what comes in, what HR does, each month's lock, proof and payroll."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from cli.common import counted
from cli.demo.year import Agreed, Arriving, Locking, Restating, Year
from domain.access import Viewer
from domain.clock import FixedClock
from domain.closing.restating import restate_card
from domain.closing.service import score_and_lock
from domain.database import Database
from domain.errors import Refusal
from domain.imports.service import import_folder
from domain.incentives.payroll import payroll, write_payroll
from domain.incentives.service import accrue
from domain.incentives.terms import set_term
from domain.people.service import person_by_employee_id
from domain.periods import Period, PeriodKind
from domain.scoring.printing import published_cards
from domain.scoring.service import score_now
from domain.scoring.verification import verify
from domain.viewers import viewer_of

Say = Callable[[str], None]


def play_year(database: Database, year: Year, payrolls: Path, say: Say) -> FixedClock:
    """Play every day; gives the last one's clock. `payrolls` is the folder for the payroll of each month.

    Raises Refusal where a month does not come out the same.
    """
    payrolls.mkdir(parents=True, exist_ok=True)
    for day in year.days:
        clock = year.clock_on(day.on)
        if isinstance(day, Arriving):
            _take_in(database, clock, year, day)
        else:
            say(_lock(database, clock, year, day, payrolls))
    score_now(database, clock, Period.containing(PeriodKind.MONTH, year.last_month.end))
    return clock


def _take_in(database: Database, clock: FixedClock, year: Year, day: Arriving) -> None:
    with database.writing() as session:
        import_folder(session, clock, day.folder, year.hr)
    for restating in day.restating:
        _restate(database, clock, year, restating)
    for agreed in day.terms:
        _agree(database, clock, year, agreed)


def _restate(database: Database, clock: FixedClock, year: Year, one: Restating) -> None:
    for employee_id in one.people:
        with database.writing() as session:
            person_id = person_by_employee_id(session, employee_id).id
            restate_card(session, clock, _hr(session, clock, year), person_id, one.period, one.because)


def _agree(database: Database, clock: FixedClock, year: Year, one: Agreed) -> None:
    with database.writing() as session:
        person_id = person_by_employee_id(session, one.employee_id).id
        hr = _hr(session, clock, year)
        set_term(session, clock, hr, person_id, one.kind, one.value, one.since, one.because)


def _lock(database: Database, clock: FixedClock, year: Year, day: Locking, payrolls: Path) -> str:
    """Score, lock, prove and pay a month; gives what there is to say of it."""
    with database.reading() as session:
        hr = _hr(session, clock, year)
    score_and_lock(database, clock, hr, day.month, day.because)
    with database.reading() as session:
        differences = verify(session, day.month)
    if differences:
        raise Refusal(
            "{month} does not come out the same: {first}", month=day.month.key, first=differences[0]
        )
    with database.writing() as session:
        accrue(session, clock, day.month)
        found = payroll(session, clock, hr, day.month)
        write_payroll(found, payrolls / f"{day.month}.csv")
        cards = published_cards(session, day.month)
    paid = [Decimal(str(row["total"])) for row in found.rows if row["total"] != ""]
    return (
        f"{day.month}: {counted(cards, 'card')} locked on {day.on} and verified; "
        f"{len(paid)} people paid, {sum(paid):,.2f} in all."
    )


def _hr(session: Session, clock: FixedClock, year: Year) -> Viewer:
    return viewer_of(session, clock, person_by_employee_id(session, year.hr))
