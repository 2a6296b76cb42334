"""Channels made, filled, named, described and archived by the bot."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import Person
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, BOT, GONE, LIN, a_manifest
from tests.sandbox.conftest import web_client
from tests.sandbox.test_web_api_access import error_of

MANAGING = ("channels:manage", "groups:write")


@pytest.fixture
def sandbox(start: Callable[..., Sandbox]) -> Sandbox:
    return start(a_manifest(more_scopes=MANAGING))


def members(api: WebClient, channel: str) -> set[str]:
    return set(api.conversations_members(channel=channel)["members"])


def test_a_channel_is_made_with_the_bot_in_it(api: WebClient) -> None:
    made = api.conversations_create(name="plans")["channel"]

    assert (made["name"], made["creator"], made["is_member"], made["is_private"]) == (
        "plans",
        BOT,
        True,
        False,
    )
    assert members(api, made["id"]) == {BOT}


def test_a_private_channel_is_for_its_members_alone(api: WebClient, ada: Person, ben: Person) -> None:
    made = api.conversations_create(name="plans", is_private=True)["channel"]
    api.conversations_invite(channel=made["id"], users=[ADA])

    assert made["is_private"]
    assert ada.channel("plans") == made["id"]
    assert made["id"] not in [one["id"] for one in ben.conversations()]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Plans", "invalid_name_specials"),
        ("our plans", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("general", "name_taken"),
    ],
)
def test_names_that_a_channel_cannot_have(api: WebClient, name: str, error: str) -> None:
    assert error_of(lambda: api.conversations_create(name=name)) == error


def test_a_name_in_another_script(api: WebClient) -> None:
    assert api.conversations_create(name="销售-北区")["channel"]["name"] == "销售-北区"


def test_people_are_invited_together_or_not_at_all(api: WebClient) -> None:
    def invite(*users: str, **more: Any) -> Any:
        return lambda: api.conversations_invite(channel="C0LEADS", users=list(users), **more)

    assert error_of(invite(BEN, "U0NOBODY")) == "user_not_found"
    assert error_of(invite(BEN, GONE)) == "user_not_found"
    assert error_of(invite(BOT)) == "cant_invite_self"
    assert error_of(invite(ADA)) == "already_in_channel"
    assert members(api, "C0LEADS") == {ADA, BOT}

    invite(BEN, "U0NOBODY", force=True)()
    assert members(api, "C0LEADS") == {ADA, BEN, BOT}


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0RANDOM", "not_in_channel"),
        ("C0OLD", "is_archived"),
        ("C0SECRET", "channel_not_found"),
        (ADA, "channel_not_found"),
    ],
)
def test_channels_that_the_bot_cannot_invite_to(api: WebClient, channel: str, error: str) -> None:
    assert error_of(lambda: api.conversations_invite(channel=channel, users=[LIN])) == error


def test_nobody_is_invited_to_a_direct_message(api: WebClient) -> None:
    direct = api.conversations_open(users=ADA)["channel"]["id"]

    error = error_of(lambda: api.conversations_invite(channel=direct, users=[LIN]))
    assert error == "method_not_supported_for_channel_type"


def test_somebody_is_put_out(api: WebClient) -> None:
    api.conversations_kick(channel="C0LEADS", user=ADA)

    assert members(api, "C0LEADS") == {BOT}
    assert error_of(lambda: api.conversations_kick(channel="C0LEADS", user=ADA)) == "not_in_channel"
    assert error_of(lambda: api.conversations_kick(channel="C0LEADS", user=BOT)) == "cant_kick_self"
    assert error_of(lambda: api.conversations_kick(channel="C0GENERAL", user=ADA)) == "cant_kick_from_general"


def test_the_bot_leaves(api: WebClient) -> None:
    channel = api.conversations_create(name="plans")["channel"]["id"]

    assert api.conversations_leave(channel=channel)["ok"]
    assert api.conversations_leave(channel=channel)["not_in_channel"]
    assert error_of(lambda: api.conversations_leave(channel="C0GENERAL")) == "cant_leave_general"


def test_the_last_one_stays_in_a_private_channel(api: WebClient) -> None:
    channel = api.conversations_create(name="plans", is_private=True)["channel"]["id"]

    assert error_of(lambda: api.conversations_leave(channel=channel)) == "last_member"


def test_topic_and_purpose(api: WebClient, ada: Person) -> None:
    api.conversations_setTopic(channel="C0LEADS", topic="This week")
    api.conversations_setPurpose(channel="C0LEADS", purpose="Leads")

    shown = api.conversations_info(channel="C0LEADS")["channel"]
    assert (shown["topic"]["value"], shown["purpose"]["value"]) == ("This week", "Leads")
    assert ada.messages("leads")[0]["text"] == f"<@{BOT}> set the channel topic: This week"
    assert error_of(lambda: api.conversations_setTopic(channel="C0LEADS", topic="x" * 251)) == "too_long"


def test_only_its_maker_renames_a_channel(api: WebClient, ada: Person) -> None:
    channel = api.conversations_create(name="plans")["channel"]["id"]
    theirs = ada.create_channel("theirs", members=[BOT])

    assert api.conversations_rename(channel=channel, name="great-plans")["channel"]["name"] == "great-plans"
    assert error_of(lambda: api.conversations_rename(channel=theirs, name="ours")) == "not_authorized"


def test_an_archived_channel_can_come_back(api: WebClient) -> None:
    channel = api.conversations_create(name="plans")["channel"]["id"]

    api.conversations_archive(channel=channel)
    assert api.conversations_info(channel=channel)["channel"]["is_archived"]
    assert error_of(lambda: api.chat_postMessage(channel=channel, text="hi")) == "is_archived"
    assert error_of(lambda: api.conversations_archive(channel=channel)) == "already_archived"

    api.conversations_unarchive(channel=channel)
    assert api.chat_postMessage(channel=channel, text="hi")["ok"]
    assert error_of(lambda: api.conversations_unarchive(channel=channel)) == "not_archived"
    assert error_of(lambda: api.conversations_archive(channel="C0GENERAL")) == "cant_archive_general"


def test_scopes_for_one_purpose_are_enough(start: Callable[..., Sandbox]) -> None:
    narrow = ("channels:write.topic", "groups:write.topic", "groups:write.invites")
    api = web_client(start(a_manifest(more_scopes=narrow)))

    assert api.conversations_setTopic(channel="C0GENERAL", topic="Now")["ok"]
    assert api.conversations_invite(channel="C0LEADS", users=[BEN])["ok"]
    assert error_of(lambda: api.conversations_kick(channel="C0LEADS", user=BEN)) == "missing_scope"
    assert error_of(lambda: api.conversations_create(name="plans")) == "missing_scope"


def test_the_conversations_that_somebody_is_in(api: WebClient) -> None:
    kinds = "public_channel,private_channel"
    of_ben = api.users_conversations(user=BEN, types=kinds)["channels"]
    of_bot = api.users_conversations(types=kinds, exclude_archived=True)["channels"]

    assert {one["name"] for one in of_ben} == {"general", "random", "partner"}
    assert {one["name"] for one in of_bot} == {"general", "leads", "partner"}


def test_direct_messages_are_closed_and_read(api: WebClient) -> None:
    direct = api.conversations_open(users=ADA)["channel"]["id"]
    posted = api.chat_postMessage(channel=direct, text="hi")

    assert api.conversations_mark(channel=direct, ts=posted["ts"])["ok"]
    assert api.conversations_close(channel=direct)["ok"]
    error = error_of(lambda: api.conversations_close(channel="C0GENERAL"))
    assert error == "method_not_supported_for_channel_type"
