"""`kill -9` of the worker at a random moment of a fan-out of alerts, while Slack loses replies.

Real parts: Dramatiq's own process, Valkey, the sandbox over HTTP, both databases. Every alert is there once.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import redis
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import Post, PostState, add_post
from domain.people.model import Person, Role, Unit
from domain.watch.facts import PERSON_POST, THREAD_POST, UNIT_POST, AlertFacts, MissedMonth, UnitAlertFacts
from sandbox.server import Sandbox
from tests.worker.delivery_builders import a_company, employ
from worker.broker import make_broker
from worker.relay import QUEUE, Relay, Wake

KILLS = 25 if os.environ.get("PACESETTER_LONG") else 5
"""On each of the two databases."""
PEOPLE = 8
LOST_REPLIES = 0.05
MANAGER = 100
BOT, MANAGER_IN_SLACK, CHANNEL = "U0BOT", "U0BOSS", "C0LEADS"
TOKEN = "xoxb-kill-test"


def test_every_alert_arrives_once_however_often_the_worker_is_killed(
    database: Database, clock: FixedClock, valkey: redis.Redis, valkey_socket: Path, tmp_path: Path
) -> None:
    a_company(database, clock)
    a_team(database)
    chance = random.Random()
    with a_workspace() as slack, a_relay(database, clock, valkey) as tick:
        environment = worker_environment(database, clock, valkey_socket, slack, tmp_path)
        for number in range(KILLS):
            write_alerts(database, clock, number)
            with a_worker(environment) as worker:
                wait_until(partial(some_are_sent, database, number), tick, worker)
                pause(chance.uniform(0, 0.5), tick)
        with a_worker(environment) as worker:
            wait_until(partial(all_are_sent, database), tick, worker)
            worker.terminate()
            assert worker.wait(timeout=60) == 0

    posted = keys_in(slack)
    assert {key: times for key, times in posted.items() if times > 1} == {}
    assert set(posted) == keys_written(database)


def test_a_worker_process_does_not_outlive_dramatiqs_own(
    sqlite_database: Database, clock: FixedClock, valkey: redis.Redis, valkey_socket: Path, tmp_path: Path
) -> None:
    a_company(sqlite_database, clock)
    a_team(sqlite_database)
    write_alerts(sqlite_database, clock, 0)
    with a_workspace() as slack, a_relay(sqlite_database, clock, valkey) as tick:
        others = len(valkey.client_list())
        environment = worker_environment(sqlite_database, clock, valkey_socket, slack, tmp_path)
        with a_worker(environment) as worker:
            wait_until(partial(some_are_sent, sqlite_database, 0), tick, worker)
            worker.kill()
            worker.wait()

            deadline = time.monotonic() + 60
            while len(valkey.client_list()) > others and time.monotonic() < deadline:
                time.sleep(0.1)
            assert len(valkey.client_list()) <= others


def a_team(database: Database) -> None:
    with database.writing() as session:
        for number in range(PEOPLE):
            email = f"rep{number}@example.com"
            rep = Person(
                id=10 + number, employee_id=f"R{number}", name=f"Rep {number}", email=email, role=Role.REP
            )
            session.add(rep)
        email = "boss@example.com"
        session.add(Person(id=MANAGER, employee_id="M", name="Boss", email=email, role=Role.MANAGER))
        session.flush()
        session.add(Unit(id=3, path="Acme/North", name="North", parent_id=1, manager_id=MANAGER))
        employ(session, (MANAGER, *range(10, 10 + PEOPLE)), unit_id=3)


@contextmanager
def a_workspace() -> Iterator[Sandbox]:
    users = [
        {
            "id": f"U0REP{number}",
            "name": f"rep{number}",
            "real_name": f"Rep {number}",
            "email": f"rep{number}@example.com",
            "tz": "Asia/Shanghai",
        }
        for number in range(PEOPLE)
    ]
    users.append({"id": MANAGER_IN_SLACK, "name": "boss", "real_name": "Boss", "email": "boss@example.com"})
    workspace = {
        "app": {"id": "A0APP", "name": "Pacesetter", "bot_user_id": BOT, "bot_id": "B0BOT"},
        "tokens": {"bot": TOKEN, "app": "xapp-kill-test"},
        "users": users,
        "channels": [{"id": CHANNEL, "name": "leads", "private": True, "members": [MANAGER_IN_SLACK, BOT]}],
    }
    with Sandbox(workspace, Path("bot/manifest.json")).run_in_thread() as slack:
        slack.slack.faults.change({"lose_replies": LOST_REPLIES, "rate_limits": False})
        yield slack


@contextmanager
def a_relay(database: Database, clock: FixedClock, valkey: redis.Redis) -> Iterator[Callable[[], object]]:
    broker = make_broker(valkey)
    broker.declare_queue(QUEUE)
    yield Relay(database, clock, Wake(broker), quiet_s=2.0).tick
    broker.close()


def write_alerts(database: Database, clock: FixedClock, number: int) -> None:
    """One unit's alerts of one day: each person's report, and the managers' message with its threads."""
    people = range(10, 10 + PEOPLE)
    with database.writing() as session:
        unit = UnitAlertFacts("Acme/North", "North", "2026-06", PEOPLE, tuple(people), ())
        parent = add_post(
            session, clock, key=f"alerts:{number}", kind=UNIT_POST, facts=unit.to_json(), channel=CHANNEL
        )
        for person_id in people:
            facts = alert_facts(person_id).to_json()
            report = add_post(
                session,
                clock,
                key=f"report:{person_id}:{number}",
                kind=PERSON_POST,
                facts=facts,
                person_id=person_id,
            )
            add_post(
                session,
                clock,
                key=f"alert:{person_id}:{number}",
                kind=THREAD_POST,
                facts=facts,
                after_id=report.id,
                thread_of_id=parent.id,
            )


