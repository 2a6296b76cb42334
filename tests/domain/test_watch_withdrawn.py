"""Alerts whose misses do not stand any more, and alerts that wait for the answer to a dispute."""

from datetime import date

import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.disputes.model import Dispute, SubjectKind
from domain.disputes.rules import DisputeState
from domain.errors import NotFound
from domain.jobs import Job
from domain.outbox import UPDATE_JOB, Post, PostState, claim_post
from domain.people import service as people
from domain.periods import Period
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.rules_cards import Miss
from domain.sending import arrived
from domain.watch.facts import (
    HELD_POST,
    PERSON_POST,
    SHADOW_POST,
    THREAD_POST,
    UNIT_POST,
    WITHDRAWN_POST,
    AlertFacts,
    HrAlertFacts,
)
from domain.watch.model import Alert, AlertState
from domain.watch.rules import HoldReason
from domain.watch.service import hold_disputed, reconsider, release_disputed, release_held
from tests.domain.conftest import Load, Lock
from tests.domain.watch_stories import (
    ALERTS_FROM_JANUARY,
    QUARTER,
    SIX_MONTHS,
    company,
    employee_ids,
    posts,
    rep,
    watch,
)


def a_third_miss(database: Database, clock: FixedClock, load: Load, lock: Lock, *others: str) -> None:
    folder = company()
    for employee_id in ("RITA", *others):
        rep(folder, employee_id, "MMM")
    load(folder)
    lock(*QUARTER)
    watch(database, clock, "2026-03")


def becomes(database: Database, employee_id: str, month: str, miss: Miss) -> None:
    """The locked card says something else now, as after a restatement."""
    with database.writing() as session:
        person = people.person_by_employee_id(session, employee_id)
        run = session.get_one(ScoredPeriod, month).published_run_id
        of_run = sa.and_(Card.run_id == run, Card.person_id == person.id)
        session.execute(sa.update(Card).where(of_run).values(miss=miss))


def reconsidered(database: Database, clock: FixedClock, employee_id: str) -> list[Alert]:
    with database.writing() as session:
        return reconsider(session, clock, people.person_by_employee_id(session, employee_id).id)


def send(database: Database, *kinds: str, about: str | None = None) -> None:
    """As the worker does: these messages are out."""
    with database.writing() as session:
        for post in posts(database, *kinds):
            if about is None or post.facts.get("employee_id") == about:
                arrived(session, post, "C1", f"{post.id}.0")


def states(database: Database) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for post in posts(database):
        found.setdefault(post.kind, []).append(post.state)
    return found


def updates(database: Database) -> list[str]:
    """The kinds of the messages that are to be changed in their place."""
    with database.reading() as session:
        jobs = session.scalars(sa.select(Job).where(Job.kind == UPDATE_JOB).order_by(Job.id))
        return [session.get_one(Post, job.args["post_id"]).kind for job in jobs]


def test_an_alert_whose_miss_is_undone_is_withdrawn_before_anything_left(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock)
    becomes(database, "RITA", "2026-02", Miss.HIT)

    (alert,) = reconsidered(database, clock, "RITA")

    assert (alert.state, alert.withdrawn_at) == (AlertState.WITHDRAWN, clock.now())
    assert AlertFacts.from_json(alert.facts).undone == ("2026-02",)
    assert [month.period for month in AlertFacts.from_json(alert.facts).months] == list(QUARTER)
    assert states(database) == {
        PERSON_POST: [PostState.CANCELLED],
        UNIT_POST: [PostState.CANCELLED],
        THREAD_POST: [PostState.CANCELLED],
    }
    assert updates(database) == []
    with database.reading() as session:
        actions = session.scalars(sa.text("SELECT action FROM audit_chain ORDER BY seq")).all()
    assert actions[-2:] == ["alert.write", "alert.withdraw"]


def test_what_is_out_says_in_its_place_that_it_is_withdrawn(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock, "TIM")
    send(database)
    becomes(database, "RITA", "2026-03", Miss.HIT)

    reconsidered(database, clock, "RITA")

    assert sorted(updates(database)) == [PERSON_POST, THREAD_POST, UNIT_POST]
    said = {post.facts["employee_id"]: post.facts.get("withdrawn") for post in posts(database, THREAD_POST)}
    assert said == {"RITA": True, "TIM": False}
    assert [post.facts["people"] for post in posts(database, UNIT_POST)] == [1]
    (word,) = posts(database, WITHDRAWN_POST)
    (report, _) = posts(database, PERSON_POST)
    assert (word.person_id, word.thread_of_id, word.state) == (report.person_id, report.id, PostState.QUEUED)


