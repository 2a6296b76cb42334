"""A message that is to say something else is changed in its place, once it is there."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks.primitives import Message, actions, button
from bot.delivery import Delivery, Drawing, NothingToSay, Outcome
from domain.clock import FixedClock
from domain.database import Database, db_now_ms
from domain.errors import NotAllowed
from domain.jobs import Job, JobState, add_job
from domain.outbox import UPDATE_JOB, claim_post
from domain.sending import arrived, leaving_for
from tests.worker.delivery_builders import a_company, a_delivery, a_post, services_for
from tests.worker.fake_slack import FakeSlack
from worker.actors.sending import handlers
from worker.runner import JobRunner


def test_a_message_on_its_way_is_changed_once_it_is_there(database: Database, clock: FixedClock) -> None:
    # given: a message has left, and nobody knows yet that it is there
    a_company(database, clock)
    slack = FakeSlack()
    post_id = a_post(database, clock)
    with database.writing() as session:
        post = claim_post(session, post_id)
        assert post is not None
        leaving_for(session, post, "D1")
        job_id = add_job(session, clock, UPDATE_JOB, "update", {"post_id": post_id}).id
    runner = JobRunner(services_for(database, clock), handlers(a_delivery(database, clock, slack)))

    # when: it waits, and does not fail however often it comes
    for _ in range(4):
        runner.run(job_id)
        come_back(database)

    # then
    assert job(database, job_id).state == JobState.QUEUED
    assert "chat.update" not in slack.calls
    slack.messages["D1"].append({"ts": "1.0"})
    with database.writing() as session:
        arrived(session, post, "D1", "1.0")
    runner.run(job_id)
    assert job(database, job_id).state == JobState.DONE
    assert slack.calls.count("chat.update") == 1


@pytest.mark.parametrize("ended", [NothingToSay(), NotAllowed("It is not for you.")])
def test_a_message_that_is_no_news_any_more_keeps_neither_words_nor_buttons(
    database: Database, clock: FixedClock, ended: Exception
) -> None:
    # given a message in Slack, whose reader may not see by now what it tells
    a_company(database, clock)
    slack = FakeSlack()
    post_id = a_post(database, clock)
    assert a_delivery(database, clock, slack, draw=with_a_button).deliver(post_id) is Outcome.SENT

    def no_more(kind: str, facts: dict[str, Any], locale: str) -> Drawing:
        raise ended

    with database.writing() as session:
        job_id = add_job(session, clock, UPDATE_JOB, "update", {"post_id": post_id}).id
    delivery = a_delivery(database, clock, slack, draw=no_more)
    JobRunner(services_for(database, clock), handlers(delivery)).run(job_id)

    # then it says so, and the job is done
    (shown,) = slack.messages["DU0ADA"]
    assert job(database, job_id).state == JobState.DONE
    assert "This message is out of date" in shown["text"]
    assert {block["type"] for block in shown["blocks"]} == {"section"}


@pytest.mark.parametrize("event", ["429", "lost", "invalid_auth"])
def test_a_change_that_slack_does_not_take_just_now_is_made_later(
    database: Database, clock: FixedClock, event: str
) -> None:
    # given
    a_company(database, clock)
    slack = FakeSlack()
    delivery = a_delivery(database, clock, slack)
    job_id = a_change_of_a_sent_post(database, clock, delivery)
    slack.bad_day.extend([event] * 5)  # more often than a job is tried
    runner = JobRunner(services_for(database, clock), handlers(delivery))

    # when
    for _ in range(5):
        runner.run(job_id)
        assert job(database, job_id).state == JobState.QUEUED
        assert job(database, job_id).lease_until_ms > db_now(database)
        come_back(database)
    runner.run(job_id)

    # then
    assert job(database, job_id).state == JobState.DONE


def test_slack_says_how_long_a_change_waits(database: Database, clock: FixedClock) -> None:
    a_company(database, clock)
    slack = FakeSlack()
    delivery = a_delivery(database, clock, slack)
    job_id = a_change_of_a_sent_post(database, clock, delivery)
    slack.bad_day.append("429")
    slack.retry_after = 90
    JobRunner(services_for(database, clock), handlers(delivery)).run(job_id)
    assert job(database, job_id).lease_until_ms > db_now(database) + 60_000


def test_a_message_that_somebody_deleted_is_changed_no_more(database: Database, clock: FixedClock) -> None:
    a_company(database, clock)
    slack = FakeSlack()
    delivery = a_delivery(database, clock, slack)
    job_id = a_change_of_a_sent_post(database, clock, delivery)
    slack.bad_day.append("message_not_found")
    assert JobRunner(services_for(database, clock), handlers(delivery)).run(job_id)


def a_change_of_a_sent_post(database: Database, clock: FixedClock, delivery: Delivery) -> int:
    post_id = a_post(database, clock)
    assert delivery.deliver(post_id) is Outcome.SENT
    with database.writing() as session:
        return add_job(session, clock, UPDATE_JOB, "update", {"post_id": post_id}).id


def db_now(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(sa.select(db_now_ms())) or 0)


def with_a_button(kind: str, facts: dict[str, Any], locale: str) -> Drawing:
    return Drawing(lambda _: Message(kind, [actions(button("Confirm", "target.confirm", "1"))]))


def come_back(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.update(Job).values(lease_until_ms=db_now_ms() - 1))


def job(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)
