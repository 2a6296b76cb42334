"""A small company with two teams: June is locked, July is running."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from domain.clock import Clock, FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.periods import Period
from domain.scoring.service import score_and_lock, score_now
from tests.builders import CompanyFolder
from tests.conftest import TEN_IN_SHANGHAI
from tests.sqlite_files import a_copy, settle

EAST = {"E1": 1100, "E2": 1000, "E3": 900, "E4": 900, "E5": 700, "E6": 400}
"""Won in June, of a target of 1000. E3 and E4 tie; E5 and E6 miss."""
WEST = {"W1": 1200, "W2": 300}
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07")


def a_company() -> CompanyFolder:
    folder = CompanyFolder().plan().unit("Acme/East", manager_id="M1", hr_id="H1")
    folder.unit("Acme/West", manager_id="M2").unit("Acme", hr_id="H1")
    for employee_id in EAST:
        folder.person(employee_id, unit="Acme/East", manager_id="M1")
    for employee_id in WEST:
        folder.person(employee_id, unit="Acme/West", manager_id="M2", locale="zh-CN")
    folder.person("M1", name="Maria", role="manager", job_family="managers", unit="Acme/East")
    folder.person("M2", name="Marc", role="manager", job_family="managers", unit="Acme/West")
    folder.person("H1", name="Helen", role="hr", job_family="hr", unit="Acme")
    folder.person("A1", name="Adam", role="admin", job_family="it", unit="Acme")
    for employee_id, won in (EAST | WEST).items():
        for month in MONTHS:
            folder.target(employee_id, "sales", month, 1000)
            day = date.fromisoformat(f"{month}-02")
            folder.measure(employee_id, "won_amount", day, won if month != "2026-07" else won / 10)
            folder.measure(employee_id, "wins", day, 4).measure(employee_id, "closed_deals", day, 10)
    return folder.measure("E2", "violations", "2026-06-05", 1)


def scored_company(
    folder: Path,
    migrated: Path,
    company: CompanyFolder | None = None,
    locked: Collection[str] = MONTHS[:-1],
) -> Path:
    """A database with the company, the small one by default: June is locked, July is running."""
    path = folder / "scored.db"
    with a_copy(migrated, path) as database:
        written = (company or a_company()).write(folder / "acme")
        load(database, FixedClock(TEN_IN_SHANGHAI), written, locked)
        settle(database)
    return path


def load(database: Database, clock: Clock, folder: Path, locked: Collection[str] = MONTHS[:-1]) -> None:
    """Import it, lock every ended month, or those named, and score the others."""
    with database.writing() as session:
        import_folder(session, clock, folder, "cli:test")
    for month in MONTHS:
        if month in locked:
            score_and_lock(database, clock, Period.parse(month), "H1")
        else:
            score_now(database, clock, Period.parse(month))