def test_the_units_message_that_waits_is_for_those_who_are_left(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock, "TIM")
    send(database, PERSON_POST)
    becomes(database, "RITA", "2026-03", Miss.HIT)

    reconsidered(database, clock, "RITA")

    (unit,) = posts(database, UNIT_POST)
    assert (unit.state, unit.facts["people"]) == (PostState.QUEUED, 1)
    assert employee_ids(database, unit.facts["about"]) == ["TIM"]
    assert [post.state for post in posts(database, THREAD_POST)] == [PostState.CANCELLED, PostState.QUEUED]


def test_a_message_that_is_on_its_way_is_changed_once_it_is_there(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock)
    with database.writing() as session:
        claim_post(session, posts(database, PERSON_POST)[0].id)
    becomes(database, "RITA", "2026-03", Miss.EXEMPT)

    reconsidered(database, clock, "RITA")

    (report,) = posts(database, PERSON_POST)
    assert (report.state, report.facts["withdrawn"]) == (PostState.SENDING, True)
    assert updates(database) == [PERSON_POST]


def test_a_second_look_withdraws_nothing_more(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock)
    send(database)
    assert reconsidered(database, clock, "RITA") == []
    becomes(database, "RITA", "2026-03", Miss.HIT)
    reconsidered(database, clock, "RITA")
    before = states(database), updates(database)

    assert reconsidered(database, clock, "RITA") == []
    watch(database, clock, "2026-01", "2026-03")

    assert (states(database), updates(database)) == before


