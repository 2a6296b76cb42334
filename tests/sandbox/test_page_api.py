"""The page's API: who sees what, acting as anyone, and what is pushed to open pages."""

import asyncio
import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import aiohttp
import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.client import Operator, Person, RefusedError
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, BOT, GONE, home, section
from tests.sandbox.waiting import PATIENCE_S


def raw(
    sandbox: Sandbox, verb: str, path: str, body: str = "", origin: str | None = None
) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", sandbox.port)
    connection.request(verb, path, body, {"Origin": origin} if origin else {})
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_the_page_learns_who_and_what_there_is(operator: Operator) -> None:
    workspace = operator.workspace()

    assert workspace["team"] == {"id": "T0TEAM", "name": "Acme", "domain": "acme"}
    assert workspace["app"]["bot_user_id"] == BOT
    assert {one["id"] for one in workspace["users"] if one["is_bot"]} == {BOT}
    assert workspace["commands"][0] == {
        "command": "/hello",
        "description": "Says hello",
        "usage_hint": "[name]",
    }


def test_everyone_sees_public_channels_their_private_ones_and_the_app(ada: Person, ben: Person) -> None:
    def names(person: Person) -> set[str]:
        return {one["name"] for one in person.conversations()}

    assert names(ada) == {"general", "random", "leads", "secret", "partner", "old", "Tester"}
    assert names(ben) == {"general", "random", "partner", "old", "Tester"}


def test_reading_a_private_channel_of_others_is_refused(ben: Person) -> None:
    with pytest.raises(RefusedError, match="sees no channel 'C0LEADS'"):
        ben.messages("C0LEADS")


def test_what_was_read_is_no_longer_unread(sandbox: Sandbox, api: WebClient, ada: Person) -> None:
    def unread() -> int:
        return next(one["unread"] for one in ada.conversations() if one["kind"] == "app")

    posted = api.chat_postMessage(channel=ADA, text="New")
    assert unread() == 1

    body = json.dumps({"user": ADA, "channel": posted["channel"], "ts": posted["ts"]})
    assert raw(sandbox, "POST", "/page/read", body) == (200, {})

    assert unread() == 0


def test_a_new_private_channel_is_seen_by_its_members(
    operator: Operator, api: WebClient, ada: Person, ben: Person
) -> None:
    channel = operator.create_channel("north-managers", [ADA, BOT], private=True)

    api.chat_postMessage(channel=channel, text="For managers")

    assert [one["text"] for one in ada.messages("north-managers")] == ["For managers"]
    assert "north-managers" not in {one["name"] for one in ben.conversations()}
    with pytest.raises(RefusedError, match="already"):
        operator.create_channel("north-managers", [ADA])
    with pytest.raises(RefusedError, match="has no user U0NOBODY"):
        operator.create_channel("other", ["U0NOBODY"])


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ("U0NOBODY", "There is no person 'U0NOBODY' in the workspace."),
        (BOT, f"There is no person '{BOT}' in the workspace."),
        (GONE, "The account of Gone Away is deactivated."),
    ],
)
def test_acting_as_someone_who_cannot(sandbox: Sandbox, user: str, sentence: str) -> None:
    status, answer = raw(sandbox, "GET", f"/page/conversations?user={user}")

    assert (status >= 400, answer["error"]) == (True, sentence)


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/page/message", "{", "The request must be JSON."),
        ("/page/message", '{"text": "\\ud83d"}', "The request must be JSON."),
        ("/page/direct", f'{{"user": "{ADA}", "members": 1}}', "Name people in a list."),
        ("/page/message", "[]", "The request must be a JSON object."),
        ("/page/message", json.dumps({"user": ADA, "channel": "C0GENERAL"}), "text must be a text."),
        (
            "/page/message",
            json.dumps({"user": ADA, "channel": "C0GENERAL", "text": " "}),
            "Type a message first.",
        ),
        ("/page/action", json.dumps({"user": ADA}), "container must be an object."),
        ("/page/close", json.dumps({"user": ADA, "view_id": "V1"}), "This modal is no longer open."),
        ("/page/home", json.dumps({"user": ADA, "tab": "files"}), "tab is home or messages."),
    ],
)
def test_requests_that_make_no_sense(sandbox: Sandbox, path: str, body: str, sentence: str) -> None:
    status, answer = raw(sandbox, "POST", path, body)

    assert (status >= 400, answer) == (True, {"error": sentence})


