"""Companies whose people miss, hit or are away month after month, and what the watch makes of it."""

from collections.abc import Iterable

import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import Post
from domain.periods import Period
from domain.watch.facts import PERSON_POST, THREAD_POST, UNIT_POST
from domain.watch.model import Alert
from domain.watch.service import watch_month
from tests.builders import CompanyFolder

JANUARY = Period.parse("2026-01")
QUARTER = ("2026-01", "2026-02", "2026-03")
SIX_MONTHS = (*QUARTER, "2026-04", "2026-05", "2026-06")
ALERTS_FROM_JANUARY = 'calendar = "cn"\nalerts_from = "2026-01"\n'

Story = tuple[str, int, str, int]
"""Employee id, length, first missed month, alerts like it."""


def company(settings: str = ALERTS_FROM_JANUARY) -> CompanyFolder:
    """A boss, an HR partner and the managers of West and East, who have a private channel each."""
    return (
        CompanyFolder()
        .plan()
        .company(settings)
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .person("BOSS", role="manager", job_family="management", unit="Acme")
        .person("MW", role="manager", job_family="management", unit="Acme/West", manager_id="BOSS")
        .person("ME", role="manager", job_family="management", unit="Acme/East", manager_id="BOSS")
        .unit("Acme", manager_id="BOSS", hr_id="HR")
        .unit("Acme/West", manager_id="MW", channel="west-managers")
        .unit("Acme/East", manager_id="ME", channel="east-managers")
    )


def rep(
    folder: CompanyFolder, employee_id: str, story: str, unit: str = "Acme/West", **columns: str
) -> CompanyFolder:
    """A rep from January 2026 on: M sells 700 of 1 000 in a month, H 1 100, e is away all month."""
    folder.person(employee_id, unit=unit, **columns)
    month = JANUARY
    for letter in story:
        if letter == "e":
            folder.leave(employee_id, month.start, month.last_day)
        sells(folder, employee_id, month.key, {"M": 700, "H": 1100, "e": 0}[letter])
        month = month.next()
    return folder


def sells(folder: CompanyFolder, employee_id: str, month: str, amount: int) -> CompanyFolder:
    """Against a target of 1 000, with one deal of two won."""
    folder.target(employee_id, "sales", month, 1000)
    for measure, value in (("won_amount", amount), ("wins", 1), ("closed_deals", 2)):
        folder.measure(employee_id, measure, f"{month}-10", value)
    return folder


def watch(database: Database, clock: FixedClock, *months: str) -> list[Alert]:
    """Watch the months one after the other; the new alerts."""
    found = []
    for month in months:
        with database.writing() as session:
            found += watch_month(session, clock, Period.parse(month))
    return found


def alerts(database: Database) -> list[tuple[str, int, str, str]]:
    """Employee id, first missed month, length and the month that completed it, of every alert, sorted."""
    with database.reading() as session:
        return sorted(
            (alert.facts["employee_id"], alert.streak_start, alert.length, alert.month)
            for alert in session.scalars(sa.select(Alert))
        )


def posts(database: Database, *kinds: str) -> list[Post]:
    """The outbox in the order it was written; of these kinds, where any is named."""
    with database.reading() as session:
        everything = session.scalars(sa.select(Post).order_by(Post.id)).all()
    return [post for post in everything if not kinds or post.kind in kinds]


def messages(database: Database) -> dict[str, list[Post]]:
    """Reports, units' messages and threads."""
    return {kind: posts(database, kind) for kind in (PERSON_POST, UNIT_POST, THREAD_POST)}


def employee_ids(database: Database, person_ids: Iterable[int]) -> list[str]:
    with database.reading() as session:
        found = {
            row.id: row.employee_id for row in session.execute(sa.text("SELECT id, employee_id FROM people"))
        }
    return [found[person_id] for person_id in person_ids]
