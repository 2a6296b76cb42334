"""Who and what is in the workspace: team, app, people, conversations."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sandbox.errors import SlackError

Kind = Literal["channel", "private", "im", "mpim"]


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
    signing_secret: str
    client_id: str
    client_secret: str
    installed: bool
    """Whether the app is in the workspace from the start, with the bot token above."""


@dataclass(frozen=True)
class User:
    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    locale: str = "en-US"
    tz: str = "Etc/UTC"
    team_id: str = ""
    """Of another workspace, in shared channels alone; empty for people of this one."""
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    active: bool = True
    """Whether they are there just now."""

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
    purpose: str = ""
    shared: bool = False
    """With another workspace (Slack Connect); `shared_with` names those that are known."""
    shared_with: tuple[str, ...] = ()
    archived: bool = False
    created: int = 0
    creator: str = ""
    read_up_to: dict[str, str] = field(default_factory=dict)

    @property
    def is_general(self) -> bool:
        """The channel that everybody is in and nobody leaves."""
        return self.kind == "channel" and self.name == "general"

    def other_side(self, user_id: str) -> str:
        """The other person of a direct message."""
        return next((member for member in sorted(self.members) if member != user_id), user_id)


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
        other_teams: Iterable[Team] = (),
    ) -> None:
        self.team = team
        self.app = app
        self.users = {user.id: user for user in users}
        self.conversations = {one.id: one for one in conversations}
        self.usergroups = {group.id: group for group in usergroups}
        self.other_teams = {one.id: one for one in other_teams}
        self._direct: dict[frozenset[str], Conversation] = {}
        for user in list(self.users.values()):
            if not user.is_bot and not self.is_stranger(user):
                self.direct_message([user.id, app.bot_user_id])

    def is_stranger(self, user: User) -> bool:
        """Whether somebody is of another workspace, and here only by way of shared channels."""
        return user.team_id not in ("", self.team.id)

    def team_of(self, user: User) -> Team:
        return self.other_teams[user.team_id] if self.is_stranger(user) else self.team

    def sees(self, user_id: str, conversation: Conversation) -> bool:
        """Whether a conversation exists for somebody: one they are in, or a public channel of theirs."""
        if user_id in conversation.members:
            return True
        return conversation.kind == "channel" and not self.is_stranger(self.users[user_id])

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def user_by_email(self, email: str) -> User:
        wanted = email.casefold()
        for user in self.users.values():
            if user.email.casefold() == wanted and wanted and not user.deleted and not self.is_stranger(user):
                return user
        raise SlackError("users_not_found")

    def conversation(self, conversation_id: str, *, seen_by: str) -> Conversation:
        """A conversation that `seen_by` may know of; for everyone else a private channel does not exist."""
        found = self.conversations.get(conversation_id)
        if found is None or not self.sees(seen_by, found):
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
