"""Who and what is in the workspace: team, app, people, conversations, as a workspace file describes them."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.errors import SetupError, SlackError
from sandbox.manifest import Manifest

Kind = Literal["channel", "private", "im", "mpim"]

DEFAULT_WORKSPACE = Path(__file__).with_name("default_workspace.json")


@dataclass(frozen=True)
class Team:
    id: str
    name: str
    domain: str


@dataclass(frozen=True)
class AppIdentity:
    """The installed app. `bot_user_id` is the bot as a person (U...), `bot_id` the bot as a sender (B...)."""

    id: str
    name: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str


@dataclass(frozen=True)
class User:
    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    locale: str = "en-US"
    tz: str = "Etc/UTC"
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False

    def tz_offset(self) -> int:
        """Seconds ahead of UTC, now."""
        offset = datetime.now(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def tz_label(self) -> str:
        return datetime.now(ZoneInfo(self.tz)).tzname() or self.tz


@dataclass
class Conversation:
    """A channel, or a direct message between `members`."""

    id: str
    kind: Kind
    members: set[str]
    name: str = ""
    topic: str = ""
    shared: bool = False
    archived: bool = False
    created: int = 0
    creator: str = ""
    read_up_to: dict[str, str] = field(default_factory=dict)

    def other_side(self, user_id: str) -> str:
        """The other person of a direct message."""
        return next((member for member in sorted(self.members) if member != user_id), user_id)

    def visible_to(self, user_id: str) -> bool:
        return self.kind == "channel" or user_id in self.members


@dataclass(frozen=True)
class UserGroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...]


class Workspace:
    """People and conversations, found by id. Lookups for the Web API raise Slack's own errors."""

    def __init__(
        self,
        team: Team,
        app: AppIdentity,
        users: Iterable[User],
        conversations: Iterable[Conversation],
        usergroups: Iterable[UserGroup] = (),
    ) -> None:
        self.team = team
        self.app = app
        self.users = {user.id: user for user in users}
        self.conversations = {one.id: one for one in conversations}
        self.usergroups = {group.id: group for group in usergroups}
        self._direct: dict[frozenset[str], Conversation] = {}
        for user in list(self.users.values()):
            if not user.is_bot:
                self.direct_message([user.id, app.bot_user_id])

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def user_by_email(self, email: str) -> User:
        wanted = email.casefold()
        for user in self.users.values():
            if user.email.casefold() == wanted and wanted and not user.deleted:
                return user
        raise SlackError("users_not_found")

    def conversation(self, conversation_id: str, *, seen_by: str) -> Conversation:
        """A conversation that `seen_by` may know of; for everyone else a private channel does not exist."""
        found = self.conversations.get(conversation_id)
        if found is None or not found.visible_to(seen_by):
            raise SlackError("channel_not_found")
        return found

    def app_channel(self, user_id: str) -> Conversation:
        """The direct message between a person and the bot, which everyone has."""
        return self.direct_message([user_id, self.app.bot_user_id])

    def direct_message(self, members: Iterable[str]) -> Conversation:
        """The direct message between exactly these people; it is made at its first use."""
        people = frozenset(members)
        if people not in self._direct:
            several = len(people) > 2
            names = "--".join(sorted(self.users[one].name for one in people))
            self._direct[people] = self.add_conversation(
                "mpim" if several else "im", people, name=f"mpdm-{names}-1" if several else ""
            )
        return self._direct[people]

    def add_conversation(
        self, kind: Kind, members: Iterable[str], *, name: str = "", topic: str = "", creator: str = ""
    ) -> Conversation:
        prefix = "D" if kind == "im" else "C"
        number = len(self.conversations) + 1
        while f"{prefix}0SANDBOX{number:03}" in self.conversations:
            number += 1
        made = Conversation(
            id=f"{prefix}0SANDBOX{number:03}",
            kind=kind,
            members=set(members),
            name=name,
            topic=topic,
            creator=creator or self.app.bot_user_id,
            created=int(time.time()),
        )
        self.conversations[made.id] = made
        return made

    def channel_named(self, name: str) -> Conversation | None:
        return next((one for one in self.conversations.values() if one.name == name and name), None)


def read_workspace(source: Path | str | Mapping[str, Any], manifest: Manifest) -> Workspace:
    """Read a workspace file (see default_workspace.json for an example), from a file or as already parsed.

    Raises SetupError naming the entry that is wrong.
    """
    content, where = _load(source)
    try:
        team = Team(**content.get("team", {"id": "T0SANDBOX", "name": "Sandbox", "domain": "sandbox"}))
        app = _app(content, manifest)
        users = [User(**entry) for entry in content["users"]]
        conversations = [_channel(entry, creator=app.bot_user_id) for entry in content.get("channels", [])]
        groups = [
            UserGroup(one["id"], one["handle"], one["name"], tuple(one["users"]))
            for one in content.get("usergroups", [])
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise SetupError(f"{where} is not a workspace: {error!r}.") from error
    if app.bot_user_id not in {user.id for user in users}:
        users.append(
            User(app.bot_user_id, manifest.bot_name.lower().replace(" ", "_"), app.name, is_bot=True)
        )
    _check(where, users, conversations)
    return Workspace(team, app, users, conversations, groups)


def _load(source: Path | str | Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    if isinstance(source, Mapping):
        return source, "The workspace"
    path = Path(source)
    try:
        return json.loads(path.read_text(encoding="utf-8")), f"The workspace file {path}"
    except OSError as error:
        raise SetupError(f"The workspace file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SetupError(f"The workspace file {path} is not JSON: {error}.") from error


def _app(content: Mapping[str, Any], manifest: Manifest) -> AppIdentity:
    app, tokens = content.get("app", {}), content.get("tokens", {})
    return AppIdentity(
        id=app.get("id", "A0SANDBOX"),
        name=app.get("name", manifest.name),
        bot_user_id=app.get("bot_user_id", "U0SANDBOXBOT"),
        bot_id=app.get("bot_id", "B0SANDBOX"),
        bot_token=tokens.get("bot", "xoxb-sandbox"),
        app_token=tokens.get("app", "xapp-sandbox"),
    )


def _channel(entry: Mapping[str, Any], creator: str) -> Conversation:
    return Conversation(
        id=entry["id"],
        kind="private" if entry.get("private") else "channel",
        members=set(entry.get("members", [])),
        name=entry["name"],
        topic=entry.get("topic", ""),
        shared=bool(entry.get("shared", False)),
        archived=bool(entry.get("archived", False)),
        creator=creator,
        created=int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()),
    )


def _check(where: str, users: list[User], conversations: list[Conversation]) -> None:
    known = [user.id for user in users]
    for repeated in {one for one in known if known.count(one) > 1}:
        raise SetupError(f"{where} has two users with the id {repeated}; give each its own.")
    for user in users:
        try:
            ZoneInfo(user.tz)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SetupError(f"{where}: {user.tz!r} of user {user.id} is not a time zone.") from error
    for conversation in conversations:
        if strangers := conversation.members - set(known):
            raise SetupError(
                f"{where}: channel {conversation.name} has members who are not among its users: "
                f"{', '.join(sorted(strangers))}."
            )
