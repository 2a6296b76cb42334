"""The same request of Slack's acts once, and is forgotten after a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.inbound import REMEMBERED_FOR, InboundKey, forget_old, is_first_time


def first_time(database: Database, clock: FixedClock, key: str) -> bool:
    with database.writing() as session:
        return is_first_time(session, clock, key)


def test_a_request_is_new_once(database: Database, clock: FixedClock) -> None:
    assert first_time(database, clock, "envelope:1")
    assert not first_time(database, clock, "envelope:1")
    assert first_time(database, clock, "envelope:2")


def test_of_the_same_request_at_many_processes_one_is_the_first(
    database: Database, clock: FixedClock
) -> None:
    processes = 6
    start = Barrier(processes)

    def told(_: int) -> bool:
        start.wait(30)
        return first_time(database, clock, "envelope:1")

    with ThreadPoolExecutor(processes) as pool:
        assert sorted(pool.map(told, range(processes))) == [False] * (processes - 1) + [True]


def test_what_the_others_do_in_the_transaction_of_a_repeated_request_is_kept(
    database: Database, clock: FixedClock
) -> None:
    first_time(database, clock, "envelope:1")

    with database.writing() as session:
        session.add(InboundKey(key="written before", at=clock.now()))
        assert not is_first_time(session, clock, "envelope:1")

    with database.reading() as session:
        assert session.get(InboundKey, "written before") is not None


def test_requests_are_remembered_for_a_day(database: Database, clock: FixedClock) -> None:
    first_time(database, clock, "old")
    clock.at += timedelta(hours=1)
    first_time(database, clock, "young")
    clock.at += REMEMBERED_FOR - timedelta(minutes=30)

    with database.writing() as session:
        forget_old(session, clock)

    with database.reading() as session:
        assert session.scalars(sa.select(InboundKey.key)).all() == ["young"]
    assert first_time(database, clock, "old")
