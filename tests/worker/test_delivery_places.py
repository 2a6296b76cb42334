"""Where a post goes: who may read it there, in which language, and what happens where it may not."""

import pytest

from bot.blocks.actions import DELIVERY_NOTE
from bot.delivery import Outcome, privacy
from domain.people.model import Person, Role
from tests.worker.delivery_builders import (
    ADA,
    BEN,
    CY,
    RememberingLocales,
    a_delivery,
    a_post,
    the_post,
)

pytestmark = pytest.mark.usefixtures("company_with_outbox")


def test_a_post_for_a_private_channel_goes_there_by_its_name(database, clock, slack) -> None:
    slack.with_channel("C0OTHER", "others").with_channel("C0LEADS", "leads", {"U0BEN"})
    post = a_post(database, clock, channel="#leads", facts={"about": [ADA], "recipients": [BEN]})

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.SENT
    assert list(slack.messages) == ["C0LEADS"]


@pytest.mark.parametrize(
    ("info", "members", "why"),
    [
        ({"is_private": False}, set(), "which others can read"),
        ({"is_ext_shared": True}, set(), "which others can read"),
        ({}, {"U0BEN", "U0ADA"}, "which others can read"),
        ({"is_archived": True}, set(), "which I cannot post to"),
    ],
    ids=["public", "shared with another company", "the person is in it", "archived"],
)
def test_a_channel_that_may_not_show_it_is_refused_for_a_direct_message(
    database, clock, slack, info, members, why
) -> None:
    slack.with_channel("C0LEADS", "leads", members, **info)
    post = a_post(database, clock, channel="C0LEADS", facts={"about": [ADA], "recipients": [CY, BEN]})

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.SENT

    assert list(slack.messages) == ["DU0BEN"]  # Cy is not in Slack: the next one gets it
    [message] = slack.messages["DU0BEN"]
    assert message["blocks"][0]["block_id"] == DELIVERY_NOTE
    note = message["blocks"][0]["elements"][0]["text"]
    assert note == f"This was meant for the channel C0LEADS, {why}. It comes to you instead."


ABOUT_ADA = {"about": [ADA], "recipients": [BEN, CY], "month": "2026-06"}


@pytest.mark.parametrize("stranger", ["U0ROOT", "U0GUEST"], ids=["an administrator", "nobody we know"])
def test_a_channel_with_somebody_who_may_not_see_the_cards_is_too_wide(
    database, clock, slack, stranger
) -> None:
    slack.people["root@example.com"] = "U0ROOT"
    slack.with_channel("C0LEADS", "leads", {"U0BEN", stranger})
    post = a_post(database, clock, channel="leads", facts=ABOUT_ADA)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.SENT
    assert list(slack.messages) == ["DU0BEN"]


def test_managers_above_and_bots_do_not_make_a_channel_too_wide(database, clock, slack) -> None:
    slack.people["cy@example.com"] = "U0CY"
    slack.with_channel("C0LEADS", "leads", {"U0BEN", "U0CY", "U0BOT"})
    post = a_post(database, clock, channel="leads", facts=ABOUT_ADA)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.SENT
    assert list(slack.messages) == ["C0LEADS"]


def test_a_thread_whose_channel_somebody_joined_meanwhile_goes_on_elsewhere(
    database, clock, slack, monkeypatch
) -> None:
    monkeypatch.setattr(privacy, "FOUND_FIT_FOR_S", 0.0)
    slack.with_channel("C0LEADS", "leads", {"U0BEN"})
    parent = a_post(database, clock, "parent", channel="leads", facts=ABOUT_ADA)
    answer = a_post(database, clock, "answer", thread_of_id=parent)
    delivery = a_delivery(database, clock, slack)
    delivery.deliver(parent)
    slack.members["C0LEADS"].add("U0ADA")

    assert delivery.deliver(answer) is Outcome.SENT

    [message] = slack.messages["DU0BEN"]
    assert message["thread_ts"] is None


