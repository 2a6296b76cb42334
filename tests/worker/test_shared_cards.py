"""A card that its owner shared goes where it was meant to go, and says no number once it is withdrawn."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from bot.delivery import Outcome
from domain.access import Viewer
from domain.clock import FixedClock
from domain.database import Database
from domain.loads import latest_load_id
from domain.outbox import Post, PostState
from domain.people.model import Person
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.scoring.model import Card, RunState, ScoredPeriod, ScoreRun, card_id
from domain.scoring.rules_cards import CardStatus
from domain.scoring.sharing import (
    SHARE_FAILED_POST,
    CardShare,
    Choice,
    Destination,
    Part,
    as_it_is,
    share,
    tell_owner,
    withdraw,
)
from domain.viewers import viewer_of
from tests.domain.scoring_builders import HEAD, MISS, SALES, TIERS
from tests.worker.delivery_builders import ADA, BEN, a_company, a_delivery, services_for, the_post
from tests.worker.fake_slack import FakeSlack, FreePace
from worker.actors.sending import Drawer

JUNE = Period.parse("2026-06")
SCORE = Choice(JUNE, ADA, "U0ADA", (Part.SCORE,))


@pytest.fixture(autouse=True)
def company(database: Database, clock: FixedClock) -> None:
    """With a card of Ada's."""
    a_company(database, clock)
    with database.writing() as session:
        load_id = latest_load_id(session)
        plan = PlanVersion(
            id=1,
            name="Reps",
            job_family="rep",
            from_month="2026-01",
            version=1,
            text=HEAD + SALES + TIERS + MISS,
            digest="",
            added_in=load_id,
        )
        session.add_all(
            [plan, ScoredPeriod(key=JUNE.key, kind=JUNE.kind, start=JUNE.start, published_run_id=1)]
        )
        session.flush()
        run = ScoreRun(id=1, period=JUNE.key, state=RunState.PUBLISHED, load_id=load_id, digest_version=2)
        run.today, run.created_at = clock.now().date(), clock.now()
        session.add(run)
        session.flush()
        session.add(
            Card(
                id=card_id(1, ADA),
                run_id=1,
                person_id=ADA,
                plan_version_id=1,
                unit_id=2,
                status=CardStatus.COMPLETE,
                score=Decimal("87.50"),
                tier="B",
                rankable=False,
                eligible_days=30,
                days=30,
            )
        )


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack().with_channel(
        "C0ALL", "general", {"U0ADA", "U0GUEST"}, is_private=False, is_member=True
    )


@pytest.fixture
def ada(database: Database, clock: FixedClock) -> Viewer:
    with database.reading() as session:
        return viewer_of(session, clock, session.get_one(Person, ADA))


def shared(database: Database, clock: FixedClock, ada: Viewer, to: Destination) -> CardShare:
    with database.writing() as session:
        seen = as_it_is(session, ada, clock, SCORE).digest
        share(session, clock, ada, SCORE, seen, to, once="a preview")
        return session.scalars(sa.select(CardShare)).one()


def delivery(database: Database, clock: FixedClock, slack: FakeSlack):
    return a_delivery(database, clock, slack, FreePace(), Drawer(services_for(database, clock)))


GENERAL = Destination("C0ALL", "#general")


def test_it_goes_to_a_public_channel_because_its_owner_chose_so(database, clock, slack, ada) -> None:
    row = shared(database, clock, ada, GENERAL)

    assert delivery(database, clock, slack).deliver(row.post_id) is Outcome.SENT

    [message] = slack.messages["C0ALL"]
    assert message["blocks"][0]["text"]["text"] == "*ada, June 2026*\nScore 87.5, tier B"


def test_the_same_words_without_the_consent_go_to_the_owner_alone(database, clock, slack, ada) -> None:
    row = shared(database, clock, ada, GENERAL)
    with database.writing() as session:
        session.execute(sa.delete(CardShare))

    assert delivery(database, clock, slack).deliver(row.post_id) is Outcome.SENT

    assert list(slack.messages) == ["DU0ADA"]


