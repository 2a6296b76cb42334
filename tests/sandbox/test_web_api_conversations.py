"""People and conversations: finding, opening, joining, reading."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import Person
from tests.sandbox.builders import ADA, BEN, BOT, GONE, LIN
from tests.sandbox.test_web_api_access import error_of


def test_a_person_with_locale_and_time_zone(api: WebClient) -> None:
    user = api.users_info(user=LIN, include_locale=True)["user"]

    assert (user["locale"], user["tz"], user["tz_offset"]) == ("zh-CN", "Asia/Shanghai", 28800)
    assert user["profile"]["title"] == "客户经理"


def test_the_locale_is_told_only_if_asked_for(api: WebClient) -> None:
    assert "locale" not in api.users_info(user=LIN)["user"]


def test_people_are_found_by_email_in_any_case_unless_they_left(api: WebClient) -> None:
    assert api.users_lookupByEmail(email="BEN@EXAMPLE.COM")["user"]["id"] == BEN
    assert error_of(lambda: api.users_lookupByEmail(email="gone@example.com")) == "users_not_found"


def test_nobody_by_that_id(api: WebClient) -> None:
    assert error_of(lambda: api.users_info(user="U0NOBODY")) == "user_not_found"


def test_lists_come_in_pages(api: WebClient) -> None:
    seen: list[str] = []
    for page in api.users_list(limit=2):
        seen += [user["id"] for user in page["members"]]

    assert sorted(seen) == sorted([ADA, BEN, LIN, GONE, BOT])


def test_a_made_up_cursor_is_refused(api: WebClient) -> None:
    assert error_of(lambda: api.users_list(cursor="bm9uc2Vuc2U=")) == "invalid_cursor"
    assert error_of(lambda: api.users_list(cursor="?")) == "invalid_cursor"


def test_the_bot_sees_public_channels_and_the_private_ones_it_is_in(api: WebClient) -> None:
    listed = api.conversations_list(types="public_channel,private_channel", exclude_archived=True)["channels"]

    assert {one["name"]: one["is_member"] for one in listed} == {
        "general": True,
        "random": False,
        "leads": True,
        "partner": True,
    }


def test_a_private_channel_without_the_bot_does_not_exist_for_it(api: WebClient) -> None:
    assert error_of(lambda: api.conversations_info(channel="C0SECRET")) == "channel_not_found"
    assert error_of(lambda: api.chat_postMessage(channel="C0SECRET", text="hi")) == "channel_not_found"


def test_a_shared_channel_says_so(api: WebClient) -> None:
    assert api.conversations_info(channel="C0PARTNER")["channel"]["is_ext_shared"] is True
    assert api.conversations_info(channel="C0GENERAL")["channel"]["is_ext_shared"] is False


def test_the_members_of_a_private_channel(api: WebClient) -> None:
    assert api.conversations_members(channel="C0LEADS")["members"] == [ADA, BOT]


def test_a_direct_message_is_opened_once(api: WebClient) -> None:
    first = api.conversations_open(users=ADA)["channel"]["id"]
    again = api.conversations_open(users=[ADA], return_im=True)

    assert again["channel"]["id"] == first
    assert (again["channel"]["user"], again["already_open"]) == (ADA, True)


def test_a_message_to_several_people(api: WebClient) -> None:
    channel = api.conversations_open(users=[ADA, BEN])["channel"]["id"]

    assert set(api.conversations_members(channel=channel)["members"]) == {ADA, BEN, BOT}


def test_nobody_writes_to_those_who_left(api: WebClient) -> None:
    assert error_of(lambda: api.conversations_open(users=GONE)) == "user_disabled"
    assert error_of(lambda: api.chat_postMessage(channel=GONE, text="hi")) == "channel_not_found"


def test_joining_lets_the_bot_write(api: WebClient) -> None:
    assert error_of(lambda: api.chat_postMessage(channel="C0RANDOM", text="hi")) == "not_in_channel"

    api.conversations_join(channel="C0RANDOM")

    assert api.chat_postMessage(channel="C0RANDOM", text="hi")["ok"]
    assert api.conversations_join(channel="C0RANDOM")["warning"] == "already_in_channel"


def test_history_is_newest_first_and_read_in_pages(api: WebClient) -> None:
    for number in range(5):
        api.chat_postMessage(channel="C0GENERAL", text=str(number))

    first = api.conversations_history(channel="C0GENERAL", limit=3)
    rest = api.conversations_history(
        channel="C0GENERAL", limit=3, cursor=first["response_metadata"]["next_cursor"]
    )

    assert [one["text"] for one in first["messages"]] == ["4", "3", "2"]
    assert [one["text"] for one in rest["messages"]] == ["1", "0"]
    assert (first["has_more"], rest["has_more"]) == (True, False)


def test_oldest_and_latest_leave_out_the_ends_unless_inclusive(api: WebClient) -> None:
    sent = [api.chat_postMessage(channel="C0GENERAL", text=str(number))["ts"] for number in range(3)]
    between: dict[str, Any] = {"channel": "C0GENERAL", "oldest": sent[0], "latest": sent[2]}

    inner = api.conversations_history(**between)["messages"]
    whole = api.conversations_history(**between, inclusive=True)["messages"]

    assert [one["text"] for one in inner] == ["1"]
    assert [one["text"] for one in whole] == ["2", "1", "0"]


def test_metadata_is_in_the_history_only_if_asked_for(api: WebClient) -> None:
    key = {"event_type": "outbox", "event_payload": {"key": "alert:7:2026-01:3"}}
    api.chat_postMessage(channel=ADA, text="An alert", metadata=key)
    channel = api.conversations_open(users=ADA)["channel"]["id"]

    asked = api.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    not_asked = api.conversations_history(channel=channel)["messages"]

    assert asked[0]["metadata"] == key
    assert "metadata" not in not_asked[0]


def test_replies_are_in_the_thread_and_not_in_the_history(api: WebClient) -> None:
    parent = api.chat_postMessage(channel="C0GENERAL", text="question")["ts"]
    api.chat_postMessage(channel="C0GENERAL", text="answer", thread_ts=parent)

    history = api.conversations_history(channel="C0GENERAL")["messages"]
    thread = api.conversations_replies(channel="C0GENERAL", ts=parent)["messages"]

    assert [(one["text"], one["reply_count"]) for one in history] == [("question", 1)]
    assert [one["text"] for one in thread] == ["question", "answer"]
    assert error_of(lambda: api.conversations_replies(channel="C0GENERAL", ts="1.0")) == "thread_not_found"


@pytest.mark.parametrize(
    ("method", "arguments", "expected"),
    [
        ("conversations.history", {"channel": "C0RANDOM"}, "not_in_channel"),
        ("conversations.history", {"channel": "C0GENERAL", "oldest": "yesterday"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": "C0GENERAL", "limit": 1000}, "invalid_limit"),
        ("conversations.list", {"types": "secret_channel"}, "invalid_types"),
        ("conversations.join", {"channel": "C0LEADS"}, "method_not_supported_for_channel_type"),
        ("conversations.join", {"channel": "C0OLD"}, "is_archived"),
        ("conversations.open", {"users": BOT}, "cannot_dm_bot"),
        ("reactions.add", {"channel": "C0RANDOM", "timestamp": "1.0", "name": "eyes"}, "not_in_channel"),
        ("bots.info", {"bot": "B0NONE"}, "bot_not_found"),
        ("team.info", {"team": "T0NONE"}, "team_not_found"),
    ],
)
def test_calls_that_slack_refuses(
    api: WebClient, method: str, arguments: dict[str, Any], expected: str
) -> None:
    assert error_of(lambda: api.api_call(method, params=arguments)) == expected


def test_the_history_tells_of_edits_and_reactions(api: WebClient) -> None:
    ts = api.chat_postMessage(channel="C0GENERAL", text="before")["ts"]
    api.chat_update(channel="C0GENERAL", ts=ts, text="after")
    api.reactions_add(channel="C0GENERAL", timestamp=ts, name="eyes")

    (message,) = api.conversations_history(channel="C0GENERAL")["messages"]

    assert (message["text"], message["edited"]["user"]) == ("after", BOT)
    assert message["reactions"] == [{"name": "eyes", "users": [BOT], "count": 1}]


def test_user_groups_and_their_people(api: WebClient) -> None:
    group = api.usergroups_list(include_count=True)["usergroups"][0]

    assert (group["handle"], group["user_count"]) == ("sales", 2)
    assert api.usergroups_users_list(usergroup=group["id"])["users"] == [BEN, LIN]
    assert error_of(lambda: api.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"


def test_a_reaction_is_shown_once(api: WebClient, ada: Person) -> None:
    ts = api.chat_postMessage(channel="C0GENERAL", text="hi")["ts"]
    api.reactions_add(channel="C0GENERAL", timestamp=ts, name="eyes")

    assert ada.messages("general")[0]["reactions"] == {"eyes": [BOT]}
    again = error_of(lambda: api.reactions_add(channel="C0GENERAL", timestamp=ts, name="eyes"))
    assert again == "already_reacted"


def test_the_app_and_the_team_describe_themselves(api: WebClient) -> None:
    assert api.bots_info(bot="B0BOT")["bot"]["user_id"] == BOT
    assert api.team_info()["team"]["domain"] == "acme"
