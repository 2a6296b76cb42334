"""A dispute keeps the alert from the managers until it is answered: from the click to the outbox."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.access import Viewer
from domain.clock import FixedClock
from domain.closing.restating import restate_card
from domain.database import Database
from domain.disputes import views
from domain.disputes.correcting import Change, Fix
from domain.disputes.moves import ALERTS_JOB
from domain.disputes.posts import DISPUTE_POST, News
from domain.disputes.restating import keep_card
from domain.disputes.rules import Move
from domain.disputes.service import correct, explain, open_dispute
from domain.disputes.subjects import card_line, records_behind
from domain.errors import BadField, BadInput, NotAllowed
from domain.jobs import Job, JobState
from domain.periods import Period
from domain.scoring.service import score_now
from domain.watch.facts import PERSON_POST, THREAD_POST
from domain.watch.model import Alert, AlertState
from tests.domain.conftest import Load, Lock, Look, load, lock, viewer
from tests.domain.watch_stories import QUARTER, company, posts, rep, watch
from tests.worker.delivery_builders import services_for
from worker.actors.disputes import HANDLERS
from worker.runner import JobRunner

__all__ = ["load", "lock", "viewer"]
MARCH = Period.parse("2026-03")


def test_a_disputed_card_holds_the_alert_until_the_answer(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given: the third miss, and Rita disputes it before anything has left
    load(rep(company(), "RITA", "MMM", manager_id="MW"))
    lock(*QUARTER)
    watch(database, clock, "2026-03")
    rita = viewer("RITA")
    with database.writing() as session:
        subject = card_line(rita.person_id, MARCH, "sales")
        disputed = open_dispute(session, clock, rita, subject, [], "The sale of the 30th is missing.")
        dispute_id = disputed.id

    # when
    do_the_jobs(database, clock)

    # then
    assert state_of_alert(database) == (AlertState.HELD, "open_dispute")
    assert waiting(database) == []

    # when
    with database.writing() as session:
        explain(session, clock, viewer("MW"), dispute_id, "It was booked in April.")
    do_the_jobs(database, clock)

    # then
    assert state_of_alert(database)[0] == AlertState.QUEUED
    assert waiting(database) == [PERSON_POST, THREAD_POST]


def corrected(database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look, value: int) -> int:
    """Rita disputes the third miss, and her manager puts the record of the locked March right."""
    load(rep(company(), "RITA", "MMM", manager_id="MW"))
    lock(*QUARTER)
    watch(database, clock, "2026-03")
    rita, manager = viewer("RITA"), viewer("MW")
    with database.writing() as session:
        subject = card_line(rita.person_id, MARCH, "sales")
        record = records_behind(session, clock, subject)[0].id
        number = open_dispute(session, clock, rita, subject, [record], "It was larger.").id
    do_the_jobs(database, clock)
    with database.writing() as session:
        change = Change(Fix.VALUE, value=Decimal(value))
        correct(session, clock, manager, number, record, change, "The CRM says so.")
    do_the_jobs(database, clock)
    return number


def test_after_a_correction_the_alert_waits_for_hr_who_leaves_the_card(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given
    number = corrected(database, clock, load, lock, viewer, 900)
    assert state_of_alert(database) == (AlertState.HELD, "restatement")
    assert waiting(database) == []
    assert told(database)[-1] == (News.CORRECTED, viewer("HR").person_id)
    assert to_answer(database, clock, viewer("HR")) == [number]

    # when
    with database.writing() as session, pytest.raises(NotAllowed):
        keep_card(session, clock, viewer("MW"), number, "It stays.")
    with database.writing() as session, pytest.raises(BadField, match="Give a reason"):
        keep_card(session, clock, viewer("HR"), number, " ")
    with database.writing() as session:
        keep_card(session, clock, viewer("HR"), number, "It is booked in July.")
    do_the_jobs(database, clock)

    # then
    assert state_of_alert(database) == (AlertState.QUEUED, None)
    assert waiting(database) == [PERSON_POST, THREAD_POST]
    assert told(database)[-1] == (News.KEPT, viewer("RITA").person_id)
    assert to_answer(database, clock, viewer("HR")) == []
    with database.writing() as session, pytest.raises(BadInput, match="decided already"):
        keep_card(session, clock, viewer("HR"), number, "Once more.")


@pytest.mark.parametrize(
    ("value", "state", "kinds"),
    [(900, AlertState.QUEUED, [PERSON_POST, THREAD_POST]), (1500, AlertState.WITHDRAWN, [])],
)
def test_a_restated_card_lets_the_alert_go_or_withdraws_it(
    database: Database,
    clock: FixedClock,
    load: Load,
    lock: Lock,
    viewer: Look,
    value: int,
    state: str,
    kinds: list[str],
) -> None:
    # given
    number = corrected(database, clock, load, lock, viewer, value)

    # when
    with database.writing() as session:
        restate_card(session, clock, viewer("HR"), viewer("RITA").person_id, MARCH, "Corrected.")

    # then
    assert state_of_alert(database)[0] == state
    assert waiting(database) == kinds
    for post in posts(database, THREAD_POST):
        if post.state == "queued":
            assert post.facts["months"][-1]["actual"] == "900.0000"
    assert to_answer(database, clock, viewer("HR")) == []
    with database.reading() as session:
        made = views.view(session, clock, viewer("RITA"), number).moves[-1]
        assert (made.move, made.by_name) == (Move.RESTATE, "Name of HR")


def test_a_month_that_is_not_locked_waits_for_nothing(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given
    load(rep(company(), "RITA", "MMM", manager_id="MW"))
    lock(*QUARTER[:2])
    score_now(database, clock, MARCH)
    rita = viewer("RITA")
    with database.writing() as session:
        subject = card_line(rita.person_id, MARCH, "sales")
        record = records_behind(session, clock, subject)[0].id
        number = open_dispute(session, clock, rita, subject, [record], "It was larger.").id
        change = Change(Fix.VALUE, value=Decimal(900))
        correct(session, clock, viewer("MW"), number, record, change, "The CRM says so.")

    # when
    lock("2026-03")
    watch(database, clock, "2026-03")

    # then
    assert state_of_alert(database) == (AlertState.QUEUED, None)
    assert News.CORRECTED not in [news for news, _ in told(database)]


def told(database: Database) -> list[tuple[str, int]]:
    return [(post.facts["news"], post.facts["reader_id"]) for post in posts(database, DISPUTE_POST)]


def to_answer(database: Database, clock: FixedClock, who: Viewer) -> list[int]:
    with database.reading() as session:
        return [one.id for one in views.disputes_to_answer(session, clock, who)]


def do_the_jobs(database: Database, clock: FixedClock) -> None:
    runner = JobRunner(services_for(database, clock), HANDLERS)
    with database.reading() as session:
        due = sa.select(Job.id).where(Job.kind == ALERTS_JOB, Job.state == JobState.QUEUED)
        ids = session.scalars(due.order_by(Job.id)).all()
    assert [runner.run(job_id) for job_id in ids] == [True]


def state_of_alert(database: Database) -> tuple[str, str | None]:
    with database.reading() as session:
        alert = session.scalars(sa.select(Alert)).one()
        return alert.state, alert.reason


def waiting(database: Database) -> list[str]:
    return [post.kind for post in posts(database, PERSON_POST, THREAD_POST) if post.state == "queued"]
