"""Who may call what: tokens, kinds of token, scopes."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, APP_TOKEN, BOT, BOT_TOKEN, a_manifest
from tests.sandbox.conftest import web_client


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_a_bot_token_tells_who_it_is(api: WebClient) -> None:
    answer = api.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT, "B0BOT", "T0TEAM")


def test_an_app_token_tells_which_app_it_is(sandbox: Sandbox) -> None:
    assert web_client(sandbox, APP_TOKEN).auth_test()["app_id"] == "A0APP"


def test_a_call_without_a_token_is_not_authed(sandbox: Sandbox) -> None:
    assert error_of(web_client(sandbox, None).users_list) == "not_authed"


def test_an_unknown_token_is_refused(sandbox: Sandbox) -> None:
    assert error_of(web_client(sandbox, "xoxb-of-someone-else").auth_test) == "invalid_auth"


def test_a_bot_token_opens_no_connection_and_an_app_token_posts_nothing(sandbox: Sandbox) -> None:
    with_bot, with_app = web_client(sandbox), web_client(sandbox, APP_TOKEN)

    assert error_of(lambda: with_bot.apps_connections_open(app_token=BOT_TOKEN)) == "not_allowed_token_type"
    assert error_of(lambda: with_app.chat_postMessage(channel=ADA, text="hi")) == "not_allowed_token_type"


def test_a_method_that_slack_does_not_have(api: WebClient) -> None:
    assert error_of(lambda: api.api_call("chat.shout")) == "unknown_method"


@pytest.mark.parametrize(
    ("method", "arguments", "scope"),
    [
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "hi"}, "chat:write"),
        ("users.info", {"user": ADA}, "users:read"),
        ("users.lookupByEmail", {"email": "ada@example.com"}, "users:read.email"),
        ("conversations.history", {"channel": "C0GENERAL"}, "channels:history"),
        ("conversations.history", {"channel": "C0LEADS"}, "groups:history"),
        ("conversations.members", {"channel": "C0LEADS"}, "groups:read"),
        ("conversations.list", {"types": "public_channel,im"}, "im:read"),
        ("conversations.open", {"users": ADA}, "im:write"),
        ("conversations.join", {"channel": "C0RANDOM"}, "channels:join"),
        ("files.getUploadURLExternal", {"filename": "a.png", "length": 3}, "files:write"),
        ("reactions.add", {"channel": "C0GENERAL", "timestamp": "1.0", "name": "eyes"}, "reactions:write"),
        ("usergroups.list", {}, "usergroups:read"),
        ("team.info", {}, "team:read"),
    ],
)
def test_a_scope_that_the_manifest_lacks_is_missed(
    start: Callable[..., Sandbox], method: str, arguments: dict[str, object], scope: str
) -> None:
    api = web_client(start(a_manifest(without_scopes=(scope,))))

    with pytest.raises(SlackApiError) as caught:
        api.api_call(method, params=arguments)

    answer = caught.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")


def test_the_email_is_told_only_with_its_scope(start: Callable[..., Sandbox]) -> None:
    without = web_client(start(a_manifest(without_scopes=("users:read.email",))))
    everything = web_client(start())

    assert "email" not in without.users_info(user=ADA)["user"]["profile"]
    assert everything.users_info(user=ADA)["user"]["profile"]["email"] == "ada@example.com"


@pytest.mark.parametrize("way", ["form", "json", "query"])
def test_arguments_arrive_whichever_way_they_are_sent(sandbox: Sandbox, way: str) -> None:
    blocks = [{"type": "divider"}]
    arguments = {"channel": "C0GENERAL", "text": "hi", "blocks": json.dumps(blocks)}
    body = {"form": urlencode(arguments), "json": json.dumps({**arguments, "blocks": blocks}), "query": ""}[
        way
    ]
    kind = "application/json; charset=utf-8" if way == "json" else "application/x-www-form-urlencoded"
    path = "/api/chat.postMessage" + (f"?{urlencode(arguments)}" if way == "query" else "")
    connection = HTTPConnection("127.0.0.1", sandbox.port)

    connection.request("POST", path, body, {"Content-Type": kind, "Authorization": f"Bearer {BOT_TOKEN}"})
    answer = json.loads(connection.getresponse().read())
    connection.close()

    assert answer["ok"], answer
    assert answer["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize("body", ["{", '{"text": "\\ud83d"}', '{"limit": Infinity}'])
def test_a_broken_json_body_is_called_so(sandbox: Sandbox, body: str) -> None:
    connection = HTTPConnection("127.0.0.1", sandbox.port)
    connection.request("POST", "/api/auth.test", body, {"Content-Type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    connection.close()

    assert answer == {"ok": False, "error": "invalid_json"}


def test_half_a_character_is_in_no_block(api: WebClient) -> None:
    blocks = '[{"type": "section", "text": {"type": "plain_text", "text": "\\ud83d"}}]'
    assert error_of(lambda: api.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)) == (
        "invalid_blocks_format"
    )


def test_the_inspector_shows_calls_without_their_tokens(sandbox: Sandbox, api: WebClient) -> None:
    api.auth_test(token=BOT_TOKEN)
    api.chat_postMessage(channel="C0GENERAL", text=f"my token is {BOT_TOKEN}")

    shown = json.dumps(sandbox.slack.traffic.after(0))

    assert BOT_TOKEN not in shown
    assert "chat.postMessage" in shown


def test_whether_the_api_answers_at_all(sandbox: Sandbox) -> None:
    api = web_client(sandbox, None)

    assert api.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert error_of(lambda: api.api_test(error="my_error")) == "my_error"


def test_the_headers_tell_of_scopes(api: WebClient) -> None:
    headers = api.users_info(user=ADA).headers

    assert "users:read" in headers["x-oauth-scopes"].split(",")
    assert headers["x-accepted-oauth-scopes"] == "users:read"