@pytest.mark.parametrize("number", ["x", "%C2%B2"])
def test_traffic_after_what_is_no_number(sandbox: Sandbox, number: str) -> None:
    assert raw(sandbox, "GET", f"/page/traffic?after={number}")[0] == 400


def test_other_sites_may_not_act_in_the_sandbox(sandbox: Sandbox) -> None:
    body = json.dumps({"user": ADA, "channel": "C0GENERAL", "text": "Hi"})

    assert raw(sandbox, "POST", "/page/message", body, origin="https://evil.example")[0] == 403
    assert raw(sandbox, "POST", "/page/message", body, origin=sandbox.url)[0] == 200


def test_a_file_that_a_person_adds_is_there_for_the_app(sandbox: Sandbox, api: WebClient) -> None:
    status, added = raw(sandbox, "POST", f"/page/upload?user={ADA}&name=q3.csv", "name,sales\nAda,12\n")

    assert (status, added["name"], added["mimetype"], added["user"]) == (200, "q3.csv", "text/csv", ADA)
    assert api.files_info(file=added["id"])["file"]["size"] == 18


@pytest.mark.parametrize(
    ("query", "content", "sentence"),
    [
        (f"user={ADA}&name=", "x", "The file needs a name."),
        (f"user={ADA}&name=q3.csv", "", "q3.csv is empty."),
    ],
)
def test_a_file_that_cannot_be_added(sandbox: Sandbox, query: str, content: str, sentence: str) -> None:
    assert raw(sandbox, "POST", f"/page/upload?{query}", content) == (400, {"error": sentence})


def test_open_pages_are_told_what_their_person_may_see(sandbox: Sandbox, api: WebClient) -> None:
    async def watch(user: str, act: Callable[[], Any]) -> list[dict[str, Any]]:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{sandbox.url}/page/socket?user={user}") as socket,
        ):
            await asyncio.to_thread(act)
            events: list[dict[str, Any]] = []
            # The call that ends it all is in everyone's traffic.
            while not (events and events[-1].get("entry", {}).get("method") == "auth.test"):
                events.append(await socket.receive_json(timeout=PATIENCE_S))
            return events

    def act() -> None:
        posted = api.chat_postMessage(channel="C0LEADS", text="For leads")
        api.chat_update(channel="C0LEADS", ts=posted["ts"], text="For all leads")
        api.chat_postEphemeral(channel="C0GENERAL", user=ADA, text="Only you")
        api.chat_delete(channel="C0LEADS", ts=posted["ts"])
        api.views_publish(user_id=ADA, view=home(section()))
        api.auth_test()

    seen_by_ada = [one["type"] for one in asyncio.run(watch(ADA, act))]
    seen_by_ben = [one["type"] for one in asyncio.run(watch(BEN, act))]

    assert [kind for kind in seen_by_ada if kind != "traffic"] == [
        "message",
        "message_changed",
        "ephemeral",
        "message_deleted",
        "home",
    ]
    assert set(seen_by_ben) == {"traffic"}


def test_open_pages_are_told_whether_the_app_is_connected(
    sandbox: Sandbox, bolt: App, connect: Callable[[Sandbox, App], Any]
) -> None:
    async def watch() -> list[int]:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{sandbox.url}/page/socket?user={ADA}") as socket,
        ):
            await asyncio.to_thread(connect, sandbox, bolt)
            await asyncio.to_thread(Operator(sandbox.url).disconnect)
            counts: list[int] = []
            while counts[-1:] != [0]:
                event = await socket.receive_json(timeout=PATIENCE_S)
                counts += [event["connections"]] if event["type"] == "connections" else []
            return counts

    assert asyncio.run(watch())[:2] == [1, 0]


def test_the_traffic_is_read_from_where_one_left_off(api: WebClient, operator: Operator) -> None:
    api.auth_test()
    last = operator.traffic()[-1]["n"]
    api.team_info()

    assert [one["method"] for one in operator.traffic(after=last)] == ["team.info"]


def test_the_built_page_is_served_and_nothing_beside_it(sandbox: Sandbox) -> None:
    def fetch(path: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", sandbox.port)
        connection.request("GET", path)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    status, page = fetch("/")

    assert status == 200
    assert b"<!doctype html>" in page.lower()
    assert fetch("/..%2f..%2fserver.py")[0] == 404
    assert fetch("/nothing/here")[0] == 404
