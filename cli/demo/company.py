"""A company for the demo: imported, every complete month scored and locked, on a clock of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cli.common import errors, progress_bar
from cli.demo.playing import play_year
from cli.demo.year import is_year, read_year
from domain.clock import FixedClock, SystemClock
from domain.errors import BadInput, Refusal
from domain.imports.service import import_folder
from domain.loads import latest_load_id
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.people.model import Person, Role
from domain.periods import Period, PeriodKind
from domain.plans.service import parsed, plan_versions
from domain.scoring.inputs import PeriodInputs
from domain.scoring.model import Card, CardRank, ScoredPeriod
from domain.scoring.published import IS_PUBLISHED
from domain.scoring.service import score_and_lock, score_now
from domain.services import Services, make_services
from domain.settings import Settings
from domain.working_days import WorkingDays
from migrations import upgrade

BOT_TOKEN = "xoxb-demo"  # noqa: S105 - the sandbox's own, good for nothing else
APP_TOKEN = "xapp-demo"  # noqa: S105 - as above
MEETING = time(10)
WORKING_DAY = 5


@dataclass(frozen=True)
class Prepared:
    """A company that is ready to be shown. Offsets are on the machine's clock."""

    services: Services
    home: Path
    clock_offset: timedelta
    last_month: Period
    rep: Person | None
    """The first ranked rep of the last month."""
    manager: Person | None
    """Who oversees that rep: the manager of the unit or above, else HR."""
    hr: Person | None
    """Who looks after the whole company, else the first of HR."""


def prepare(folder: Path, home: Path) -> Prepared:
    """Import, score and lock. Raises Refusal with the reason."""
    home.mkdir(parents=True)
    settings = Settings.from_environment({"PACESETTER_HOME": str(home)})
    services = make_services(settings)
    upgrade(services.database)
    source = _import_folder(folder, home.parent)
    clock, last_month = (_played if is_year(source) else _at_once)(services, source)
    offset = timedelta(seconds=round((clock.at - datetime.now(UTC)).total_seconds()))
    shown = Services(settings, services.database, SystemClock(offset))
    with services.database.reading() as session:
        rep, manager = _actors(session, last_month)
        return Prepared(shown, home, offset, last_month, rep, manager, _head_of_hr(session))


def _played(services: Services, source: Path) -> tuple[FixedClock, Period]:
    """The days of a year, one after the other."""
    year = read_year(source)
    errors.print(f"Playing {year.days[0].on} to {year.days[-1].on} …")
    payrolls = services.settings.home.parent / "payroll"
    return play_year(services.database, year, payrolls, errors.print), year.last_month


def _at_once(services: Services, source: Path) -> tuple[FixedClock, Period]:
    """One folder, all its months."""
    clock = FixedClock(_demo_time(source, services.settings.home))
    with services.database.writing() as session, progress_bar("Importing") as progress:
        import_folder(session, clock, source, "demo", lambda _what, done, total: progress(done, total))
    return clock, _score_and_lock(services, clock)


def environment(prepared: Prepared, url: str) -> dict[str, str]:
    """For the demo's processes: nothing of the user's own installation reaches them."""
    ours = ("PACESETTER_", "SLACK_", "DATABASE_URL", "REDIS_URL")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    binaries = str(Path(sys.executable).parent)
    return {
        **inherited,
        "HTTP_PROXY": "",  # the sandbox is on this machine
        "HTTPS_PROXY": "",
        "PATH": f"{binaries}{os.pathsep}{inherited.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "PACESETTER_HOME": str(prepared.home),
        "PACESETTER_CLOCK_OFFSET": str(round(prepared.clock_offset.total_seconds())),
        "SLACK_API_URL": f"{url}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
    }


