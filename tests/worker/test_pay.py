"""Pay by the workers: computed after a lock, and files sent to who asked for them, once."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.audit import AuditEntry
from domain.database import Database, db_now_ms
from domain.incentives.files import REFUSED_POST, ask_for_payroll, ask_for_statement
from domain.incentives.model import LedgerLine
from domain.jobs import Job
from domain.outbox import Post
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.service import ACCRUE_JOB, score_and_lock
from domain.viewers import viewer_of
from tests.domain.ledgers import Ledgers, paying_plan
from tests.worker.delivery_builders import a_delivery, services_for
from tests.worker.fake_slack import FakeSlack
from worker.actors import incentives, pay_files
from worker.actors.sending import Drawer
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


def asked(acme: Ledgers, reader: str, whose: str | None, locale: str = "en") -> int:
    """The job of a file: somebody's statement, or the payroll."""
    with acme.database.writing() as session:
        person = person_by_employee_id(session, reader)
        viewer = viewer_of(session, acme.clock, person, locale)
        if whose is None:
            return ask_for_payroll(session, acme.clock, viewer, JANUARY, f"click:{reader}").id
        owner_id = person_by_employee_id(session, whose).id
        return ask_for_statement(session, acme.clock, viewer, JANUARY, owner_id, f"click:{reader}").id


def run(acme: Ledgers, slack: FakeSlack, job_id: int) -> bool:
    handlers = pay_files.handlers(a_delivery(acme.database, acme.clock, slack))
    return JobRunner(services_for(acme.database, acme.clock), handlers).run(job_id)


def actions(acme: Ledgers) -> list[tuple[str, str, str]]:
    """What the audit chain says of pay since it was accrued."""
    with acme.database.reading() as session:
        rows = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq))
        return [
            (row.actor, row.action, row.subject)
            for row in rows
            if row.action.startswith("pay") and row.action != "pay.accrue"
        ]


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


def test_a_refusal_is_told_to_who_waits_for_the_file(acme: Ledgers) -> None:
    # given
    acme.lock("2026-01")
    slack = FakeSlack()
    # when
    assert run(acme, slack, asked(acme, "E2", "E1")) is True
    # then
    assert slack.uploads == []
    with acme.database.reading() as session:
        post = session.scalars(sa.select(Post).where(Post.kind == REFUSED_POST)).one()
    assert post.person_id == id_of(acme, "E2")
    told = str(Drawer(services_for(acme.database, acme.clock))(post.kind, post.facts, "en").write(None))
    assert "There is no pay file for January 2026" in told
    assert "between them and HR" in told
    assert actions(acme) == []


def test_a_payroll_is_handed_over_by_the_job_and_goes_to_who_asked_in_their_language(acme: Ledgers) -> None:
    # given
    acme.lock("2026-01")
    slack = FakeSlack()
    slack.people["h1@example.com"] = "U0H1"
    # when
    assert run(acme, slack, asked(acme, "H1", None, "zh-CN")) is True
    # then
    (sent,) = slack.uploads
    assert (sent["channel"], sent["title"]) == ("DU0H1", "2026年1月发薪表")
    assert sent["content"].startswith(b"PK")
    assert actions(acme) == [("H1", "payroll.export", "2026-01")]


def test_a_file_of_somebody_elses_pay_is_written_down(acme: Ledgers) -> None:
    # given
    acme.lock("2026-01")
    slack = FakeSlack()
    slack.people |= {"h1@example.com": "U0H1", "e1@example.com": "U0E1"}
    # when
    for reader in ("E1", "H1"):
        assert run(acme, slack, asked(acme, reader, "E1")) is True
    # then
    assert actions(acme) == [("H1", "pay.look", "person:E1")]