def alert_facts(person_id: int) -> AlertFacts:
    months = tuple(
        MissedMonth(month, "70.0000", "100.00", "0.700000") for month in ("2026-04", "2026-05", "2026-06")
    )
    return AlertFacts(
        person_id=person_id,
        employee_id=f"R{person_id - 10}",
        name=f"Rep {person_id - 10}",
        unit_path="Acme/North",
        unit_name="North",
        length=3,
        indicator="sales",
        months=months,
        attainment="0.700000",
        score="61.20",
        team_score="88.00",
        team_reading="0.950000",
        team_size=7,
        peers_met=5,
        peers=7,
        weakest=None,
    )


def worker_environment(
    database: Database, clock: FixedClock, socket: Path, slack: Sandbox, home: Path
) -> dict[str, str]:
    """The worker's clock goes on from the test's: on a Sunday nothing would be sent."""
    return os.environ | {
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "REDIS_URL": f"unix://{socket}",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": slack.api_url,
        "PACESETTER_HOME": str(home),
        "PACESETTER_CLOCK_OFFSET": f"{(clock.now() - datetime.now(UTC)).total_seconds():.0f}",
        "PACESETTER_LOG_LEVEL": "ERROR",
    }


@contextmanager
def a_worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Dramatiq with one worker process; at the end the whole group is killed at once."""
    options = ["--processes", "1", "--threads", "4", "--skip-logging"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "dramatiq", "tests.worker.killable_worker", *options],
        env=environment,
        start_new_session=True,
    )
    try:
        yield worker
    finally:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def wait_until(
    is_so: Callable[[], bool],
    tick: Callable[[], object],
    worker: subprocess.Popen[bytes],
    timeout_s: float = 90,
) -> None:
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "the worker gets nowhere"
        pause(0.05, tick)


def pause(seconds: float, tick: Callable[[], object]) -> None:
    ends = time.monotonic() + seconds
    while True:
        tick()
        left = ends - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 0.05))


def some_are_sent(database: Database, number: int) -> bool:
    return _count(database, Post.state == PostState.SENT, Post.key.endswith(f":{number}")) > 0


def all_are_sent(database: Database) -> bool:
    return _count(database, Post.state != PostState.SENT) == 0


def _count(database: Database, *which: sa.ColumnElement[bool]) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Post).where(*which)) or 0


def keys_written(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(sa.select(Post.key)))


def keys_in(slack: Sandbox) -> Counter[str]:
    channels = slack.slack.workspace.conversations
    everything = [
        message
        for channel in channels
        for parent in slack.slack.messages.history(channel)
        for message in [parent, *slack.slack.messages.thread(channel, parent.ts)[1:]]
    ]
    return Counter(message.metadata["event_payload"]["key"] for message in everything if message.metadata)
