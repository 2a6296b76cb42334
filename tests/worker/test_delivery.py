"""Each post is sent once, whatever Slack and the worker do in between."""

import threading
from datetime import timedelta

import pytest

from bot.delivery import Delivery, Outcome
from domain.outbox import PostState, add_post
from domain.people.model import Company, Person
from domain.sending import PostLost, claim_due_post, leaving_for, put_back
from tests.worker.delivery_builders import (
    ADA,
    CY,
    ROOT,
    a_delivery,
    a_post,
    draw,
    failed_notices,
    lease_left,
    let_leases_run_out,
    services_for,
    the_post,
)
from tests.worker.fake_slack import FreePace, Killed

pytestmark = pytest.mark.usefixtures("company_with_outbox")


def test_a_post_goes_to_the_persons_direct_messages_with_its_key(database, clock, slack) -> None:
    post = a_post(database, clock, "hello")

    outcome = a_delivery(database, clock, slack).deliver(post)

    assert outcome is Outcome.SENT
    [message] = slack.messages["DU0ADA"]
    assert message["text"] == "note"
    assert message["metadata"] == {"event_type": "pacesetter_post", "event_payload": {"key": "hello"}}
    kept = the_post(database, post)
    assert (kept.state, kept.sent_channel, kept.sent_ts) == (PostState.SENT, "DU0ADA", message["ts"])
    with database.reading() as session:
        assert session.get_one(Person, ADA).slack_id == "U0ADA"


def test_a_sent_post_is_not_sent_again(database, clock, slack) -> None:
    post = a_post(database, clock)
    delivery = a_delivery(database, clock, slack)
    delivery.deliver(post)

    assert delivery.deliver(post) is Outcome.NOTHING_TO_DO
    assert slack.keys() == ["hello"]


def test_a_lost_reply_is_looked_for_before_anything_else(database, clock, slack) -> None:
    slack.bad_day.append("lost")
    post = a_post(database, clock)
    delivery = a_delivery(database, clock, slack)
    a_post(database, clock, "another")
    assert delivery.deliver(post) is Outcome.WAITS
    assert delivery.deliver(post) is Outcome.NOTHING_TO_DO  # its lease still runs
    delivery.deliver(post + 1)

    let_leases_run_out(database)

    assert delivery.deliver(post) is Outcome.FOUND
    assert sorted(slack.keys()) == ["another", "hello"]
    assert the_post(database, post).sent_ts == slack.messages["DU0ADA"][0]["ts"]


def test_a_request_that_never_arrived_is_sent_again(database, clock, slack) -> None:
    slack.bad_day.append("unheard")
    post = a_post(database, clock)
    delivery = a_delivery(database, clock, slack)
    delivery.deliver(post)

    let_leases_run_out(database)

    assert delivery.deliver(post) is Outcome.SENT
    assert slack.keys() == ["hello"]


@pytest.mark.parametrize("moment", ["killed before", "killed after"])
def test_a_worker_killed_around_the_request_costs_no_message_and_doubles_none(
    database, clock, slack, moment
) -> None:
    slack.bad_day.append(moment)
    post = a_post(database, clock)
    with pytest.raises(Killed):
        a_delivery(database, clock, slack).deliver(post)

    let_leases_run_out(database)
    a_delivery(database, clock, slack).deliver(post)

    assert slack.keys() == ["hello"]
    assert the_post(database, post).state == PostState.SENT


def test_a_reply_lost_in_a_thread_is_looked_for_in_the_thread(database, clock, slack) -> None:
    parent = a_post(database, clock, "parent")
    answer = a_post(database, clock, "answer", thread_of_id=parent)
    delivery = a_delivery(database, clock, slack)
    delivery.deliver(parent)
    slack.bad_day.append("lost")
    delivery.deliver(answer)

    let_leases_run_out(database)

    assert delivery.deliver(answer) is Outcome.FOUND
    assert slack.messages["DU0ADA"][1]["thread_ts"] == slack.messages["DU0ADA"][0]["ts"]


def test_only_one_searches_a_conversation_at_a_time(database, clock, slack) -> None:
    pace = FreePace()
    slack.bad_day.append("lost")
    post = a_post(database, clock)
    delivery = a_delivery(database, clock, slack, pace)
    delivery.deliver(post)
    let_leases_run_out(database)

    pace.somebody_looks = True
    assert delivery.deliver(post) is Outcome.WAITS
    pace.somebody_looks = False
    let_leases_run_out(database)

    assert delivery.deliver(post) is Outcome.FOUND


def test_retry_after_is_honoured_on_the_databases_clock(database, clock, slack) -> None:
    pace = FreePace()
    slack.bad_day.append("429")
    post = a_post(database, clock)

    outcome = a_delivery(database, clock, slack, pace).deliver(post)

    assert outcome is Outcome.WAITS
    assert timedelta(seconds=5) < lease_left(database, post) <= timedelta(seconds=slack.retry_after)
    assert pace.held == {"DU0ADA": 7_000}
    kept = the_post(database, post)
    assert (kept.state, kept.attempts) == (PostState.QUEUED, 0)

    let_leases_run_out(database)
    a_delivery(database, clock, slack).deliver(post)
    assert slack.keys() == ["hello"]
    assert "conversations.history" not in slack.calls  # it was certain that nothing had been posted


