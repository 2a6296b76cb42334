"""chat.*: posting, changing, deleting; what is refused, and how fast is too fast."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Operator, Person
from sandbox.rate_limits import POSTING_BURST
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, a_manifest, actions, button, section
from tests.sandbox.conftest import SetClock, web_client
from tests.sandbox.test_web_api_access import error_of


def test_a_posted_message_is_seen_by_those_who_may(api: WebClient, ada: Person, ben: Person) -> None:
    posted = api.chat_postMessage(channel="C0LEADS", text="For leads", blocks=[section("*For leads*")])

    seen = ada.messages("leads")

    assert [(one["ts"], one["text"], one["user"]) for one in seen] == [(posted["ts"], "For leads", "U0BOT")]
    assert seen[0]["blocks"][0]["block_id"]
    assert "leads" not in {one["name"] for one in ben.conversations()}


def test_a_message_to_a_person_lands_in_their_direct_message(
    api: WebClient, ada: Person, ben: Person
) -> None:
    api.chat_postMessage(channel=ADA, text="Only for Ada")

    assert [one["text"] for one in ada.messages()] == ["Only for Ada"]
    assert ben.messages() == []
    assert next(one for one in ada.conversations() if one["kind"] == "app")["unread"] == 1


def test_an_ephemeral_message_is_seen_by_one_person_and_is_in_no_history(
    api: WebClient, ada: Person, ben: Person
) -> None:
    api.chat_postEphemeral(channel="C0GENERAL", user=ADA, text="Psst")

    assert [(one["text"], one["ephemeral"]) for one in ada.messages("general")] == [("Psst", True)]
    assert ben.messages("general") == []
    assert api.conversations_history(channel="C0GENERAL")["messages"] == []


def test_an_ephemeral_message_is_only_for_members(api: WebClient) -> None:
    refused = error_of(lambda: api.chat_postEphemeral(channel="C0LEADS", user=BEN, text="Psst"))

    assert refused == "user_not_in_channel"


def test_an_update_keeps_what_it_does_not_mention(api: WebClient, ada: Person) -> None:
    posted = api.chat_postMessage(channel="C0GENERAL", text="before", blocks=[section("shown")])

    updated = api.chat_update(channel="C0GENERAL", ts=posted["ts"], text="after")

    seen = ada.messages("general")[0]
    assert (seen["text"], seen["blocks"][0]["text"]["text"]) == ("after", "shown")
    assert updated["ts"] == posted["ts"]
    assert seen["edited"]["ts"] > posted["ts"]


def test_an_empty_list_takes_the_blocks_away(api: WebClient, ada: Person) -> None:
    posted = api.chat_postMessage(channel="C0GENERAL", text="before", blocks=[section("shown")])

    api.chat_update(channel="C0GENERAL", ts=posted["ts"], text="after", blocks=[])

    assert "blocks" not in ada.messages("general")[0]


def test_a_deleted_message_is_gone(api: WebClient, ada: Person) -> None:
    posted = api.chat_postMessage(channel="C0GENERAL", text="oops")

    api.chat_delete(channel="C0GENERAL", ts=posted["ts"])

    assert ada.messages("general") == []
    assert error_of(lambda: api.chat_delete(channel="C0GENERAL", ts=posted["ts"])) == "message_not_found"


def test_what_a_person_wrote_is_theirs(api: WebClient, ada: Person) -> None:
    ts = ada.say("mine", "general")

    assert error_of(lambda: api.chat_update(channel="C0GENERAL", ts=ts, text="x")) == "cant_update_message"
    assert error_of(lambda: api.chat_delete(channel="C0GENERAL", ts=ts)) == "cant_delete_message"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"channel": "C0NOWHERE", "text": "hi"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "hi"}, "is_archived"),
        ({"channel": "C0GENERAL"}, "no_text"),
        ({"channel": "C0GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0GENERAL", "text": "hi", "thread_ts": "1.0"}, "thread_not_found"),
        ({"channel": "C0GENERAL", "text": "hi", "blocks": [{"type": "shout"}]}, "invalid_blocks"),
        ({"channel": "C0GENERAL", "text": "hi", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C0GENERAL", "text": "hi", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": "C0GENERAL", "text": "hi", "username": "Someone"}, "missing_scope"),
        ({"text": "hi"}, "invalid_arguments"),
    ],
)
def test_messages_that_slack_refuses(api: WebClient, arguments: dict[str, Any], expected: str) -> None:
    assert error_of(lambda: api.api_call("chat.postMessage", json=arguments)) == expected


def test_all_blocks_of_a_message_have_a_limit_together(api: WebClient) -> None:
    """https://github.com/slackapi/bolt-js/issues/2509"""
    fitting, too_long = [section("x" * 2_500)] * 4, [section("x" * 2_700)] * 5
    ts = api.chat_postMessage(channel="C0GENERAL", text="hi", blocks=fitting)["ts"]

    posted = error_of(lambda: api.chat_postMessage(channel="C0GENERAL", text="hi", blocks=too_long))
    edited = error_of(lambda: api.chat_update(channel="C0GENERAL", ts=ts, text="hi", blocks=too_long))

    assert (posted, edited) == ("msg_blocks_too_long", "msg_blocks_too_long")