def _import_folder(folder: Path, workplace: Path) -> Path:
    """The folder itself, or what its script writes."""
    if not folder.is_dir():
        raise BadInput("There is no folder {folder}: give an import folder or an example.", folder=folder)
    script = folder / "make_folder.py"
    if not script.exists():
        return folder
    written = workplace / "company"
    made = subprocess.run(  # noqa: S603 - an example of this project, or what the user named
        [sys.executable, str(script), str(written)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise Refusal("{script} failed: {why}", script=script, why=made.stderr.strip() or made.stdout.strip())
    return written


def _demo_time(folder: Path, home: Path) -> datetime:
    """10:00 on the fifth working day after the last complete month, in the company's zone.

    What that month is shows only after an import; it is tried in a database that is thrown away.
    """
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        services = make_services(Settings.from_environment({"PACESETTER_HOME": scratch}))
        upgrade(services.database)
        try:
            with services.database.writing() as session:
                import_folder(session, SystemClock(), folder, "demo", None)
                last = _last_complete_month(session)
                company = people.company(session)
                day = WorkingDays(company.calendar).nth_working_day(last.end, WORKING_DAY)
                return datetime.combine(day, MEETING, ZoneInfo(company.time_zone)).astimezone(UTC)
        finally:
            services.database.close()


def _last_complete_month(session: Session) -> Period:
    """The last month that all measures cover and that has records; else the last month with records."""
    months = list(_months_with_records(session))
    return next((month for month in reversed(months) if _is_complete(session, month)), months[-1])


def _months_with_records(session: Session) -> Iterator[Period]:
    first, last = session.execute(
        sa.select(sa.func.min(MeasureRecord.occurred_on), sa.func.max(MeasureRecord.occurred_on))
    ).one()
    if first is None:
        raise Refusal("measures.csv has no records: there is nothing to score.")
    started = min(parsed(version).from_month for version in plan_versions(session))
    month = max(Period.containing(PeriodKind.MONTH, first), started)
    while month.start <= last:
        yield month
        month = month.next()


def _is_complete(session: Session, month: Period) -> bool:
    """Whether every plan's measures are covered on all days of the month."""
    plans = PeriodInputs(session, month, latest_load_id(session), month.end).plans
    return bool(plans) and not any(plan.window.missing for plan in plans.values())


def _score_and_lock(services: Services, clock: FixedClock) -> Period:
    with services.database.reading() as session:
        months = [month for month in _months_with_records(session) if _is_complete(session, month)]
    if not months:
        raise Refusal("No month is covered wholly: see coverage.csv. There is nothing to lock.")
    with progress_bar("Scoring and locking months") as progress:
        for done, month in enumerate(months, start=1):
            score_and_lock(services.database, clock, month, "demo")
            progress(done, len(months))
    score_now(services.database, clock, Period.containing(PeriodKind.MONTH, months[-1].end))
    errors.print(f"{len(months)} months are scored and locked, {months[0]} to {months[-1]}.")
    return months[-1]


def _actors(session: Session, month: Period) -> tuple[Person | None, Person | None]:
    rep = session.scalars(
        sa.select(Person)
        .join(Card, Card.person_id == Person.id)
        .join(CardRank, CardRank.card_id == Card.id)
        .join(ScoredPeriod, IS_PUBLISHED)
        .where(ScoredPeriod.key == month.key, Person.role == Role.REP)
        .order_by(CardRank.rank, CardRank.out_of.desc(), Person.employee_id)
        .limit(1)
    ).first()
    if rep is None:
        return None, None
    tree = people.unit_tree(session)
    path = tree.path_to(people.tenures(session, [rep.id])[rep.id].placement_in(month).unit_id)[::-1]
    named = [unit.manager_id for unit in path] + [unit.hr_id for unit in path]
    found = next((person_id for person_id in named if person_id not in (None, rep.id)), None)
    if found is not None:
        return rep, session.get(Person, found)
    return rep, session.scalars(sa.select(Person).where(Person.role == Role.HR).limit(1)).first()


def _head_of_hr(session: Session) -> Person | None:
    roots = [unit.hr_id for unit in people.unit_tree(session) if unit.parent_id is None and unit.hr_id]
    if roots:
        return session.get(Person, roots[0])
    return session.scalars(sa.select(Person).where(Person.role == Role.HR).limit(1)).first()
