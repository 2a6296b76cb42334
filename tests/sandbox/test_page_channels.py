"""The page's API for conversations: who writes to whom, who joins, what one puts away."""

import queue
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.client import Person, RefusedError
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, BOT, LIN, a_manifest
from tests.sandbox.conftest import web_client
from tests.sandbox.waiting import PATIENCE_S


def test_a_direct_message_is_made_once_and_seen_by_its_people(ada: Person, ben: Person) -> None:
    lin = Person(ada.url, LIN)

    direct = ada.open_direct(BEN)
    ada.say("Coffee?", direct)

    assert ben.open_direct(ADA) == direct
    assert [one["text"] for one in ben.messages(direct)] == ["Coffee?"]
    with pytest.raises(RefusedError, match="sees no channel"):
        lin.messages(direct)


def test_several_people_talk_in_a_group(ada: Person, ben: Person) -> None:
    group = ada.open_direct(BEN, LIN)

    entry = next(one for one in ben.conversations() if one["id"] == group)

    assert entry["kind"] == "mpim"
    assert entry["members"] == sorted([ADA, BEN, LIN])


@pytest.mark.parametrize(
    ("others", "sentence"),
    [((), "Name somebody else"), ((ADA,), "Name somebody else"), (("U0NOBODY",), "has no user U0NOBODY")],
)
def test_a_direct_message_needs_somebody_else(ada: Person, others: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        ada.open_direct(*others)


def test_one_joins_a_public_channel_and_may_speak_there(ada: Person) -> None:
    lin = Person(ada.url, LIN)
    with pytest.raises(RefusedError, match="not in this conversation"):
        lin.say("Hello", "random")

    lin.add_members("random", LIN)
    lin.say("Hello", "random")

    assert ada.messages("random")[-1]["text"] == "Hello"


def test_nobody_is_added_to_a_direct_message(ada: Person) -> None:
    with pytest.raises(RefusedError, match="Nobody can be added"):
        ada.add_members(ada.open_direct(BEN), LIN)


def test_the_app_hears_of_its_own_arrival(
    start: Callable[..., Sandbox], connect: Callable[[Sandbox, App], Any]
) -> None:
    manifest = a_manifest()
    manifest["settings"]["event_subscriptions"]["bot_events"].append("member_joined_channel")
    sandbox = start(manifest)
    bolt = App(client=web_client(sandbox), process_before_response=True)
    heard: queue.Queue[dict[str, Any]] = queue.Queue()
    bolt.event("member_joined_channel")(lambda event: heard.put(event))
    connect(sandbox, bolt)

    Person(sandbox.url, ADA).add_members("random", BOT)

    event = heard.get(timeout=PATIENCE_S)
    assert {key: event[key] for key in ("type", "user", "channel", "channel_type", "inviter")} == {
        "type": "member_joined_channel",
        "user": BOT,
        "channel": "C0RANDOM",
        "channel_type": "C",
        "inviter": ADA,
    }


def test_a_private_answer_can_be_put_away(api: WebClient, ada: Person, ben: Person) -> None:
    api.chat_postEphemeral(channel="C0GENERAL", user=ADA, text="Only you")
    (answer,) = ada.messages("general")

    with pytest.raises(RefusedError, match="not there any more"):
        ben.dismiss(answer)
    ada.dismiss(answer)

    assert ada.messages("general") == []


def test_what_everyone_sees_cannot_be_put_away(api: WebClient, ada: Person) -> None:
    api.chat_postMessage(channel="C0GENERAL", text="For all")

    with pytest.raises(RefusedError, match="visible to you alone"):
        ada.dismiss(ada.messages("general")[-1])
