"""What waits to be sent says what the cards say now; alerts of one day are counted together."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.people import service as people
from domain.periods import Period
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.rules_cards import Miss
from domain.watch.facts import PERSON_POST, SHADOW_POST, THREAD_POST, HrAlertFacts
from domain.watch.model import Alert, AlertState
from domain.watch.rules import HoldReason
from domain.watch.service import release_held
from tests.domain.conftest import Load, Lock
from tests.domain.test_watch_withdrawn import a_third_miss, becomes, reconsidered, send, updates
from tests.domain.watch_stories import ALERTS_FROM_JANUARY, QUARTER, company, posts, rep, watch


def scores(database: Database, employee_id: str, score: str) -> None:
    """The locked card of March says so now, as after a restatement."""
    with database.writing() as session:
        person = people.person_by_employee_id(session, employee_id)
        run = session.get_one(ScoredPeriod, "2026-03").published_run_id
        of_run = sa.and_(Card.run_id == run, Card.person_id == person.id)
        session.execute(sa.update(Card).where(of_run).values(score=Decimal(score)))


def said(database: Database, *kinds: str) -> list[str]:
    return [post.facts["score"] for post in posts(database, *kinds)]


@pytest.mark.parametrize(("out", "changed"), [([], []), ([PERSON_POST], [PERSON_POST])])
def test_what_managers_have_not_got_says_what_the_card_says_now(
    database: Database, clock: FixedClock, load: Load, lock: Lock, out: list[str], changed: list[str]
) -> None:
    # given
    a_third_miss(database, clock, load, lock)
    if out:
        send(database, *out)
    scores(database, "RITA", "12.34")
    # when
    reconsidered(database, clock, "RITA")
    reconsidered(database, clock, "RITA")
    # then: and what the person has got already is changed in its place, once
    assert said(database, PERSON_POST, THREAD_POST) == ["12.34", "12.34"]
    assert updates(database) == changed


def test_what_managers_have_got_stays_as_it_was_told(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_third_miss(database, clock, load, lock)
    send(database)
    before = said(database, PERSON_POST, THREAD_POST)
    scores(database, "RITA", "12.34")

    reconsidered(database, clock, "RITA")

    assert said(database, PERSON_POST, THREAD_POST) == before
    assert updates(database) == []


def test_the_list_of_hr_says_it_too(database: Database, clock: FixedClock, load: Load, lock: Lock) -> None:
    folder = company(ALERTS_FROM_JANUARY + "[alerts]\nshadow = true\n")
    load(rep(rep(folder, "RITA", "MMM"), "TIM", "MMM"))
    lock(*QUARTER)
    watch(database, clock, "2026-03")
    scores(database, "TIM", "12.34")

    reconsidered(database, clock, "TIM")

    (post,) = posts(database, SHADOW_POST)
    told = {one.employee_id: one.score for one in HrAlertFacts.from_json(post.facts).alerts}
    assert told["TIM"] == "12.34"
    assert told["RITA"] != "12.34"


def test_restated_one_by_one_they_are_too_many_all_the_same(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given: 20 people in West, who hit
    folder = company()
    reps = [f"R{number:02}" for number in range(20)]
    for employee_id in reps:
        rep(folder, employee_id, "MMH")
    load(folder)
    lock(*QUARTER)
    # when: five of them come to miss, each by a restatement of the same day
    for employee_id in reps[:5]:
        becomes(database, employee_id, "2026-03", Miss.MISS)
        reconsidered(database, clock, employee_id)
    # then
    too_many = (AlertState.HELD, HoldReason.SHARE_OF_UNIT)
    assert alerts(database) == [(AlertState.QUEUED, None)] * 4 + [too_many]

    # when: HR has looked at it, and another one follows
    with database.writing() as session:
        release_held(session, clock, Period.parse("2026-03"), "HR")
    becomes(database, reps[5], "2026-03", Miss.MISS)
    reconsidered(database, clock, reps[5])
    assert alerts(database)[-1] == too_many
    # and the next day another
    clock.at += timedelta(days=1)
    becomes(database, reps[6], "2026-03", Miss.MISS)
    reconsidered(database, clock, reps[6])
    assert alerts(database)[-1] == (AlertState.QUEUED, None)


def alerts(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        found = session.scalars(sa.select(Alert).order_by(Alert.id))
        return [(alert.state, alert.reason) for alert in found]
