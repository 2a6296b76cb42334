"""An appeal is upheld after the third miss, HR restates, and the alert is withdrawn in its place."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain import audit
from domain.access import CommandLine
from domain.clock import FixedClock
from domain.closing.restating import restate
from domain.database import Database
from domain.errors import BadInput
from domain.outbox import PostState
from domain.periods import Period
from domain.scoring.published import current_card
from domain.scoring.verification import verify
from domain.sending import arrived
from domain.targets import agreement, agreement_views
from domain.targets.board import board
from domain.targets.model import How
from domain.targets.posts import RESTATE_POST
from domain.targets.rounds import open_round, publish, split
from domain.targets.rules_span import Span
from domain.watch.facts import PERSON_POST, THREAD_POST, UNIT_POST, WITHDRAWN_POST
from domain.watch.model import Alert, AlertState
from tests.domain.conftest import Load, Lock, Look
from tests.domain.watch_stories import QUARTER, company, posts, watch

SPAN, MARCH = Span.parse("2026-Q1"), Period.parse("2026-03")
ROOT = CommandLine("cli:root")


@pytest.fixture
def appealed(database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look) -> int:
    """Rita sold 900, 950 and 960 a month; 3000 a quarter were set, and she appeals before anything is locked.

    Nobody answers before the third month is locked: an alert goes out, to her and to the managers.
    """
    folder = company().person("RITA", unit="Acme/West", manager_id="MW")
    for month, sold in zip(QUARTER, (900, 950, 960), strict=True):
        folder.measure("RITA", "won_amount", f"{month}-10", sold)
    clock.at = datetime(2026, 1, 5, 2, tzinfo=UTC)
    load(folder)
    with database.writing() as session:
        opened = open_round(session, clock, ROOT, "sales", SPAN, Decimal(3000))
        for unit in [owner for owner in board(session, clock, opened).tree.walk() if owner.is_unit]:
            split(session, clock, ROOT, opened, unit.id, How.HEADCOUNT)
        publish(session, clock, ROOT, opened)
        (asked,) = agreement_views.own_agreements(session, viewer("RITA"))
        agreement.appeal(session, clock, viewer("RITA"), asked, Decimal(2700), "The district is new.")
    clock.at = datetime(2026, 4, 8, 2, tzinfo=UTC)
    load(folder)
    lock(*QUARTER)
    (alert,) = watch(database, clock, *QUARTER)
    assert alert.state == AlertState.QUEUED
    with database.writing() as session:
        for post in posts(database, PERSON_POST, UNIT_POST, THREAD_POST):
            arrived(session, post, "C1", f"{post.id}.0")
    return asked


def answer(database: Database, clock: FixedClock, viewer: Look, asked: int, amount: int) -> None:
    with database.writing() as session:
        agreement.revise(session, clock, viewer("MW"), asked, Decimal(amount), "It is a new district.")


def misses(database: Database, viewer: Look) -> dict[str, str | None]:
    with database.reading() as session:
        rita = viewer("RITA").person_id
        cards = {month: current_card(session, rita, Period.parse(month)) for month in QUARTER}
        return {month: card.miss for month, card in cards.items() if card is not None}


def alerts(database: Database) -> list[Alert]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Alert).order_by(Alert.id)))


def test_the_alert_is_withdrawn_in_its_place_and_history_stays(
    database: Database, clock: FixedClock, viewer: Look, appealed: int
) -> None:
    # given: the manager settles at 2850, 950 a month, after the lock
    answer(database, clock, viewer, appealed, 2850)
    assert misses(database, viewer) == dict.fromkeys(QUARTER, "miss")
    assert [alert.state for alert in alerts(database)] == [AlertState.QUEUED]
    (offer,) = posts(database, RESTATE_POST)
    assert (offer.person_id, offer.facts["months"]) == (viewer("HR").person_id, list(QUARTER))

    # when
    restate(database, clock, viewer("HR"), viewer("RITA").person_id, MARCH, "The appeal was upheld.")

    # then: March counts 950, which she reached
    assert misses(database, viewer) == {"2026-01": "miss", "2026-02": "miss", "2026-03": "hit"}
    (alert,) = alerts(database)
    assert (alert.state, alert.withdrawn_at) == (AlertState.WITHDRAWN, clock.now())
    assert [month["period"] for month in alert.facts["months"]] == list(QUARTER)
    told = {post.kind: post.facts for post in posts(database, PERSON_POST, UNIT_POST, THREAD_POST)}
    assert (told[PERSON_POST]["withdrawn"], told[THREAD_POST]["undone"]) == (True, ["2026-03"])
    assert told[UNIT_POST]["people"] == 0
    (word,) = posts(database, WITHDRAWN_POST)
    assert (word.person_id, word.state) == (viewer("RITA").person_id, PostState.QUEUED)
    with database.reading() as session:
        assert verify(session, MARCH) == []
        actions = list(session.scalars(sa.select(audit.AuditEntry.action).order_by(audit.AuditEntry.seq)))
    assert [one for one in actions if one.startswith(("alert", "card", "targets.re"))] == [
        "alert.write",
        "targets.revise",
        "card.restate",
        "alert.withdraw",
    ]


def test_a_month_that_stays_missed_leaves_the_others_to_withdraw_it_once(
    database: Database, clock: FixedClock, viewer: Look, appealed: int
) -> None:
    answer(database, clock, viewer, appealed, 2850)
    rita, hr = viewer("RITA").person_id, viewer("HR")

    restate(database, clock, hr, rita, Period.parse("2026-01"), "The appeal was upheld.")
    assert [alert.state for alert in alerts(database)] == [AlertState.QUEUED]
    for month in ("2026-02", "2026-03"):
        restate(database, clock, hr, rita, Period.parse(month), "The appeal was upheld.")

    assert misses(database, viewer) == {"2026-01": "miss", "2026-02": "hit", "2026-03": "hit"}
    assert [alert.state for alert in alerts(database)] == [AlertState.WITHDRAWN]
    assert len(posts(database, WITHDRAWN_POST)) == 1
    assert watch(database, clock, *QUARTER) == []


def test_an_appeal_that_changes_no_miss_withdraws_nothing(
    database: Database, clock: FixedClock, viewer: Look, appealed: int
) -> None:
    answer(database, clock, viewer, appealed, 2991)

    restate(database, clock, viewer("HR"), viewer("RITA").person_id, MARCH, "The appeal was upheld.")

    assert [alert.state for alert in alerts(database)] == [AlertState.QUEUED]
    assert posts(database, WITHDRAWN_POST) == []


def test_an_appeal_that_is_upheld_as_it_was_leaves_nothing_to_restate(
    database: Database, clock: FixedClock, viewer: Look, appealed: int
) -> None:
    with database.writing() as session:
        agreement.uphold(session, clock, viewer("MW"), appealed, "Others reached it.")

    assert posts(database, RESTATE_POST) == []
    with pytest.raises(BadInput, match="comes out the same"):
        restate(database, clock, viewer("HR"), viewer("RITA").person_id, MARCH, "Look again.")