def test_a_hit_between_the_months_ends_the_streak_that_was_told_of(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMeM"))
    lock(*SIX_MONTHS[:4])
    watch(database, clock, "2026-04")
    becomes(database, "RITA", "2026-03", Miss.HIT)

    (alert,) = reconsidered(database, clock, "RITA")

    assert AlertFacts.from_json(alert.facts).undone == ()


def test_the_alert_of_six_goes_and_that_of_three_stays(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMMMMM"))
    lock(*SIX_MONTHS)
    watch(database, clock, "2026-01")
    becomes(database, "RITA", "2026-05", Miss.HIT)

    assert [alert.length for alert in reconsidered(database, clock, "RITA")] == [6]


def test_months_that_take_the_undone_ones_place_are_alerted_by_an_alert_of_their_own(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMMM"))
    lock(*SIX_MONTHS[:4])
    watch(database, clock, "2026-01")
    send(database)
    becomes(database, "RITA", "2026-02", Miss.EXEMPT)

    reconsidered(database, clock, "RITA")

    with database.reading() as session:
        written = session.scalars(sa.select(Alert).order_by(Alert.id)).all()
    assert [(one.streak_start, one.number, one.month, one.state) for one in written] == [
        ("2026-01", 1, "2026-03", AlertState.WITHDRAWN),
        ("2026-01", 2, "2026-04", AlertState.QUEUED),
    ]
    assert [post.state for post in posts(database, PERSON_POST)] == [PostState.SENT, PostState.QUEUED]


def test_a_miss_that_a_restatement_brings_is_alerted(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMH"))
    lock(*QUARTER)
    assert watch(database, clock, *QUARTER) == []
    becomes(database, "RITA", "2026-03", Miss.MISS)

    assert reconsidered(database, clock, "RITA") == []

    assert [post.state for post in posts(database, PERSON_POST)] == [PostState.QUEUED]


def test_hr_sees_in_its_list_what_is_withdrawn(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    folder = company(ALERTS_FROM_JANUARY + "[alerts]\nshadow = true\n")
    load(rep(rep(folder, "RITA", "MMM"), "TIM", "MMM"))
    lock(*QUARTER)
    watch(database, clock, "2026-03")
    send(database)
    becomes(database, "TIM", "2026-01", Miss.HIT)

    reconsidered(database, clock, "TIM")

    (post,) = posts(database, SHADOW_POST)
    told = HrAlertFacts.from_json(post.facts).alerts
    assert {one.employee_id: one.withdrawn for one in told} == {"RITA": False, "TIM": True}
    assert updates(database) == [SHADOW_POST]


def disputes(database: Database, clock: FixedClock, employee_id: str, month: str) -> None:
    with database.writing() as session:
        person = people.person_by_employee_id(session, employee_id)
        session.add(
            Dispute(
                owner_id=person.id,
                subject=SubjectKind.CARD_LINE,
                period=month,
                name="sales",
                state=DisputeState.OPEN,
                due_on=date(2026, 7, 14),
                opened_at=clock.now(),
            )
        )


def answered(database: Database, clock: FixedClock, employee_id: str) -> list[Alert]:
    with database.writing() as session:
        person = people.person_by_employee_id(session, employee_id)
        ended = {"state": DisputeState.ANSWERED, "closed_at": clock.now()}
        session.execute(sa.update(Dispute).where(Dispute.owner_id == person.id).values(**ended))
        return release_disputed(session, clock, person.id)


def test_an_open_dispute_holds_the_alert_until_it_is_answered(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(rep(company(), "RITA", "MMM"), "TIM", "MMM"))
    lock(*QUARTER)
    disputes(database, clock, "RITA", "2026-02")

    written = watch(database, clock, "2026-03")

    assert {one.facts["employee_id"]: (one.state, one.reason) for one in written} == {
        "RITA": (AlertState.HELD, HoldReason.OPEN_DISPUTE),
        "TIM": (AlertState.QUEUED, None),
    }
    assert posts(database, HELD_POST) == []
    assert [post.facts["employee_id"] for post in posts(database, PERSON_POST)] == ["TIM"]
    with database.writing() as session, pytest.raises(NotFound):
        release_held(session, clock, Period.parse("2026-03"), "HR")

    (released,) = answered(database, clock, "RITA")

    assert released.state == AlertState.QUEUED
    assert [post.facts["employee_id"] for post in posts(database, PERSON_POST)] == ["TIM", "RITA"]
    assert answered(database, clock, "RITA") == []


def test_in_shadow_mode_a_dispute_hides_nothing_from_hr(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    shadow = 'alerts_from = "2026-01"\n[alerts]\nshadow = true\n'
    load(rep(company(shadow), "RITA", "MMM"))
    lock(*QUARTER)
    disputes(database, clock, "RITA", "2026-02")

    (alert,) = watch(database, clock, "2026-03")

    assert (alert.state, alert.reason) == (AlertState.SHADOW, None)
    assert [post.kind for post in posts(database)] == [SHADOW_POST]


def test_a_dispute_about_another_month_holds_nothing(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMMH"))
    lock(*QUARTER)
    disputes(database, clock, "RITA", "2026-04")

    (alert,) = watch(database, clock, "2026-03")

    assert alert.state == AlertState.QUEUED


def test_what_is_held_for_a_dispute_and_undone_by_it_never_goes(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMM"))
    lock(*QUARTER)
    disputes(database, clock, "RITA", "2026-02")
    watch(database, clock, "2026-03")
    becomes(database, "RITA", "2026-02", Miss.HIT)

    assert answered(database, clock, "RITA") == []

    assert posts(database) == []
    with database.reading() as session:
        assert session.scalars(sa.select(Alert.state)).all() == [AlertState.WITHDRAWN]


def test_a_dispute_after_the_own_report_keeps_it_from_the_managers(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock, "TIM")
    send(database, PERSON_POST)
    disputes(database, clock, "RITA", "2026-03")

    with database.writing() as session:
        rita = people.person_by_employee_id(session, "RITA").id
        (held,) = hold_disputed(session, clock, rita)

    assert (held.state, held.reason) == (AlertState.HELD, HoldReason.OPEN_DISPUTE)
    (unit,) = posts(database, UNIT_POST)
    assert (unit.facts["people"], employee_ids(database, unit.facts["about"])) == (1, ["TIM"])

    answered(database, clock, "RITA")

    assert len(posts(database, PERSON_POST)) == 2
    waiting = [post.facts["employee_id"] for post in posts(database, THREAD_POST) if post.state == "queued"]
    assert waiting == ["TIM", "RITA"]
    assert [post.facts["people"] for post in posts(database, UNIT_POST)] == [2]


def test_what_managers_have_been_told_is_not_held(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock)
    send(database)
    disputes(database, clock, "RITA", "2026-03")

    with database.writing() as session:
        rita = people.person_by_employee_id(session, "RITA").id
        assert hold_disputed(session, clock, rita) == []
