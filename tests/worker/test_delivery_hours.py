"""Quiet hours count again when a post is sent: zones and preferences change, and sending is paused."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.delivery import Drawing, NothingToSay, Outcome
from domain.access import Viewer
from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import Post, PostState
from domain.people.model import Person, Role
from domain.people.preferences import Preferences, choose
from domain.quiet_hours import Hours, QuietHours
from tests.worker.delivery_builders import (
    ADA,
    BEN,
    a_delivery,
    a_post,
    let_leases_run_out,
    the_post,
)
from tests.worker.fake_slack import FakeSlack

pytestmark = pytest.mark.usefixtures("company_with_outbox")

TEN_IN_SHANGHAI = datetime(2026, 7, 7, 2, tzinfo=UTC)
MORNING_IN_NEW_YORK = datetime(2026, 7, 7, 12, tzinfo=UTC)
WEDNESDAY_MORNING = datetime(2026, 7, 8, 0, tzinfo=UTC)


def chooses(database: Database, clock: FixedClock, person_id: int, preferences: Preferences) -> None:
    viewer = Viewer(
        person_id, f"E{person_id}", "name", Role.REP, True, "en-US", "Asia/Shanghai", "Asia/Shanghai"
    )
    with database.writing() as session:
        choose(session, clock, viewer, preferences)


def waits_untouched(post: Post, until: datetime) -> bool:
    """As if nobody had tried."""
    return (post.state, post.attempts, post.lease_until_ms, post.not_before, post.sent_channel) == (
        PostState.QUEUED,
        0,
        0,
        until,
        None,
    )


def test_who_has_travelled_gets_it_in_the_morning_of_the_new_place(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    post_id = a_post(database, clock)
    assert the_post(database, post_id).not_before == clock.now()
    slack.users["U0ADA"] = {"tz": "America/New_York"}

    outcome = a_delivery(database, clock, slack).deliver(post_id)

    assert outcome is Outcome.WAITS
    assert waits_untouched(the_post(database, post_id), until=MORNING_IN_NEW_YORK)
    assert slack.keys() == []
    with database.reading() as session:
        assert session.get_one(Person, ADA).slack_time_zone == "America/New_York"
    clock.at = MORNING_IN_NEW_YORK
    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.SENT


def test_quiet_hours_that_were_chosen_meanwhile_count(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    post_id = a_post(database, clock)
    chooses(database, clock, ADA, Preferences(QuietHours(time(9), time(11))))

    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.WAITS
    assert waits_untouched(the_post(database, post_id), until=TEN_IN_SHANGHAI + timedelta(hours=1))


def test_what_became_due_in_a_pause_waits_for_the_morning_after(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    post_id = a_post(database, clock)
    clock.at = datetime(2026, 7, 7, 13, tzinfo=UTC)  # 21:00: sending goes on

    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.WAITS
    assert waits_untouched(the_post(database, post_id), until=WEDNESDAY_MORNING)


def test_an_answer_comes_in_the_middle_of_the_night(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    clock.at = datetime(2026, 10, 1, 19, tzinfo=UTC)  # 3:00 on a holiday
    post_id = a_post(database, clock, hours=Hours.ANY)

    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.SENT


def test_a_channel_keeps_the_companys_working_hours(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    slack.with_channel("C0LEADS", "leads", members={"U0BOT", "U0BEN"})
    post_id = a_post(database, clock, channel="C0LEADS", hours=Hours.WORKING)
    clock.at = datetime(2026, 7, 7, 10, 30, tzinfo=UTC)  # 18:30

    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.WAITS
    assert the_post(database, post_id).not_before == WEDNESDAY_MORNING + timedelta(hours=1)


def test_who_gets_it_in_place_of_a_channel_has_quiet_hours_of_the_own(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    chooses(database, clock, BEN, Preferences(QuietHours(time(20), time(15))))
    facts = {"recipients": [BEN]}
    post_id = a_post(database, clock, channel="nowhere", hours=Hours.WORKING, facts=facts)

    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.WAITS
    assert the_post(database, post_id).not_before == TEN_IN_SHANGHAI + timedelta(hours=5)


def test_a_post_that_may_have_left_is_looked_for_even_at_night(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    post_id = a_post(database, clock)
    slack.bad_day.append("lost")
    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.WAITS
    clock.at = datetime(2026, 7, 7, 13, tzinfo=UTC)
    let_leases_run_out(database)

    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.FOUND
    assert slack.keys() == ["hello"]


def test_what_never_left_waits_for_the_morning_and_is_not_posted_twice(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    post_id = a_post(database, clock)
    slack.bad_day.append("unheard")
    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.WAITS
    clock.at = datetime(2026, 7, 7, 13, tzinfo=UTC)
    let_leases_run_out(database)

    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.WAITS
    clock.at = WEDNESDAY_MORNING
    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.SENT
    assert slack.keys() == ["hello"]


def test_what_is_no_news_any_more_is_cancelled_and_nobody_is_told(
    database: Database, clock: FixedClock, slack: FakeSlack
) -> None:
    def nothing(kind: str, facts: dict[str, Any], locale: str) -> Drawing:
        raise NothingToSay

    post_id = a_post(database, clock)

    assert a_delivery(database, clock, slack, draw=nothing).deliver(post_id) is Outcome.CANCELLED
    assert the_post(database, post_id).state == PostState.CANCELLED
    assert a_delivery(database, clock, slack).deliver(post_id) is Outcome.NOTHING_TO_DO
    assert slack.keys() == []
