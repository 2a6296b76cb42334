"""Messages for later, pins, profiles, presence, emoji, reactions."""

import time
from collections.abc import Callable

import pytest
import requests
from slack_sdk import WebClient

from sandbox.client import Person
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, GONE, a_manifest
from tests.sandbox.test_web_api_access import error_of
from tests.sandbox.waiting import PATIENCE_S

SCOPES = ("emoji:read", "pins:read", "pins:write", "reactions:read", "users.profile:read")
NEVER = 10**10


@pytest.fixture
def sandbox(start: Callable[..., Sandbox]) -> Sandbox:
    return start(a_manifest(more_scopes=SCOPES))


def in_(seconds: float) -> int:
    return int(time.time() + seconds)


def test_a_scheduled_message_comes_later(api: WebClient, ada: Person) -> None:
    post_at = in_(4)

    scheduled = api.chat_scheduleMessage(channel="C0GENERAL", post_at=post_at, text="later")

    assert scheduled["post_at"] == post_at
    assert ada.messages("general") == []
    assert ada.wait_for(lambda one: one["text"] == "later", timeout=PATIENCE_S, channel="general")
    assert api.chat_scheduledMessages_list()["scheduled_messages"] == []


@pytest.mark.parametrize(("post_at", "error"), [(1, "time_in_past"), (NEVER, "time_too_far")])
def test_times_that_nothing_is_scheduled_for(api: WebClient, post_at: int, error: str) -> None:
    assert error_of(lambda: api.chat_scheduleMessage(channel="C0GENERAL", post_at=post_at, text="x")) == error


def test_what_is_scheduled_is_listed_and_taken_back(api: WebClient) -> None:
    later = api.chat_scheduleMessage(channel="C0GENERAL", post_at=in_(900), text="second")
    sooner = api.chat_scheduleMessage(channel="C0LEADS", post_at=in_(300), text="first")

    listed = api.chat_scheduledMessages_list()["scheduled_messages"]
    assert [(one["text"], one["channel_id"]) for one in listed] == [
        ("first", "C0LEADS"),
        ("second", "C0GENERAL"),
    ]
    in_leads = api.chat_scheduledMessages_list(channel="C0LEADS")["scheduled_messages"]
    assert [one["id"] for one in in_leads] == [sooner["scheduled_message_id"]]
    within = api.chat_scheduledMessages_list(oldest=str(in_(600)))["scheduled_messages"]
    assert [one["text"] for one in within] == ["second"]

    api.chat_deleteScheduledMessage(channel="C0GENERAL", scheduled_message_id=later["scheduled_message_id"])
    assert [one["text"] for one in api.chat_scheduledMessages_list()["scheduled_messages"]] == ["first"]


def test_what_cannot_be_taken_back(api: WebClient) -> None:
    soon = api.chat_scheduleMessage(channel="C0GENERAL", post_at=in_(30), text="soon")["scheduled_message_id"]
    later = api.chat_scheduleMessage(channel="C0LEADS", post_at=in_(900), text="l")["scheduled_message_id"]

    for scheduled in (soon, later, "Q1"):
        error = error_of(
            lambda scheduled=scheduled: api.chat_deleteScheduledMessage(
                channel="C0GENERAL", scheduled_message_id=scheduled
            )
        )
        assert error == "invalid_scheduled_message_id"


def test_pins(api: WebClient) -> None:
    posted = api.chat_postMessage(channel="C0GENERAL", text="Pin me")["ts"]

    api.pins_add(channel="C0GENERAL", timestamp=posted)

    (item,) = api.pins_list(channel="C0GENERAL")["items"]
    assert (item["type"], item["message"]["text"]) == ("message", "Pin me")
    assert item["message"]["pinned_to"] == ["C0GENERAL"]
    assert api.conversations_history(channel="C0GENERAL")["pin_count"] == 1
    assert error_of(lambda: api.pins_add(channel="C0GENERAL", timestamp=posted)) == "already_pinned"
    assert error_of(lambda: api.pins_add(channel="C0GENERAL")) == "no_item_specified"

    api.pins_remove(channel="C0GENERAL", timestamp=posted)
    assert api.pins_list(channel="C0GENERAL")["items"] == []
    assert error_of(lambda: api.pins_remove(channel="C0GENERAL", timestamp=posted)) == "no_pin"


def test_reactions(api: WebClient, ada: Person) -> None:
    posted = api.chat_postMessage(channel="C0GENERAL", text="Nice")["ts"]
    ada.react(ada.messages("general")[0], "eyes")
    api.reactions_add(channel="C0GENERAL", timestamp=posted, name="eyes")

    message = api.reactions_get(channel="C0GENERAL", timestamp=posted)["message"]
    assert message["reactions"] == [{"name": "eyes", "users": [ADA, "U0BOT"], "count": 2}]

    api.reactions_remove(channel="C0GENERAL", timestamp=posted, name="eyes")
    assert ada.messages("general")[0]["reactions"] == {"eyes": [ADA]}
    again = error_of(lambda: api.reactions_remove(channel="C0GENERAL", timestamp=posted, name="eyes"))
    assert again == "no_reaction"
    assert error_of(lambda: api.reactions_get()) == "no_item_specified"


def test_profiles_and_presence(api: WebClient) -> None:
    assert api.users_profile_get(user=BEN)["profile"]["real_name"] == "Ben Fischer"
    assert api.users_profile_get(user=BEN)["profile"]["email"] == "Ben@example.com"
    assert api.users_getPresence(user=BEN)["presence"] == "active"
    assert api.users_getPresence(user=GONE)["presence"] == "away"


def test_a_profile_has_a_picture_that_can_be_fetched(api: WebClient) -> None:
    picture = api.users_info(user=BEN)["user"]["profile"]["image_72"]

    shown = requests.get(picture, timeout=PATIENCE_S)

    assert shown.headers["Content-Type"].startswith("image/svg+xml")
    assert ">BF<" in shown.text


def test_there_are_no_emoji_of_ones_own(api: WebClient) -> None:
    assert api.emoji_list()["emoji"] == {}