def test_an_edited_text_has_a_shorter_limit(api: WebClient) -> None:
    ts = api.chat_postMessage(channel="C0GENERAL", text="short")["ts"]

    assert error_of(lambda: api.chat_update(channel="C0GENERAL", ts=ts, text="x" * 4001)) == "msg_too_long"


def test_a_refusal_of_blocks_points_to_the_place(api: WebClient) -> None:
    blocks = [section(), actions(button(text="x" * 76))]

    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel="C0GENERAL", text="hi", blocks=blocks)

    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"
    ]


def test_no_direct_messages_where_the_messages_tab_is_off(start: Callable[..., Sandbox]) -> None:
    sandbox = start(a_manifest(app_home={"home_tab_enabled": True, "messages_tab_enabled": False}))

    assert error_of(lambda: web_client(sandbox).chat_postMessage(channel=ADA, text="hi")) == (
        "messages_tab_disabled"
    )


def test_a_scope_lets_the_bot_write_where_it_is_not(start: Callable[..., Sandbox]) -> None:
    api = web_client(start(a_manifest(more_scopes=("chat:write.public",))))

    assert api.chat_postMessage(channel="C0RANDOM", text="hi")["ok"]


def test_more_than_a_burst_to_one_channel_has_to_wait(
    start: Callable[..., Sandbox], set_clock: SetClock
) -> None:
    api = web_client(start(clock=set_clock))
    for _ in range(POSTING_BURST):
        api.chat_postMessage(channel="C0GENERAL", text="hi")

    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel="C0GENERAL", text="one too many")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert api.chat_postMessage(channel="C0LEADS", text="another channel")["ok"]

    set_clock.advance(1)
    assert api.chat_postMessage(channel="C0GENERAL", text="a second later")["ok"]
    assert error_of(lambda: api.chat_postMessage(channel="C0GENERAL", text="and again")) == "ratelimited"


def test_the_limit_on_posting_can_be_switched_off(api: WebClient, operator: Operator) -> None:
    operator.faults(rate_limits=False)

    for _ in range(POSTING_BURST + 5):
        api.chat_postMessage(channel="C0GENERAL", text="hi")


def test_a_permalink(sandbox: Sandbox, api: WebClient) -> None:
    ts = api.chat_postMessage(channel="C0GENERAL", text="hi")["ts"]

    link = api.chat_getPermalink(channel="C0GENERAL", message_ts=ts)["permalink"]

    assert link == f"{sandbox.url}/archives/C0GENERAL/p{ts.replace('.', '')}"
    assert (
        error_of(lambda: api.chat_getPermalink(channel="C0GENERAL", message_ts="1.0")) == "message_not_found"
    )
