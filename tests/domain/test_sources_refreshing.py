"""Who sees a source being read is to see its end, however close to it that is."""

from concurrent.futures import ThreadPoolExecutor

from domain.clock import FixedClock
from domain.database import Database
from domain.jobs import add_job, claim_job, finish_job
from domain.sources.asking import PULL_JOB, scheduled_key
from domain.sources.refreshing import note_seen, seen_by
from tests.domain.locks import somebody_waits
from tests.sandbox.waiting import until

ADA, BEN = 1, 2


def a_run(database: Database, clock: FixedClock) -> int:
    with database.writing() as session:
        job = add_job(session, clock, PULL_JOB, scheduled_key("crm", 7), {"source": "crm"})
        claim_job(session, job.id)
        return job.id


def test_all_who_saw_a_run_are_noted(database: Database, clock: FixedClock) -> None:
    run = a_run(database, clock)

    for person_id in (BEN, ADA, BEN):
        with database.writing() as session:
            assert note_seen(session, [run], person_id)

    with database.writing() as session:
        assert seen_by(session, run) == [ADA, BEN]


def test_a_run_that_just_ends_is_not_seen_under_way(postgresql_database: Database, clock: FixedClock) -> None:
    """SQLite has one writer at a time."""
    database = postgresql_database
    run = a_run(database, clock)

    def note() -> bool:
        with database.writing() as session:
            return note_seen(session, [run], ADA)

    with ThreadPoolExecutor(1) as elsewhere:
        with database.writing() as session:
            finish_job(session, run)
            noted = elsewhere.submit(note)
            until(lambda: noted.done() or somebody_waits(database))
        assert not noted.result()
