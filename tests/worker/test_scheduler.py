"""The schedule by the injected clock, and the scheduler as a process."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa

from bot.delivery import Delivery
from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.inbound import InboundKey
from domain.jobs import Job, JobState
from domain.outbox import Post
from domain.periods import Period
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.service import score_and_lock
from tests.builders import CompanyFolder
from tests.worker.delivery_builders import draw, services_for
from tests.worker.fake_slack import FakeSlack, FreePace
from worker import embedded_valkey
from worker.actors import all_handlers
from worker.runner import JobRunner
from worker.schedule import add_due_jobs
from worker.sources.config import load_sources
from worker.sources.service import due_sources

MONTHS = ("2026-04", "2026-05", "2026-06")


@pytest.fixture
def acme(database: Database, clock: FixedClock, tmp_path: Path) -> CompanyFolder:
    """Six reps, one of whom missed the target three months in a row."""
    folder = (
        CompanyFolder()
        .company('alerts_from = "2026-01"\n')
        .people(["E1", "E2", "E3", "E4", "E5", "E6"])
        .plan()
    )
    folder.person("M1", role="manager", job_family="").unit("Acme", manager_id="M1")
    for month in MONTHS:
        for rep in ("E1", "E2", "E3", "E4", "E5", "E6"):
            folder.target(rep, "sales", month, 1000)
            folder.measure(rep, "won_amount", f"{month}-15", 500 if rep == "E1" else 1200)
    load(database, clock, folder, tmp_path)
    return folder


def load(database: Database, clock: FixedClock, folder: CompanyFolder, tmp_path: Path) -> None:
    with database.writing() as session:
        import_folder(session, clock, folder.write(tmp_path / "acme"), "cli:test")


def schedule(database: Database, clock: FixedClock) -> set[str]:
    """The keys of the jobs that this look at the clock has added."""
    before = set(jobs(database))
    with database.writing() as session:
        add_due_jobs(session, clock)
    return set(jobs(database)) - before


def schedule_scoring(database: Database, clock: FixedClock) -> set[str]:
    return {key for key in schedule(database, clock) if key.startswith("score:")}


def jobs(database: Database) -> dict[str, Job]:
    with database.reading() as session:
        return {job.key: job for job in session.scalars(sa.select(Job))}


def a_runner(database: Database, clock: FixedClock, home: Path) -> JobRunner:
    services = services_for(database, clock, home)
    return JobRunner(services, all_handlers(Delivery(services, FakeSlack(), draw, FreePace())))


def work_all_off(database: Database, clock: FixedClock, home: Path) -> None:
    """One worker that runs whatever is open until nothing is."""
    runner = a_runner(database, clock, home)
    while open_jobs := [job.id for job in jobs(database).values() if job.state == JobState.QUEUED]:
        for job_id in open_jobs:
            runner.run(job_id)


def test_nothing_is_due_before_there_is_a_company(database, clock) -> None:
    assert schedule(database, clock) == set()


JUST_ENDED = ("2026-06", "2026-Q2", "2026-W27")


def test_running_periods_are_scored_once_a_day_and_those_just_ended_once(
    database, clock, acme, tmp_path
) -> None:
    assert schedule_scoring(database, clock) == {
        "score:2026-07:2026-07-07:1",
        "score:2026-Q3:2026-07-07:1",
        "score:2026-W28:2026-07-07:1",
        *(f"score:{period}:2026-07-07:1" for period in JUST_ENDED),
    }
    assert schedule_scoring(database, clock) == set()

    work_all_off(database, clock, tmp_path)
    assert schedule_scoring(database, clock) == set()
    clock.at += timedelta(days=1)

    assert schedule_scoring(database, clock) == {
        "score:2026-07:2026-07-08:1",
        "score:2026-Q3:2026-07-08:1",
        "score:2026-W28:2026-07-08:1",
    }


def test_scoring_by_jobs_publishes_every_card(database, clock, acme, tmp_path) -> None:
    schedule(database, clock)

    work_all_off(database, clock, tmp_path)

    assert {job.state for job in jobs(database).values()} == {JobState.DONE}
    with database.reading() as session:
        run = session.get_one(ScoredPeriod, "2026-07").published_run_id
        cards = session.scalar(sa.select(sa.func.count()).select_from(Card).where(Card.run_id == run))
    assert cards == 6


def test_new_data_scores_every_open_period_again(database, clock, acme, tmp_path) -> None:
    schedule_scoring(database, clock)
    work_all_off(database, clock, tmp_path)
    acme.measure("E1", "won_amount", "2026-07-02", 100)
    load(database, clock, acme, tmp_path)

    assert schedule_scoring(database, clock) == {
        "score:2026-07:2026-07-07:2",
        "score:2026-Q3:2026-07-07:2",
        "score:2026-W28:2026-07-07:2",
        *(f"score:{period}:2026-07-07:2" for period in JUST_ENDED),
    }


def test_data_that_keeps_arriving_waits_for_the_run_under_way(database, clock, acme, tmp_path) -> None:
    """Deliveries come faster than a large company is scored: runs must not pile up."""
    # given runs that are asked for, and data that arrives before anybody is at them
    asked_for = schedule_scoring(database, clock)
    load(database, clock, acme.measure("E1", "won_amount", "2026-06-16", 1), tmp_path)
    assert schedule_scoring(database, clock) == set()

    # when they are begun, and data arrives before they are done
    runner = a_runner(database, clock, tmp_path)
    for key in asked_for:
        assert runner.run(jobs(database)[key].id)
    load(database, clock, acme.measure("E1", "won_amount", "2026-06-17", 1), tmp_path)
    assert schedule_scoring(database, clock) == set()

    # then all that has arrived is scored at once when they are done
    work_all_off(database, clock, tmp_path)
    assert schedule_scoring(database, clock) == {key.removesuffix(":1") + ":3" for key in asked_for}


def test_locking_a_month_leads_to_its_alerts(database, clock, acme, tmp_path) -> None:
    for month in MONTHS:
        score_and_lock(database, clock, Period.parse(month), "cli:test")

    work_all_off(database, clock, tmp_path)

    with database.reading() as session:
        kinds = sorted(session.scalars(sa.select(Post.kind)))
    assert kinds == ["alert_person", "alert_thread", "alert_unit"]


def test_two_schedulers_do_not_double_the_work(database, clock, acme) -> None:
    first = schedule(database, clock)

    assert first
    assert schedule(database, clock) == set()  # another process, the same tables


def test_a_due_source_is_pulled_once_in_its_slot(database, clock, acme, tmp_path) -> None:
    (tmp_path / "deals.csv").write_text("id,who,day,amount\nd1,E1,2026-07-02,700\n")
    columns = "id as record_id, who as employee, 'won_amount' as measure, day as occurred_on, amount as value"
    sql = f"select {columns} from deals"
    (tmp_path / "sources.toml").write_text(
        f'[[sources]]\nname = "crm"\nkind = "files"\nsql = "{sql}"\nmeasures = ["won_amount"]\nevery = "1h"\n'
        '[sources.files]\ndeals = "deals.csv"\n'
    )
    sources = load_sources(tmp_path / "sources.toml", {})

    def add_pulls() -> list[str]:
        due = due_sources(database, clock, sources)
        with database.writing() as session:
            add_due_jobs(session, clock, due)
        return [key for key in jobs(database) if key.startswith("pull:")]

    assert len(add_pulls()) == 1
    assert len(add_pulls()) == 1
    work_all_off(database, clock, tmp_path)
    assert due_sources(database, clock, sources) == []

    clock.at += timedelta(hours=1)

    assert len(add_pulls()) == 2


def test_what_slack_told_us_long_ago_is_forgotten(database, clock, acme) -> None:
    with database.writing() as session:
        session.add(InboundKey(key="old", at=clock.now() - timedelta(hours=25)))
        session.add(InboundKey(key="young", at=clock.now() - timedelta(hours=23)))

    schedule(database, clock)

    with database.reading() as session:
        assert session.scalars(sa.select(InboundKey.key)).all() == ["young"]


def test_the_process_makes_its_tables_runs_its_valkey_and_ends_cleanly(tmp_path: Path) -> None:
    environment = os.environ | {"PACESETTER_HOME": str(tmp_path)}
    for name in ("REDIS_URL", "DATABASE_URL"):
        environment.pop(name, None)
    scheduler = subprocess.Popen([sys.executable, "-m", "worker.scheduler"], env=environment)
    socket = embedded_valkey.socket_path(tmp_path)
    embedded_valkey.wait_until_it_answers(socket)
    client = redis.Redis(unix_socket_path=str(socket))
    while not client.zcard("pacesetter:__heartbeats__"):  # the relay's first tick
        assert scheduler.poll() is None
        time.sleep(0.05)
    client.close()

    scheduler.send_signal(signal.SIGTERM)

    assert scheduler.wait(timeout=60) == 0
    assert not embedded_valkey.answers(socket)
