"""Whatever cards come to say, in whatever order: each streak has one standing alert, and no more stands."""

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import Post
from domain.people import service as people
from domain.periods import Period
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.rules_cards import Miss
from domain.scoring.rules_streaks import streaks
from domain.watch.facts import PERSON_POST, THREAD_POST
from domain.watch.model import Alert, AlertState
from domain.watch.reading import locked_cards, outcomes
from domain.watch.rules import still_stands
from domain.watch.service import reconsider
from tests.domain.conftest import Load, Lock
from tests.domain.watch_stories import SIX_MONTHS, company, rep

changes = st.lists(st.tuples(st.sampled_from(SIX_MONTHS), st.sampled_from(list(Miss))), max_size=8)


def test_after_any_restatements_what_stands_is_what_is_missed(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMMMMM"))
    lock(*SIX_MONTHS)

    @given(changes)
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def restating(changed: list[tuple[str, Miss]]) -> None:
        start_over(database)
        for month, miss in [("2026-01", Miss.MISS), *changed]:
            history = withdrawn(database)
            restate(database, clock, month, miss)
            assert_what_stands_is_missed(database)
            assert history <= withdrawn(database)

    restating()


def start_over(database: Database) -> None:
    """Everything is missed, and nobody has been told."""
    with database.writing() as session:
        session.execute(sa.delete(Alert))
        session.execute(sa.update(Post).values(after_id=None, thread_of_id=None))
        session.execute(sa.delete(Post))
        session.execute(sa.update(Card).values(miss=Miss.MISS))


def restate(database: Database, clock: FixedClock, month: str, miss: Miss) -> None:
    with database.writing() as session:
        rita = people.person_by_employee_id(session, "RITA")
        run = session.get_one(ScoredPeriod, month).published_run_id
        session.execute(
            sa.update(Card).where(Card.run_id == run, Card.person_id == rita.id).values(miss=miss)
        )
        reconsider(session, clock, rita.id)


def withdrawn(database: Database) -> set[int]:
    with database.reading() as session:
        return set(session.scalars(sa.select(Alert.id).where(Alert.state == AlertState.WITHDRAWN)))


def assert_what_stands_is_missed(database: Database) -> None:
    with database.reading() as session:
        rita = people.person_by_employee_id(session, "RITA").id
        found = streaks(outcomes(locked_cards(session, [rita])[rita]))
        alerts = session.scalars(sa.select(Alert)).all()
        standing = [alert for alert in alerts if alert.state != AlertState.WITHDRAWN]
        for alert in standing:
            told = [Period.parse(month["period"]) for month in alert.facts["months"]]
            assert still_stands(told, found), "what does not stand is withdrawn"
        for streak in found:
            for length in streak.reached:
                starts = [Period.parse(one.streak_start) for one in standing if one.length == length]
                assert any(start in streak.missed for start in starts), "no alert is lost"
        keys = [(alert.streak_start, alert.length) for alert in standing]
        assert len(keys) == len(set(keys)), "nobody is told twice of one thing"
        waiting = sa.select(Post).where(Post.kind.in_([PERSON_POST, THREAD_POST]), Post.state == "queued")
        assert len(session.scalars(waiting).all()) == 2 * len(standing), "what is withdrawn is not sent"