def test_a_busy_conversation_puts_the_post_back(database, clock, slack) -> None:
    pace = FreePace()
    pace.waits["DU0ADA"] = 900
    post = a_post(database, clock)

    assert a_delivery(database, clock, slack, pace).deliver(post) is Outcome.WAITS

    assert slack.keys() == []
    assert lease_left(database, post) <= timedelta(milliseconds=900)
    assert the_post(database, post).state == PostState.QUEUED


@pytest.mark.parametrize("code", ["invalid_blocks", "is_archived", "missing_scope", "user_not_found"])
def test_a_final_error_ends_the_post_and_tells_the_admin(database, clock, slack, code) -> None:
    slack.bad_day.append(code)
    post = a_post(database, clock)

    outcome = a_delivery(database, clock, slack).deliver(post)

    assert outcome is Outcome.FAILED
    kept = the_post(database, post)
    assert kept.state == PostState.FAILED
    assert code in str(kept.problem)
    [notice] = failed_notices(database)
    assert (notice.person_id, notice.facts["post_id"]) == (ROOT, post)


def test_a_notice_that_fails_brings_no_further_notice(database, clock, slack) -> None:
    post = a_post(database, clock, kind="post_failed", person_id=CY)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.FAILED
    assert [notice.id for notice in failed_notices(database)] == [post]


def test_a_revoked_token_keeps_the_post_waiting(database, clock, slack) -> None:
    slack.bad_day.append("token_revoked")
    post = a_post(database, clock)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.WAITS
    assert the_post(database, post).state == PostState.QUEUED


def test_a_person_unknown_to_slack_is_shown_to_the_admin(database, clock, slack) -> None:
    post = a_post(database, clock, person_id=CY)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.FAILED
    assert "users_not_found" in str(the_post(database, post).problem)


def test_whoever_has_a_task_from_a_failure_hears_of_it(database, clock, slack) -> None:
    failed: list[str] = []
    post = a_post(database, clock, person_id=CY)
    delivery = Delivery(
        services_for(database, clock),
        slack,
        draw,
        FreePace(),
        on_failure=lambda session, clock, post: failed.append(post.key),
    )

    delivery.deliver(post)

    assert failed == ["hello"]


def test_a_post_that_keeps_killing_its_workers_is_given_up(database, clock, slack) -> None:
    post = a_post(database, clock)
    slack.bad_day.extend(["killed before"] * 10)
    for _ in range(10):
        with pytest.raises(Killed):
            a_delivery(database, clock, slack).deliver(post)
        let_leases_run_out(database)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.FAILED
    assert slack.keys() == []


def test_nothing_leaves_while_sending_is_paused(database, clock, slack) -> None:
    post = a_post(database, clock)
    delivery = a_delivery(database, clock, slack)
    with database.writing() as session:
        session.get_one(Company, 1).paused_at = clock.now()

    assert delivery.deliver(post) is Outcome.NOTHING_TO_DO
    with database.writing() as session:
        session.get_one(Company, 1).paused_at = None

    assert delivery.deliver(post) is Outcome.SENT


def test_a_post_waits_for_its_time_and_for_the_one_before_it(database, clock, slack) -> None:
    first = a_post(database, clock, "first", not_before=clock.now() + timedelta(hours=1))
    second = a_post(database, clock, "second", after_id=first)
    delivery = a_delivery(database, clock, slack)
    assert [delivery.deliver(first), delivery.deliver(second)] == [Outcome.NOTHING_TO_DO] * 2

    clock.at += timedelta(hours=1)

    assert [delivery.deliver(first), delivery.deliver(second)] == [Outcome.SENT] * 2


def test_what_changed_later_is_updated_in_place(database, clock, slack) -> None:
    post = a_post(database, clock)
    delivery = a_delivery(database, clock, slack)
    assert delivery.update(post) is False  # not sent yet
    delivery.deliver(post)
    with database.writing() as session:
        session.get_one(type(the_post(database, post)), post).kind = "withdrawn"

    assert delivery.update(post) is True
    assert [message["text"] for message in slack.messages["DU0ADA"]] == ["withdrawn"]


def test_a_worker_that_was_overtaken_does_not_send(database, clock, slack) -> None:
    post = a_post(database, clock)
    slow, quick = a_delivery(database, clock, slack), a_delivery(database, clock, slack)
    outcomes = []

    def overtake() -> None:
        slack.before_opening = None
        let_leases_run_out(database)
        outcomes.append(quick.deliver(post))

    slack.before_opening = overtake
    outcomes.append(slow.deliver(post))

    assert outcomes == [Outcome.SENT, Outcome.LOST]
    assert slack.keys() == ["hello"]


def test_an_overtaken_worker_does_not_send_what_another_put_back_uncertain(database, clock) -> None:
    """The number of its try is free again, and the post is still on its way."""
    with database.writing() as session:
        post_id = add_post(session, clock, key="hello", kind="note", facts={}, channel="C1").id
        overtaken = claim_due_post(session, clock, post_id, lease_ms=-1)
    assert overtaken is not None
    threading.Event().wait(0.01)
    with database.writing() as session:
        faster = claim_due_post(session, clock, post_id)
        assert faster is not None
        leaving_for(session, faster, "C1")
        put_back(session, faster, 60_000, may_have_left=True, problem="no certain answer")

    with pytest.raises(PostLost), database.writing() as session:
        leaving_for(session, overtaken, "C1")
