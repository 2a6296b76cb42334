"""Three hundred messages that nobody waits for, and one that somebody does."""

import random

import sqlalchemy as sa
from slack_sdk.web import SlackResponse

from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import NewPost, Post, PostState, add_posts
from domain.people.model import Person, Role
from domain.quiet_hours import Hours
from domain.sending import due_posts
from tests.worker.delivery_builders import a_company, a_delivery, a_post, employ, the_post
from tests.worker.fake_slack import FakeSlack, FreePace

PEOPLE = range(1_000, 1_300)
A_MINUTE = 50
"""Slack's third tier."""
AT_ONCE = 10


class Seconds:
    """A slow clock: a second passes when the test says so."""

    def __init__(self) -> None:
        self.now = 0


class TimedPace(FreePace):
    def __init__(self, seconds: Seconds) -> None:
        super().__init__()
        self._seconds = seconds
        self._until: dict[str, float] = {}

    def hold(self, channel: str, ms: int) -> None:
        self._until[channel] = self._seconds.now + ms / 1000

    def held_ms(self, name: str) -> int:
        return max(int((self._until.get(name, 0) - self._seconds.now) * 1000), 0)


class BusySlack(FakeSlack):
    """Opens so many conversations a minute, and a few more at once."""

    def __init__(self, seconds: Seconds) -> None:
        super().__init__()
        self._seconds = seconds
        self._left, self._since = float(AT_ONCE), 0
        self.retry_after = 2

    def conversations_open(self, *, users: str) -> SlackResponse:
        passed = self._seconds.now - self._since
        self._left = min(self._left + passed * A_MINUTE / 60, AT_ONCE)
        self._since = self._seconds.now
        if self._left < 1:
            self.calls.append("refused")
            raise self._error("ratelimited", 429)
        self._left -= 1
        return super().conversations_open(users=users)


def shuffled(ids: list[int]) -> list[int]:
    """As many workers come to them."""
    return random.Random(7).sample(ids, len(ids))


def test_who_asked_for_something_does_not_wait_for_the_cards_of_three_hundred(
    sqlite_database: Database, clock: FixedClock
) -> None:
    database = sqlite_database
    # given a card for each of 300 people whom the bot has never written to
    a_company(database, clock)
    cards_for_three_hundred(database, clock)
    seconds = Seconds()
    slack = BusySlack(seconds)
    delivery = a_delivery(database, clock, slack, TimedPace(seconds))

    def a_second_of_work() -> None:
        for post_id in shuffled(due(database, clock)):
            delivery.deliver(post_id)
        seconds.now += 1
        with database.writing() as session:
            session.execute(sa.update(Post).values(lease_until_ms=Post.lease_until_ms - 1_000))

    for _ in range(3):
        a_second_of_work()

    # when somebody asks for a chart
    asked = a_post(database, clock, key="chart", hours=Hours.ANY)
    waited = 0
    while waited < 10 and the_post(database, asked).state != PostState.SENT:
        a_second_of_work()
        waited += 1

    # then it is there at once, and the cards come as fast as Slack allows
    assert waited <= 4
    assert slack.calls.count("refused") <= 2 * seconds.now
    for _ in range(5):
        a_second_of_work()
    sent = slack.calls.count("chat.postMessage")
    assert (seconds.now - 5) * A_MINUTE / 60 <= sent < len(PEOPLE)


def test_what_somebody_asked_for_is_told_of_first(database: Database, clock: FixedClock) -> None:
    a_company(database, clock)
    cards_for_three_hundred(database, clock)
    asked = a_post(database, clock, key="chart", hours=Hours.ANY)

    assert due(database, clock)[0] == asked


def due(database: Database, clock: FixedClock) -> list[int]:
    with database.reading() as session:
        return [post.id for post in due_posts(session, clock, 1_000)]


def cards_for_three_hundred(database: Database, clock: FixedClock) -> None:
    with database.writing() as session:
        session.add_all(
            Person(id=one, employee_id=f"P{one}", name=f"P {one}", slack_id=f"U{one}", role=Role.REP)
            for one in PEOPLE
        )
        session.flush()
        employ(session, PEOPLE, unit_id=2)
        add_posts(session, clock, [NewPost(f"card:{one}", "card", {}, person_id=one) for one in PEOPLE])
