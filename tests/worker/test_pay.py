"""Pay by the workers: computed after a lock, and files sent to who asked for them, once."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.database import Database, db_now_ms
from domain.incentives.files import PayFile, ask_for_file
from domain.incentives.model import LedgerLine
from domain.jobs import Job, JobState
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.service import ACCRUE_JOB, score_and_lock
from tests.domain.ledgers import Ledgers, paying_plan
from tests.worker.delivery_builders import a_delivery, services_for
from tests.worker.fake_slack import FakeSlack
from worker.actors import incentives, pay_files
from worker.runner import JobRunner

JANUARY = Period.parse("2026-01")


@pytest.fixture
def acme(database: Database, tmp_path: Path) -> Ledgers:
    """E1 sold 1200 of 1000 in January; HR is H1."""
    ledgers = Ledgers(database, tmp_path / "acme")
    ledgers.files.person("E1").person("E2").person("H1", role="hr", job_family="hr").plan(paying_plan())
    ledgers.files.target("E1", "sales", "2026-01", 1000).measure("E1", "won_amount", "2026-01-05", 1200)
    ledgers.hand_in()
    return ledgers


def id_of(acme: Ledgers, employee_id: str) -> int:
    with acme.database.reading() as session:
        return person_by_employee_id(session, employee_id).id


def asked(acme: Ledgers, reader: str, whose: str) -> int:
    wanted = PayFile(id_of(acme, reader), JANUARY, id_of(acme, whose))
    with acme.database.writing() as session:
        return ask_for_file(session, acme.clock, wanted, f"click:{reader}").id


def test_the_lock_of_a_month_has_it_paid(acme: Ledgers) -> None:
    # given
    acme.on("2026-02-03")
    score_and_lock(acme.database, acme.clock, JANUARY, "cli:test")
    with acme.database.reading() as session:
        job = session.scalars(sa.select(Job).where(Job.kind == ACCRUE_JOB)).one()
    # when
    runner = JobRunner(services_for(acme.database, acme.clock), incentives.HANDLERS)
    assert runner.run(job.id) is True
    # then
    assert acme.balance() == 1800
    with acme.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(LedgerLine.id))) == 3


def test_a_statement_goes_to_who_asked_and_once_though_the_reply_is_lost(acme: Ledgers) -> None:
    # given
    acme.lock("2026-01")
    slack = FakeSlack()
    slack.people["e1@example.com"] = "U0E1"
    slack.bad_day.append("lost")
    job_id = asked(acme, "E1", "E1")
    runner = JobRunner(
        services_for(acme.database, acme.clock),
        pay_files.handlers(a_delivery(acme.database, acme.clock, slack)),
    )
    # when
    assert runner.run(job_id) is False
    with acme.database.writing() as session:
        session.execute(sa.update(Job).values(lease_until_ms=db_now_ms() - 1))
    assert runner.run(job_id) is True
    # then
    (sent,) = slack.uploads
    assert sent["channel"] == "DU0E1"
    assert sent["title"] == "Pay of January 2026, Name of E1"
    assert sent["content"].startswith(b"PK")


def test_a_file_is_refused_to_who_may_not_see_it(acme: Ledgers) -> None:
    # given
    acme.lock("2026-01")
    slack = FakeSlack()
    job_id = asked(acme, "E2", "E1")
    handlers = pay_files.handlers(a_delivery(acme.database, acme.clock, slack))
    # when
    JobRunner(services_for(acme.database, acme.clock), handlers).run(job_id)
    # then
    with acme.database.reading() as session:
        job = session.get_one(Job, job_id)
    assert (job.state, slack.uploads) == (JobState.FAILED, [])
    assert "between them and HR" in (job.problem or "")
