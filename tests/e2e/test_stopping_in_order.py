"""Told to stop, each process finishes what it has begun and ends well; told twice, it ends at once."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from domain.outbox import Post, PostState
from domain.settings_slack import Transport
from sandbox.client import Person, RefusedError
from tests.e2e.whole_installation import (
    STARTS_WITHIN_S,
    Process,
    Whole,
    wait_until,
)

AT_ONCE_S = 20
GOOD_DAY = {"slow_ms": 0, "methods": None}
CHART_IS_LOOKED_FOR_WITHIN_S = 120


@pytest.fixture
def whole(running: Whole) -> Iterator[Whole]:
    """Everything is running, and runs again afterwards."""
    yield running
    running.operator.faults(**GOOD_DAY)
    for process in running.processes:
        if process.running.poll() is not None:
            process.start()
    for process in running.processes:
        wait_until(process.is_ready, STARTS_WITHIN_S)
    running.operator.wait_for_app(STARTS_WITHIN_S)


@pytest.fixture
def one_transport(whole: Whole) -> Whole:
    """For what has nothing to do with how Slack reaches the bot."""
    if whole.transport is not Transport.HTTP:
        pytest.skip("the same over both transports: tried over HTTP")
    return whole


def test_a_bot_answers_what_it_has_begun_with(whole: Whole) -> None:
    rep = whole.person("E1")
    with somebody_asks_what_if(whole, rep) as problems:
        whole.bot.tell_to_stop()
        if whole.transport is Transport.HTTP:
            wait_until(lambda: whole.bot.status("/ready") != 200, AT_ONCE_S)
        assert whole.bot.exit_code() == 0

    assert problems == []
    assert rep.wait_for_modal()
    rep.close()


def test_a_bot_that_is_told_twice_ends_at_once(whole: Whole) -> None:
    with somebody_asks_what_if(whole, whole.person("E2")) as problems:
        tell_twice(whole.bot)
        assert whole.bot.exit_code() == 128 + signal.SIGTERM

    assert len(problems) == 1


def test_a_worker_sends_what_it_is_sending(one_transport: Whole) -> None:
    whole = one_transport
    whole.operator.faults(slow_ms=3000, methods=["chat.postMessage"])
    a_chart_is_being_sent_to(whole, "E3")

    whole.worker.tell_to_stop()

    assert whole.worker.exit_code() == 0
    assert posts(whole, PostState.SENDING) == 0
    assert charts_of(whole, "E3") == 1


def test_a_worker_that_is_told_twice_ends_at_once_and_the_next_one_goes_on(one_transport: Whole) -> None:
    whole = one_transport
    whole.operator.faults(slow_ms=8000, methods=["chat.postMessage"])
    a_chart_is_being_sent_to(whole, "E4")

    tell_twice(whole.worker)
    whole.operator.faults(**GOOD_DAY)
    whole.worker.start()

    wait_until(lambda: posts(whole, PostState.QUEUED, PostState.SENDING) == 0, CHART_IS_LOOKED_FOR_WITHIN_S)
    assert charts_of(whole, "E4") == 1


def test_the_scheduler_takes_its_server_with_it_and_brings_it_back(one_transport: Whole) -> None:
    whole = one_transport

    whole.scheduler.tell_to_stop()

    assert whole.scheduler.exit_code() == 0
    wait_until(lambda: whole.worker.status("/ready") == 503, STARTS_WITHIN_S)
    assert whole.worker.status("/health") == 200

    whole.scheduler.start()
    wait_until(whole.worker.is_ready, STARTS_WITHIN_S)
    ask_for_a_chart(whole, "E5")
    wait_until(lambda: charts_of(whole, "E5") == 1, CHART_IS_LOOKED_FOR_WITHIN_S)


def tell_twice(process: Process) -> None:
    process.tell_to_stop()
    wait_until(lambda: process.status("/ready") != 200, AT_ONCE_S)
    started = time.monotonic()
    process.tell_to_stop()
    process.exit_code()
    assert time.monotonic() - started < AT_ONCE_S


@contextmanager
def somebody_asks_what_if(whole: Whole, person: Person) -> Iterator[list[str]]:
    """Within, the bot is at work on a click; what the person was told instead of an answer."""
    whole.operator.faults(slow_ms=4500, methods=["views.update"])  # a little less than the bot waits
    (card,) = person.command("/myscore last month", "general")
    problems: list[str] = []

    def press() -> None:
        try:
            person.press(card, "card.what_if")
        except RefusedError as problem:
            problems.append(str(problem))

    pressing = threading.Thread(target=press)
    pressing.start()
    wait_until(person.modals, AT_ONCE_S)  # opened, and to be filled
    yield problems
    pressing.join()


def ask_for_a_chart(whole: Whole, employee_id: str) -> None:
    person = whole.person(employee_id)
    (card,) = person.command("/myscore last month", "general")
    person.press(card, "card.lines_chart")
    person.close(person.wait_for_modal())


def a_chart_is_being_sent_to(whole: Whole, employee_id: str) -> None:
    """Slack has it, and takes its time to say so."""
    ask_for_a_chart(whole, employee_id)
    wait_until(lambda: charts_of(whole, employee_id) == 1, CHART_IS_LOOKED_FOR_WITHIN_S)


def posts(whole: Whole, *states: PostState) -> int:
    asked = sa.select(sa.func.count()).where(Post.state.in_(states))
    with whole.database.reading() as session:
        return session.scalar(asked) or 0


def charts_of(whole: Whole, employee_id: str) -> int:
    messages = whole.person(employee_id).messages()
    return sum(block["type"] == "image" for message in messages for block in message["blocks"])
