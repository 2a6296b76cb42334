"""A broken source, from the message to the correction: what administrators see of it in Slack, and when."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery import Delivery
from domain.clock import FixedClock
from domain.database import Database
from domain.jobs import Job, JobState
from domain.outbox import PostState
from domain.people.model import Person, Role
from domain.people.service import person_by_employee_id
from domain.sources.asking import ask_for_run
from domain.sources.model import ConfiguredSource, RunState
from domain.viewers import viewer_of
from tests.worker.delivery_builders import services_for
from tests.worker.fake_slack import FakeSlack, FreePace
from tests.worker.source_builders import SourcedCompany, import_company
from worker.actors import all_handlers, sources
from worker.actors.sending import Drawer
from worker.runner import JobRunner
from worker.schedule import add_due_jobs
from worker.sources.registry import Watched
from worker.sources.service import PullResult, due_sources

GOOD = """\
[[sources]]
name = "crm"
kind = "files"
sql = '''
SELECT id AS record_id, who AS employee, 'won_amount' AS measure, day AS occurred_on, amount AS value
FROM deals
'''
measures = ["won_amount"]
every = "1h"
[sources.files]
deals = "deals.csv"
"""
WRONG = GOOD.replace("who AS employee", "whom AS employee")


class Office:
    """An administrator in Slack, a scheduler that looks at the file, and one worker."""

    def __init__(self, company: SourcedCompany) -> None:
        self.company = company
        self.slack = FakeSlack()
        self.slack.people["a1@example.com"] = "U0A1"
        self.services = services_for(company.database, company.clock, company.folder)
        self.file = Watched(company.database, company.clock, self.services.settings.sources_file)
        drawer = Drawer(self.services)
        self.delivery = Delivery(self.services, self.slack, drawer, FreePace())
        self.runner = JobRunner(self.services, all_handlers(self.delivery))
        with company.database.writing() as session:
            session.execute(sa.update(Person).where(Person.employee_id == "A1").values(slack_id="U0A1"))

    def schedule(self) -> None:
        """One look at the clock and at the file."""
        due = due_sources(self.company.database, self.company.clock, self.file.sources())
        with self.company.database.writing() as session:
            add_due_jobs(session, self.company.clock, due)
            session.execute(sa.delete(Job).where(Job.kind.not_in(["pull_source", "refresh_sources"])))

    def presses_run_again(self, name: str = "crm") -> None:
        with self.company.database.writing() as session:
            admin = person_by_employee_id(session, "A1")
            assert admin is not None
            viewer = viewer_of(session, self.company.clock, admin)
            ask_for_run(session, self.company.clock, viewer, name, "click")

    def next_hour(self) -> None:
        self.company.clock.at += timedelta(hours=1)
        self.schedule()

    def appoints(self, employee_id: str, slack_id: str) -> str:
        """One more administrator; the user's id in Slack."""
        with self.company.database.writing() as session:
            chosen = sa.update(Person).where(Person.employee_id == employee_id)
            session.execute(chosen.values(role=Role.ADMIN, slack_id=slack_id))
        return slack_id

    def opens_home(self, employee_id: str) -> None:
        with self.company.database.reading() as session:
            person = person_by_employee_id(session, employee_id)
            assert person is not None
        assert self.delivery.homes.publish(person.id)

    def works(self) -> None:
        """The worker does what there is to do, and sends what there is to send."""
        while jobs := [job for job in self.jobs() if job.state == JobState.QUEUED]:
            for job in jobs:
                assert self.runner.run(job.id)
        for post in self.company.posts():
            if post.state == PostState.QUEUED:
                self.delivery.deliver(post.id)

    def jobs(self) -> list[Job]:
        with self.company.database.reading() as session:
            return list(session.scalars(sa.select(Job).order_by(Job.id)))

    def messages(self) -> list[str]:
        """What stands in the administrator's direct messages now."""
        return [json.dumps(one["blocks"], ensure_ascii=False) for one in self.slack.messages["DU0A1"]]

    def home(self) -> str:
        return json.dumps(self.slack.homes["U0A1"][-1], ensure_ascii=False)


@pytest.fixture
def office(database: Database, clock: FixedClock, tmp_path: Path) -> Office:
    import_company(database, clock, tmp_path)
    company = SourcedCompany(database, clock, tmp_path)
    (tmp_path / "deals.csv").write_text("id,who,day,amount\nd1,E1,2026-07-02,700\n")
    return Office(company)


def test_a_broken_source_is_told_corrected_and_run_again(office: Office) -> None:
    office.company.configure(WRONG)
    office.schedule()
    office.works()

    [message] = office.messages()
    assert "The source crm could not be read" in message
    assert "whom" in message
    assert "source.run_again" in message
    assert "✗" in office.home()

    # It is pressed, and the source is still wrong.
    office.presses_run_again()
    office.works()
    assert len(office.messages()) == 1, "one message for one failure"
    assert "the last 2 runs did not succeed" in office.home()

    # The file is corrected; no process is started anew.
    office.company.configure(GOOD)
    office.company.clock.at = office.company.clock.at.replace(minute=30)
    office.presses_run_again()
    office.works()

    assert set(office.company.records()) == {"d1"}
    first, second = office.messages()
    assert "✓ Meanwhile it is well again." in first
    assert "source.run_again" not in first
    assert "The source crm is well again" in second
    assert "It had failed 2 times in a row." in second
    assert "✓ *crm* is well" in office.home()
    assert office.company.last_run().correlation_id == "click"


