"""The watch comes to the same, in whatever order months are locked and watched, and however often."""

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import Post
from domain.periods import Period
from domain.scoring.model import ScoredPeriod
from domain.scoring.service import lock_period, score_now
from domain.watch.facts import PERSON_POST, THREAD_POST
from domain.watch.model import Alert
from tests.domain.conftest import Load
from tests.domain.watch_stories import SIX_MONTHS, Story, alerts, company, posts, rep, watch

STORIES = {"ADA": "MMMMMM", "BEN": "MMeMHM", "CY": "HMMeMM", "DEE": "MMHMMM"}
EXPECTED: list[Story] = [
    ("ADA", "2026-01", 3, "2026-03"),
    ("ADA", "2026-01", 6, "2026-06"),
    ("BEN", "2026-01", 3, "2026-04"),
    ("CY", "2026-02", 3, "2026-05"),
    ("DEE", "2026-04", 3, "2026-06"),
]
orders = st.permutations(SIX_MONTHS)
repeats = st.lists(st.sampled_from(SIX_MONTHS), max_size=4)
same_company_each_time = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_watching_in_any_order_finds_the_same(database: Database, clock: FixedClock, load: Load) -> None:
    a_scored_company(database, clock, load)

    @given(orders, repeats)
    @same_company_each_time
    def watching_locked_months(order: list[str], again: list[str]) -> None:
        start_over(database)
        lock(database, clock, *SIX_MONTHS)

        watch(database, clock, *order, *again)

        assert alerts(database) == EXPECTED
        assert_one_message_each(database)

    watching_locked_months()


def test_locking_in_any_order_alerts_nobody_twice_and_forgets_nobody(
    database: Database, clock: FixedClock, load: Load
) -> None:
    """A month that is locked after later ones may move a streak's start, not bring its alert again."""
    a_scored_company(database, clock, load)

    @given(orders, repeats)
    @same_company_each_time
    def locking_and_watching(order: list[str], again: list[str]) -> None:
        start_over(database)
        for month in order:
            lock(database, clock, month)
            watch(database, clock, month)
        assert watch(database, clock, *again) == []

        alerted = sorted((who, length) for who, _, length, _ in alerts(database))
        assert alerted == [(who, length) for who, _, length, _ in EXPECTED]
        assert_one_message_each(database)

    locking_and_watching()


def a_scored_company(database: Database, clock: FixedClock, load: Load) -> None:
    folder = company()
    for employee_id, story in STORIES.items():
        rep(folder, employee_id, story)
    load(folder)
    for month in SIX_MONTHS:
        score_now(database, clock, Period.parse(month))


def start_over(database: Database) -> None:
    """Open the months again and forget the alerts; the scores stay."""
    with database.writing() as session:
        session.execute(sa.update(ScoredPeriod).values(locked_at=None))
        session.execute(sa.update(Post).values(after_id=None, thread_of_id=None))
        session.execute(sa.delete(Post))
        session.execute(sa.delete(Alert))


def lock(database: Database, clock: FixedClock, *months: str) -> None:
    for month in months:
        with database.writing() as session:
            assert lock_period(session, clock, Period.parse(month), "test")


def assert_one_message_each(database: Database) -> None:
    written = sorted(f"{who}:{start}:{length}" for who, start, length, _ in alerts(database))
    for kind in (PERSON_POST, THREAD_POST):
        told = [
            f"{post.facts['employee_id']}:{post.facts['months'][0]['period']}:{post.facts['length']}"
            for post in posts(database, kind)
        ]
        assert sorted(told) == written
