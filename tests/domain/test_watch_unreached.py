"""A report that could not be delivered goes to the person's HR."""

from domain.clock import FixedClock
from domain.database import Database
from domain.watch.facts import PERSON_POST, UNIT_POST, UNREACHED_POST
from domain.watch.unreached import tell_hr
from tests.domain.conftest import Load, Lock
from tests.domain.watch_stories import QUARTER, company, employee_ids, posts, rep, watch


def test_hr_gets_the_report_that_did_not_arrive_and_once(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "ADA", "MMM"))
    lock(*QUARTER)
    watch(database, clock, *QUARTER)
    [report] = posts(database, PERSON_POST)

    for _ in range(2):
        with database.writing() as session:
            tell_hr(session, clock, report)

    [notice] = posts(database, UNREACHED_POST)
    assert employee_ids(database, [notice.person_id or 0]) == ["HR"]
    assert notice.facts["alerts"] == [report.facts]


def test_other_messages_that_fail_are_no_task_for_hr(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "ADA", "MMM"))
    lock(*QUARTER)
    watch(database, clock, *QUARTER)
    [managers] = posts(database, UNIT_POST)

    with database.writing() as session:
        tell_hr(session, clock, managers)

    assert posts(database, UNREACHED_POST) == []