def test_while_it_is_read_again_its_message_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.company.configure(WRONG)
    office.schedule()
    office.works()
    seen: list[str] = []

    def slow_pull(*_: Any, **__: Any) -> Any:
        seen.extend(office.messages())
        raise RuntimeError("and then the worker stumbles")

    monkeypatch.setattr("worker.actors.sources.pull", slow_pull)
    office.presses_run_again()
    office.runner.run(office.jobs()[-1].id)

    assert "It is being read again …" in seen[0]


def test_a_mistake_in_the_file_is_told_once_and_heals_by_itself(office: Office) -> None:
    office.company.configure(GOOD)
    office.schedule()
    office.works()
    office.company.configure(GOOD.replace('kind = "files"', 'kind = "flies"'))
    office.company.clock.at = office.company.clock.at.replace(hour=4)

    for _ in range(3):
        office.schedule()
        office.works()

    [message] = office.messages()
    assert "The sources cannot be read" in message
    assert 'sources.toml, line 3: \\"flies\\" is no kind of source.' in message
    assert len([job for job in office.jobs() if job.kind == "pull_source"]) == 1, "nothing is read meanwhile"

    office.company.configure(GOOD)
    office.schedule()
    office.works()
    assert "The sources can be read again" in office.messages()[1]
    assert len([job for job in office.jobs() if job.kind == "pull_source"]) == 2


def test_who_runs_a_source_of_a_wrong_file_learns_why(office: Office) -> None:
    office.company.configure(GOOD)
    office.schedule()
    office.works()
    office.company.configure("[[sources")

    office.presses_run_again()
    office.works()

    assert office.company.last_run().state == RunState.FAILED
    assert "sources.toml, line 1: This is not TOML" in office.home()


def test_a_source_that_left_the_file_leaves_the_page(office: Office) -> None:
    office.company.configure(GOOD)
    office.schedule()
    office.works()
    office.company.configure(GOOD.replace('"crm"', '"erp"'))

    office.presses_run_again()  # the page was drawn before
    office.works()

    assert "*crm*" not in office.home()
    assert "*erp* has not been read yet" in office.home()
    with office.company.database.reading() as session:
        assert session.scalars(sa.select(ConfiguredSource.name)).all() == ["erp"]


def test_a_source_that_is_well_and_that_nobody_looks_at_draws_nothing_anew(office: Office) -> None:
    office.company.configure(GOOD)
    office.schedule()
    office.works()
    office.slack.calls.clear()

    for _ in range(3):
        office.next_hour()
        office.works()

    assert len(office.company.runs()) == 4
    assert office.slack.calls == []


def test_who_saw_a_source_being_read_sees_it_when_it_has_been(office: Office) -> None:
    colleague = office.appoints("E1", "U0E1")
    office.company.configure(GOOD)
    office.schedule()
    office.works()
    office.slack.homes.clear()

    office.next_hour()
    office.opens_home("A1")
    assert "It is being read now …" in office.home()
    office.works()

    assert "It is being read now …" not in office.home()
    assert "There was nothing new." in office.home()
    assert colleague not in office.slack.homes, "who saw nothing of it is left alone"

    office.next_hour()
    office.works()
    assert len(office.slack.homes["U0A1"]) == 2, "once for each run that was seen"


def test_the_first_run_and_one_that_comes_late_after_all_are_drawn(office: Office) -> None:
    office.company.configure(GOOD)
    office.schedule()
    office.opens_home("A1")
    office.works()
    assert "✓ *crm* is well" in office.home()

    office.company.clock.at += timedelta(hours=5)
    office.opens_home("A1")
    assert "! *crm* is late" in office.home()
    office.schedule()
    office.works()
    assert "✓ *crm* is well" in office.home()


def test_slack_being_away_does_not_fail_the_run(office: Office) -> None:
    office.slack.homes_are_down = True
    office.company.configure(GOOD)
    office.schedule()
    office.presses_run_again()

    office.works()

    assert office.company.last_run().state == RunState.SUCCEEDED
    assert {job.state for job in office.jobs()} == {JobState.DONE}


def test_slow_sources_leave_threads_for_everything_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given three sources that are asked for at once, and take their time
    office.company.configure("".join(GOOD.replace('"crm"', f'"crm{number}"') for number in range(3)))
    office.schedule()
    jobs = [job.id for job in office.jobs()]
    may_end, reading = threading.Event(), threading.Semaphore(0)

    def slowly(*_: object, **__: object) -> PullResult:
        reading.release()
        may_end.wait(30)
        return PullResult("crm", RunState.UNCHANGED, 0, None, None)

    monkeypatch.setattr(sources, "pull", slowly)

    # when two are being read
    with ThreadPoolExecutor() as threads:
        under_way = [threads.submit(office.runner.run, job) for job in jobs[:2]]
        assert all(reading.acquire(timeout=30) for _ in under_way)
        third = office.runner.run(jobs[2])
        waiting = office.jobs()[2]
        may_end.set()

    # then the third one waits without keeping a thread, and is read when there is room again
    assert third is False
    assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 0)
    assert [one.result() for one in under_way] == [True, True]
    assert office.runner.run(jobs[2]) is True