def test_consent_to_one_post_is_none_to_another(database, clock, slack, ada) -> None:
    row = shared(database, clock, ada, GENERAL)
    with database.writing() as session:
        post = the_post(database, row.post_id)
        other = Post(
            key="another",
            kind=post.kind,
            channel="C0ALL",
            facts=post.facts,
            not_before=clock.now(),
            state=PostState.QUEUED,
            created_at=clock.now(),
            hours=post.hours,
        )
        session.add(other)

    assert delivery(database, clock, slack).deliver(other.id) is Outcome.SENT
    assert list(slack.messages) == ["DU0ADA"]


@pytest.mark.parametrize(
    ("info", "why"),
    [
        ({"is_ext_shared": True}, "which others can read"),
        ({"is_pending_ext_shared": True}, "which others can read"),
        ({"is_member": False}, "which I cannot post to"),
        ({"is_archived": True}, "which I cannot post to"),
    ],
    ids=["shared with another company", "about to be", "the bot has left", "archived"],
)
def test_a_channel_that_changed_meanwhile_does_not_get_it(database, clock, slack, ada, info, why) -> None:
    row = shared(database, clock, ada, GENERAL)
    slack.channels["C0ALL"] |= info

    assert delivery(database, clock, slack).deliver(row.post_id) is Outcome.SENT

    assert list(slack.messages) == ["DU0ADA"]
    [message] = slack.messages["DU0ADA"]
    note = message["blocks"][0]["elements"][0]["text"]
    assert note == f"This was meant for the channel #general, {why}. It comes to you instead."


def test_a_colleague_gets_it_directly(database, clock, slack, ada) -> None:
    row = shared(database, clock, ada, Destination(reader_id=BEN))

    assert delivery(database, clock, slack).deliver(row.post_id) is Outcome.SENT
    assert list(slack.messages) == ["DU0BEN"]


def test_withdrawn_it_says_no_number_any_more(database, clock, slack, ada) -> None:
    row = shared(database, clock, ada, GENERAL)
    sender = delivery(database, clock, slack)
    sender.deliver(row.post_id)
    with database.writing() as session:
        withdraw(session, clock, ada, row.id, ("C0ALL", slack.messages["C0ALL"][0]["ts"]))

    assert sender.update(row.post_id) is True

    [message] = slack.messages["C0ALL"]
    assert message["text"] == "<@U0ADA> has withdrawn this card."
    assert "87" not in str(message)


def test_withdrawn_before_its_sender_heard_back_it_is_changed_all_the_same(
    database, clock, slack, ada
) -> None:
    row = shared(database, clock, ada, GENERAL)
    slack.bad_day.append("lost")
    sender = delivery(database, clock, slack)
    assert sender.deliver(row.post_id) is Outcome.WAITS
    with database.writing() as session:
        withdraw(session, clock, ada, row.id, ("C0ALL", slack.messages["C0ALL"][0]["ts"]))

    assert sender.deliver(row.post_id) is Outcome.NOTHING_TO_DO
    assert sender.update(row.post_id) is True
    assert slack.messages["C0ALL"][0]["text"] == "<@U0ADA> has withdrawn this card."


def test_the_owner_hears_of_a_card_that_nobody_got(database, clock, slack, ada) -> None:
    row = shared(database, clock, ada, GENERAL)
    with database.writing() as session:
        tell_owner(session, clock, session.get_one(Post, row.post_id))
        told = session.scalars(sa.select(Post).where(Post.kind == SHARE_FAILED_POST)).one()

    assert delivery(database, clock, slack).deliver(told.id) is Outcome.SENT

    [message] = slack.messages["DU0ADA"]
    assert message["text"].startswith("Your card of June 2026 could not be posted to #general")


def test_posts_of_other_kinds_are_none_of_the_owners_business(database, clock, slack, ada) -> None:
    row = shared(database, clock, ada, GENERAL)
    with database.writing() as session:
        post = session.get_one(Post, row.post_id)
        post.kind = "chart"
        tell_owner(session, clock, post)
        assert session.scalars(sa.select(Post.kind)).all() == ["chart"]
