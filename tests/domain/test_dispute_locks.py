"""Disputes while others work: locks in one order, and nobody holds up the reminders of others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.closing.restating import restate_card
from domain.disputes import service
from domain.disputes.correcting import Change, Fix
from domain.disputes.posts import News
from domain.disputes.reminding import remind
from tests.domain.conftest import Lock, Look
from tests.domain.locks import locks_taken, somebody_waits
from tests.domain.test_disputes import JUNE, Quarrels, quarrels
from tests.sandbox.waiting import until

__all__ = ["quarrels"]
ORDER = ["loads", "watch", "disputes", "audit_chain", "outbox"]
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""SQLite has one writer at a time."""


def in_order(taken: list[list[str]]) -> list[list[str]]:
    """Of each transaction that held any of them; fails for one that held them otherwise than in ORDER."""
    found = [[name for name in ORDER if name in names] for names in taken]
    assert found == [[name for name in names if name in ORDER] for names in taken]
    return [names for names in found if names]


@on_postgresql
def test_a_correction_and_a_restatement_hold_the_same_in_the_same_order(
    quarrels: Quarrels, lock: Lock, viewer: Look
) -> None:
    # given
    lock("2026-06")
    owner, other, boss, hr = (viewer(who) for who in ("E1", "E2", "M1", "H1"))
    number = quarrels.dispute(owner, "E1-a")
    record = quarrels.records(owner)["E1-a"]
    # when
    with locks_taken(quarrels.database) as taken:
        quarrels.correct(boss, number, record, Change(Fix.PERSON, person_id=other.person_id))
        with quarrels.database.writing() as session:
            restate_card(session, quarrels.clock, hr, owner.person_id, JUNE, "Corrected.")
    # then
    assert in_order(taken) == [
        ["loads", "disputes", "audit_chain", "outbox"],
        ["loads", "watch", "disputes", "audit_chain"],
    ]


@on_postgresql
def test_reminders_hold_a_dispute_before_the_chain_and_the_chain_before_the_outbox(
    quarrels: Quarrels, viewer: Look
) -> None:
    # given: one is to be reminded of, the next is to be passed up
    later = quarrels.dispute(viewer("E1"))
    earlier = quarrels.dispute(viewer("E2"))
    quarrels.clock.at += timedelta(days=9)
    with quarrels.database.writing() as session:
        service.read_dispute(session, later).due_on += timedelta(days=2)
    # when
    with locks_taken(quarrels.database) as taken:
        remind(quarrels.database, quarrels.clock)
    # then
    assert in_order(taken) == [["disputes", "outbox"], ["disputes", "audit_chain", "outbox"]]
    assert quarrels.waiting(viewer("B1")) == [earlier]


@on_postgresql
def test_one_that_is_answered_meanwhile_holds_up_no_other(quarrels: Quarrels, viewer: Look) -> None:
    # given: both are to be passed up
    first, second = (quarrels.dispute(viewer(who)) for who in ("E1", "E2"))
    boss = viewer("M1")
    quarrels.clock.at += timedelta(days=9)
    # when
    with ThreadPoolExecutor(1) as elsewhere:
        with quarrels.database.writing() as session:
            service.explain(session, quarrels.clock, boss, first, "So it is.")
            reminding = elsewhere.submit(remind, quarrels.database, quarrels.clock)
            until(lambda: reminding.done() or somebody_waits(quarrels.database))
        reminding.result()
    # then
    assert quarrels.waiting(viewer("B1")) == [second]
    assert quarrels.news().count((News.PASSED_UP, viewer("E1").person_id)) == 0
