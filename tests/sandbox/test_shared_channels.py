"""Channels shared with other workspaces (Slack Connect), and the strangers in them."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.client import Person, RefusedError
from sandbox.client_oauth import InstallError
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BOT, a_manifest, a_workspace, actions, button
from tests.sandbox.conftest import web_client
from tests.sandbox.http_apps import Answer, HttpApp, acknowledging
from tests.sandbox.test_web_api_access import error_of

STRANGER, UNSEEN = "U0STRANGER", "U0UNSEEN"
Connect = Callable[[Sandbox, App], Any]


def a_shared_workspace() -> dict[str, Any]:
    """The usual one, with a channel that a partner's person is in, and one that the bot is not in."""
    workspace = a_workspace()
    workspace["other_teams"] = [{"id": "T0PARTNER", "name": "Partner"}]
    workspace["users"] += [
        {"id": STRANGER, "name": "sam", "real_name": "Sam Stranger", "email": "sam@partner.example.com"}
        | {"team": "T0PARTNER"},
        {"id": UNSEEN, "name": "uma", "real_name": "Uma Unseen", "team": "T0PARTNER"},
    ]
    workspace["channels"] += [
        {"id": "C0JOINT", "name": "joint", "shared_with": ["T0PARTNER"], "members": [ADA, STRANGER, BOT]},
        {"id": "C0BESIDE", "name": "beside", "shared_with": ["T0PARTNER"], "members": [ADA, UNSEEN]},
    ]
    return workspace


@pytest.fixture
def sandbox(start: Callable[..., Sandbox]) -> Sandbox:
    return start(workspace=a_shared_workspace())


@pytest.fixture
def stranger(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, STRANGER)


def test_a_shared_channel_says_so(api: WebClient) -> None:
    joint = api.conversations_info(channel="C0JOINT")["channel"]
    leads = api.conversations_info(channel="C0LEADS")["channel"]

    assert (joint["is_shared"], joint["is_ext_shared"]) == (True, True)
    assert joint["shared_team_ids"] == ["T0TEAM", "T0PARTNER"]
    assert (leads["is_shared"], leads["is_ext_shared"]) == (False, False)


def test_a_stranger_is_known_where_the_bot_meets_them(api: WebClient) -> None:
    user = api.users_info(user=STRANGER)["user"]

    assert (user["team_id"], user["profile"]["team"]) == ("T0PARTNER", "T0PARTNER")
    assert user["is_stranger"] is False  # the bot meets them: to Slack that is no stranger
    assert user["profile"]["email"] == "sam@partner.example.com"
    assert STRANGER in api.conversations_members(channel="C0JOINT")["members"]
    assert error_of(lambda: api.users_info(user=UNSEEN)) == "user_not_visible"


def test_a_stranger_is_none_of_ours(api: WebClient) -> None:
    assert STRANGER not in [one["id"] for one in api.users_list()["members"]]
    assert error_of(lambda: api.users_lookupByEmail(email="sam@partner.example.com")) == "users_not_found"
    assert error_of(lambda: api.conversations_open(users=STRANGER)) == "user_not_visible"
    assert error_of(lambda: api.chat_postMessage(channel=STRANGER, text="hi")) == "channel_not_found"


def test_a_stranger_sees_shared_channels_alone(stranger: Person) -> None:
    assert [one["name"] for one in stranger.conversations()] == ["joint"]


def test_a_stranger_has_no_commands_of_ours(stranger: Person) -> None:
    with pytest.raises(RefusedError, match="/hello is there for people of Acme alone"):
        stranger.command("/hello", "joint")


def test_a_stranger_does_not_install_the_app(start: Callable[..., Sandbox]) -> None:
    manifest = a_manifest(redirect_urls=["https://bot.example.com/slack"])
    sandbox = start(manifest, workspace=a_shared_workspace(), installed=False)
    client_id = sandbox.slack.workspace.app.client_id
    asked = f"{sandbox.url}/oauth/v2/authorize?client_id={client_id}&scope=commands"

    with pytest.raises(InstallError, match="Nobody by this id can install the app"):
        Person(sandbox.url, STRANGER).authorize(asked)


def test_the_events_of_a_shared_channel_say_so(
    start: Callable[..., Sandbox], http_app: Callable[[Answer], HttpApp]
) -> None:
    app = http_app(acknowledging())
    sandbox = start(workspace=a_shared_workspace(), http_url=app.url)
    Person(sandbox.url, STRANGER).say("Hello", "joint")
    (shared,) = app.wait_for(1)
    Person(sandbox.url, ADA).say("Hello", "general")
    own = app.wait_for(2)[1]

    assert (shared.json()["is_ext_shared_channel"], shared.json()["event"]["team"]) == (True, "T0PARTNER")
    assert (own.json()["is_ext_shared_channel"], own.json()["event"]["team"]) == (False, "T0TEAM")


def test_a_stranger_may_press_a_button(
    sandbox: Sandbox, bolt: App, connect: Connect, stranger: Person, api: WebClient
) -> None:
    pressed: list[dict[str, Any]] = []

    @bolt.action("go")
    def go(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        pressed.append(body)

    connect(sandbox, bolt)
    api.chat_postMessage(channel="C0JOINT", text="Press", blocks=[actions(button("go"))])

    stranger.press(stranger.messages("joint")[0], "go")

    (body,) = pressed
    assert (body["user"]["team_id"], body["team"]["id"]) == ("T0PARTNER", "T0TEAM")


def test_strangers_come_into_channels_shared_with_theirs_alone(start: Callable[..., Sandbox]) -> None:
    sandbox = start(
        a_manifest(more_scopes=("groups:write", "channels:manage")), workspace=a_shared_workspace()
    )
    api, ada = web_client(sandbox), Person(sandbox.url, ADA)

    assert error_of(lambda: api.conversations_invite(channel="C0LEADS", users=[UNSEEN])) == "cant_invite"
    with pytest.raises(RefusedError, match="Nobody of another workspace can come into leads"):
        ada.add_members("leads", UNSEEN)
    assert api.conversations_invite(channel="C0JOINT", users=[UNSEEN])["ok"]
