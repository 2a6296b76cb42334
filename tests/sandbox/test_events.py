"""The events that an app hears of, as its manifest asks and its scopes allow."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import Operator, Person, RefusedError
from sandbox.server import Sandbox
from tests.sandbox.builders import ADA, BEN, BOT, LIN, a_manifest
from tests.sandbox.conftest import web_client
from tests.sandbox.http_apps import Answer, HttpApp, acknowledging
from tests.sandbox.waiting import until

EVENTS = [
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_rename",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "pin_added",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "user_change",
]
SCOPES = ("channels:manage", "groups:write", "pins:read", "pins:write", "reactions:read")


class Hearing:
    """A workspace whose app subscribed to everything; `of` gives what it heard."""

    def __init__(self, sandbox: Sandbox, app: HttpApp) -> None:
        self.sandbox = sandbox
        self._app = app
        self.api = web_client(sandbox)
        self.ada = Person(sandbox.url, ADA)
        self.operator = Operator(sandbox.url)
        self.operator.wait_for_app()

    def envelopes(self) -> list[dict[str, Any]]:
        return [one.json() for one in self._app.received]

    def of(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """The events of a type, or messages of a subtype, as soon as there are so many."""

        def found() -> list[dict[str, Any]]:
            events = [one["event"] for one in self.envelopes()]
            return [one for one in events if name in (one["type"], one.get("subtype"))]

        until(lambda: len(found()) >= count)
        return found()

    def names(self) -> list[str]:
        return [one["event"].get("subtype", one["event"]["type"]) for one in self.envelopes()]


@pytest.fixture
def listen(start: Callable[..., Sandbox], http_app: Callable[[Answer], HttpApp]) -> Callable[..., Hearing]:
    def begin(events: list[str] = EVENTS, without_scopes: tuple[str, ...] = ()) -> Hearing:
        more = tuple(one for one in SCOPES if one not in without_scopes)
        manifest = a_manifest(more_scopes=more, without_scopes=without_scopes)
        manifest["settings"]["event_subscriptions"]["bot_events"] = events
        app = http_app(acknowledging())
        return Hearing(start(manifest, http_url=app.url), app)

    return begin


@pytest.fixture
def hearing(listen: Callable[..., Hearing]) -> Hearing:
    return listen()


def test_a_mention_is_told_apart_from_the_message(hearing: Hearing) -> None:
    hearing.ada.say("@tester are you there?", "general")

    (mention,) = hearing.of("app_mention")
    (message,) = hearing.of("message")
    assert mention["text"] == message["text"] == f"<@{BOT}> are you there?"
    assert message["channel_type"] == "channel"
    assert "channel_type" not in mention


def test_messages_are_heard_only_where_the_bot_is(hearing: Hearing) -> None:
    hearing.ada.say("Unheard", "random")
    hearing.ada.say("Unheard, too", "secret")
    hearing.ada.say("Heard in private", "leads")
    hearing.ada.say("Heard by hand")

    told = hearing.of("message", 2)

    assert sorted((one["text"], one["channel_type"]) for one in told) == [
        ("Heard by hand", "im"),
        ("Heard in private", "group"),
    ]


def test_an_edit_tells_both_versions(hearing: Hearing) -> None:
    ts = hearing.ada.say("Befor", "general")
    (message,) = [one for one in hearing.ada.messages("general") if one["ts"] == ts]

    hearing.ada.edit(message, "Before")

    (event,) = hearing.of("message_changed")
    assert event["previous_message"]["text"] == "Befor"
    assert event["message"]["text"] == "Before"
    assert event["message"]["edited"]["user"] == ADA
    assert event["hidden"]


def test_a_deleted_message_is_told(hearing: Hearing) -> None:
    hearing.ada.say("Gone soon", "general")
    (message,) = hearing.ada.messages("general")

    hearing.ada.delete(message)

    (event,) = hearing.of("message_deleted")
    assert (event["deleted_ts"], event["previous_message"]["text"]) == (message["ts"], "Gone soon")
    assert hearing.ada.messages("general") == []


def test_only_ones_own_messages_are_changed(hearing: Hearing) -> None:
    hearing.ada.say("Mine", "general")
    ben = Person(hearing.sandbox.url, BEN)

    with pytest.raises(RefusedError, match="Only one's own messages"):
        ben.edit(ben.messages("general")[0], "His")


def test_a_private_answer_is_told_to_nobody(hearing: Hearing) -> None:
    hearing.api.chat_postEphemeral(channel="C0GENERAL", user=ADA, text="Psst")
    hearing.ada.dismiss(hearing.ada.messages("general")[0])
    hearing.ada.say("After", "general")

    hearing.of("message")
    assert hearing.names() == ["message"]


def test_reactions_come_and_go(hearing: Hearing) -> None:
    hearing.ada.say("Nice", "general")
    (message,) = hearing.ada.messages("general")

    hearing.ada.react(message, "thumbsup")
    hearing.ada.react(message, "thumbsup")

    (added,), (removed,) = hearing.of("reaction_added"), hearing.of("reaction_removed")
    assert added["item"] == {"type": "message", "channel": "C0GENERAL", "ts": message["ts"]}
    assert (added["user"], added["reaction"], added["item_user"]) == (ADA, "thumbsup", ADA)
    assert removed["reaction"] == "thumbsup"


def test_a_reaction_needs_the_name_of_an_emoji(hearing: Hearing) -> None:
    hearing.ada.say("Nice", "general")

    with pytest.raises(RefusedError, match="'no such' is not the name of an emoji"):
        hearing.ada.react(hearing.ada.messages("general")[0], "no such")


def test_people_join_and_leave_a_channel(hearing: Hearing) -> None:
    hearing.ada.add_members("leads", LIN)
    hearing.ada.leave("leads", LIN)

    (joined,), (left,) = hearing.of("member_joined_channel"), hearing.of("member_left_channel")
    assert (joined["user"], joined["inviter"], joined["channel_type"]) == (LIN, ADA, "G")
    assert left["user"] == LIN
    assert [one["text"] for one in hearing.ada.messages("leads")] == [
        f"<@{LIN}> has joined the group",
        f"<@{LIN}> has left the group",
    ]


def test_lines_of_what_happened_are_not_unread(hearing: Hearing) -> None:
    hearing.ada.add_members("leads", LIN)

    (leads,) = [one for one in Person(hearing.sandbox.url, LIN).conversations() if one["name"] == "leads"]
    assert leads["unread"] == 0


def test_the_bot_is_told_that_it_was_put_out(hearing: Hearing) -> None:
    hearing.ada.leave("general", BOT)
    hearing.ada.say("Without it", "general")

    (event,) = hearing.of("channel_left")
    assert (event["channel"], event["actor_id"]) == ("C0GENERAL", ADA)
    assert "message" not in hearing.names()


def test_what_happens_to_a_channel(hearing: Hearing) -> None:
    channel = hearing.operator.create_channel("plans", [ADA, BOT])

    hearing.ada.change_channel("plans", name="great-plans", topic="What next")
    hearing.ada.change_channel("great-plans", archived=True)

    (created,), (renamed,) = hearing.of("channel_created"), hearing.of("channel_rename")
    (archived,) = [one for one in hearing.of("channel_archive", 2) if one["type"] == "channel_archive"]
    assert created["channel"]["name"] == "plans"
    assert (renamed["channel"]["id"], renamed["channel"]["name"]) == (channel, "great-plans")
    assert (archived["channel"], archived["user"]) == (channel, ADA)
    assert hearing.of("channel_topic")[0]["topic"] == "What next"
    with pytest.raises(RefusedError, match="great-plans is archived already"):
        hearing.ada.change_channel("great-plans", archived=True)


def test_private_channels_are_made_in_silence(hearing: Hearing) -> None:
    hearing.operator.create_channel("hidden", [ADA], private=True)
    hearing.operator.create_channel("open", [ADA])

    (created,) = hearing.of("channel_created")
    assert created["channel"]["name"] == "open"


def test_a_changed_profile_is_told_whole(hearing: Hearing) -> None:
    hearing.operator.change_person(BEN, locale="zh-CN", tz="Asia/Shanghai", title="Head")

    (event,) = hearing.of("user_change")
    assert event["user"]["id"] == BEN
    assert (event["user"]["locale"], event["user"]["tz"]) == ("zh-CN", "Asia/Shanghai")
    assert event["user"]["profile"]["title"] == "Head"
    asked = hearing.api.users_info(user=BEN, include_locale=True)["user"]
    assert asked["profile"].items() <= event["user"]["profile"].items()


def test_a_deactivated_account(hearing: Hearing) -> None:
    hearing.operator.change_person(BEN, deleted=True)

    (event,) = hearing.of("user_change")
    assert event["user"]["deleted"]
    with pytest.raises(RefusedError, match="is deactivated"):
        Person(hearing.sandbox.url, BEN).say("Still here?", "general")


def test_presence_is_no_change_of_the_profile(hearing: Hearing) -> None:
    hearing.operator.change_person(BEN, active=False)
    hearing.ada.say("Next", "general")

    hearing.of("message")
    assert hearing.names() == ["message"]
    assert hearing.api.users_getPresence(user=BEN)["presence"] == "away"


def test_somebody_joins_the_workspace(hearing: Hearing) -> None:
    hearing.operator.add_person("U0NEW", "nia", "Nia New", email="nia@example.com")

    (event,) = hearing.of("team_join")
    assert event["user"]["real_name"] == "Nia New"
    assert hearing.api.users_lookupByEmail(email="nia@example.com")["user"]["id"] == "U0NEW"
    Person(hearing.sandbox.url, "U0NEW").say("Hello")
    assert hearing.of("message")[0]["user"] == "U0NEW"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"colour": "red"}, "A person has no 'colour' to set"),
        ({"tz": "Mars/Base"}, "'Mars/Base' is not a time zone"),
        ({"deleted": "yes"}, "deleted must be true or false, not 'yes'"),
        ({"name": 1}, "name must be a text, not 1"),
    ],
)
def test_a_profile_that_cannot_be(hearing: Hearing, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        hearing.operator.change_person(BEN, **changes)


def test_a_person_comes_once_and_with_a_name(hearing: Hearing) -> None:
    with pytest.raises(RefusedError, match="There is a person with the id U0ADA already"):
        hearing.operator.add_person(ADA, "ada", "Ada")
    with pytest.raises(RefusedError, match="Give a name and a real_name"):
        hearing.operator.add_person("U0NEW", "", "Nia")


def test_a_pin_is_told(hearing: Hearing) -> None:
    posted = hearing.api.chat_postMessage(channel="C0GENERAL", text="Pin me")

    hearing.api.pins_add(channel="C0GENERAL", timestamp=posted["ts"])

    (event,) = hearing.of("pin_added")
    assert (event["channel_id"], event["item"]["message"]["text"]) == ("C0GENERAL", "Pin me")


def test_the_home_tab_is_opened(hearing: Hearing) -> None:
    with pytest.raises(TimeoutError):  # nobody publishes one
        hearing.ada.home(timeout=0.1)

    (event,) = hearing.of("app_home_opened")
    assert (event["user"], event["tab"]) == (ADA, "home")


@pytest.mark.parametrize(
    ("scope", "act"),
    [
        ("reactions:read", lambda hearing: hearing.ada.react(hearing.ada.messages("general")[0], "eyes")),
        ("users:read", lambda hearing: hearing.operator.change_person(BEN, title="New")),
        ("channels:read", lambda hearing: hearing.ada.add_members("random", BOT)),
        ("groups:read", lambda hearing: hearing.ada.add_members("leads", BEN)),
    ],
)
def test_no_event_without_its_scope(
    listen: Callable[..., Hearing], scope: str, act: Callable[[Hearing], None]
) -> None:
    hearing = listen([one for one in EVENTS if one not in ("message.groups",)], (scope,))
    hearing.ada.say("First", "general")
    until(lambda: hearing.names() == ["message"])

    act(hearing)
    hearing.ada.say("Last")

    until(lambda: "Last" in [one["event"].get("text") for one in hearing.envelopes()])
    assert {one["event"]["type"] for one in hearing.envelopes()} == {"message"}


def test_no_event_without_a_subscription(listen: Callable[..., Hearing]) -> None:
    hearing = listen(["message.im"])

    hearing.operator.change_person(BEN, title="New")
    hearing.ada.say("In the channel", "general")
    hearing.ada.say("By hand")

    assert [one["text"] for one in hearing.of("message")] == ["By hand"]


def test_an_app_may_hear_of_its_own_files(hearing: Hearing) -> None:
    hearing.api.files_upload_v2(channel="C0GENERAL", content="a,b", filename="a.csv", title="A table")

    (event,) = hearing.of("file_share")
    assert event["files"][0]["title"] == "A table"