def test_a_demoted_manager_is_not_told_instead(database, clock, slack) -> None:
    slack.people["cy@example.com"] = "U0CY"
    slack.with_channel("C0LEADS", "leads", is_private=False)
    with database.writing() as session:
        session.get_one(Person, BEN).role = Role.REP
    post = a_post(database, clock, channel="leads", facts=ABOUT_ADA)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.SENT
    assert list(slack.messages) == ["DU0CY"]


def test_a_message_follows_the_readers_language_in_slack(database, clock, slack) -> None:
    slack.users["U0ADA"] = {"locale": "zh-CN"}
    draw = RememberingLocales()

    a_delivery(database, clock, slack, draw=draw).deliver(a_post(database, clock))

    assert draw.locales == ["zh-CN"]


def test_where_slack_names_no_language_the_imported_one_counts(database, clock, slack) -> None:
    with database.writing() as session:
        session.get_one(Person, ADA).locale = "zh-CN"
    draw = RememberingLocales()

    a_delivery(database, clock, slack, draw=draw).deliver(a_post(database, clock))

    assert draw.locales == ["zh-CN"]


def test_a_thread_and_an_update_keep_the_language_of_who_was_told_instead(database, clock, slack) -> None:
    slack.users["U0BEN"] = {"locale": "zh-CN"}
    slack.with_channel("C0LEADS", "leads", is_private=False)
    parent = a_post(database, clock, "parent", channel="leads", facts=ABOUT_ADA)
    answer = a_post(database, clock, "answer", thread_of_id=parent)
    draw = RememberingLocales()
    a_delivery(database, clock, slack, draw=draw).deliver(parent)

    another_process = a_delivery(database, clock, slack, draw=draw)
    another_process.deliver(answer)
    another_process.update(parent)

    assert draw.locales == ["zh-CN"] * 3
    assert slack.messages["DU0BEN"][1]["thread_ts"] == slack.messages["DU0BEN"][0]["ts"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({BEN: {"email": "ada@example.com"}}, "nor an e-mail address of their own"),
        ({BEN: {"slack_id": "U0ADA"}}, "is somebody else's"),
    ],
    ids=["two share the address", "Slack knows it as another's"],
)
def test_nobody_reads_what_is_for_another_with_the_same_address(database, clock, slack, changes, why) -> None:
    with database.writing() as session:
        for person_id, values in changes.items():
            for name, value in values.items():
                setattr(session.get_one(Person, person_id), name, value)
    post = a_post(database, clock)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.FAILED
    assert why in str(the_post(database, post).problem)


def test_an_address_that_slack_does_not_vouch_for_is_nobodys(database, clock, slack) -> None:
    slack.users["U0ADA"] = {"is_email_confirmed": False}
    post = a_post(database, clock)

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.FAILED


def test_a_private_channel_by_its_id_gets_its_messages(database, clock, slack) -> None:
    slack.with_channel("C0LEADS", "leads", {"U0BEN"})
    post = a_post(database, clock, channel="C0LEADS", facts={"about": [ADA], "recipients": [BEN]})

    assert a_delivery(database, clock, slack).deliver(post) is Outcome.SENT
    assert list(slack.messages) == ["C0LEADS"]


def test_an_answer_whose_thread_was_never_begun_goes_where_it_should_have_been(
    database, clock, slack
) -> None:
    slack.with_channel("C0LEADS", "leads")
    slack.bad_day.append("msg_too_long")
    parent = a_post(database, clock, "parent", channel="C0LEADS")
    answer = a_post(database, clock, "answer", thread_of_id=parent)
    delivery = a_delivery(database, clock, slack)

    assert [delivery.deliver(parent), delivery.deliver(answer)] == [Outcome.FAILED, Outcome.SENT]
    [message] = slack.messages["C0LEADS"]
    assert message["thread_ts"] is None
