"""Pictures: drawn and uploaded once, shown when Slack is ready with them."""

from datetime import timedelta

import pytest

from bot.delivery import Outcome
from domain.outbox import PostState
from tests.worker.delivery_builders import (
    a_delivery,
    a_post,
    lease_left,
    let_leases_run_out,
    the_post,
)
from tests.worker.fake_slack import FreePace

pytestmark = pytest.mark.usefixtures("company_with_outbox")


def test_a_chart_is_uploaded_once_and_shown_with_its_numbers(database, clock, slack) -> None:
    first = a_post(database, clock, "first", facts={"chart": "d1"})
    second = a_post(database, clock, "second", facts={"chart": "d1"})
    delivery = a_delivery(database, clock, slack)

    assert [delivery.deliver(first), delivery.deliver(second)] == [Outcome.SENT] * 2

    [upload] = slack.uploads
    assert (upload["content"], upload["alt_txt"]) == (b"png", "87 points")
    for message in slack.messages["DU0ADA"]:
        assert message["blocks"] == [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "87 points"}]


def test_a_chart_whose_file_was_deleted_is_uploaded_again(database, clock, slack) -> None:
    delivery = a_delivery(database, clock, slack)
    delivery.deliver(a_post(database, clock, "first", facts={"chart": "d1"}))
    slack.bad_day.append("invalid_blocks")
    second = a_post(database, clock, "second", facts={"chart": "d1"})

    assert delivery.deliver(second) is Outcome.WAITS
    let_leases_run_out(database)

    assert delivery.deliver(second) is Outcome.SENT
    assert slack.messages["DU0ADA"][1]["blocks"][0]["slack_file"] == {"id": "F2"}


def test_a_file_that_slack_still_works_on_is_waited_for_without_a_worker(database, clock, slack) -> None:
    slack.files_not_ready = 2
    post = a_post(database, clock, facts={"chart": "d1"})
    delivery = a_delivery(database, clock, slack)

    for _ in range(2):
        assert delivery.deliver(post) is Outcome.WAITS
        assert lease_left(database, post) <= timedelta(seconds=1)
        let_leases_run_out(database)

    assert delivery.deliver(post) is Outcome.SENT
    assert len(slack.uploads) == 1
    assert the_post(database, post).attempts == 1


def test_a_picture_that_another_worker_uploads_is_waited_for(database, clock, slack) -> None:
    pace = FreePace()
    pace.somebody_uploads = True
    post = a_post(database, clock, facts={"chart": "d1"})

    assert a_delivery(database, clock, slack, pace).deliver(post) is Outcome.WAITS

    assert slack.uploads == []
    assert the_post(database, post).state == PostState.QUEUED
