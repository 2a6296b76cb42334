"""The app as its Slack manifest describes it: commands, scopes, events, surfaces."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Literal

# Slack delivers an event only if the app may also read what the event tells of.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
# The same where it happens in a private channel.
PRIVATE_EVENT_SCOPES = {"member_joined_channel": "groups:read", "member_left_channel": "groups:read"}


@dataclass(frozen=True)
class SlashCommand:
    command: str
    description: str
    usage_hint: str
    should_escape: bool


ShortcutKind = Literal["global", "message"]


@dataclass(frozen=True)
class Shortcut:
    callback_id: str
    name: str
    description: str
    kind: ShortcutKind


@dataclass(frozen=True)
class RequestUrls:
    """Where the app wants to be called over HTTP; `commands` by the command with its slash."""

    events: str | None = None
    interactivity: str | None = None
    options: str | None = None
    commands: Mapping[str, str | None] = field(default_factory=dict)

    def named(self) -> list[str]:
        """All that there are."""
        return [
            one for one in (self.events, self.interactivity, self.options, *self.commands.values()) if one
        ]


@dataclass(frozen=True)
class Manifest:
    """What the sandbox needs of a manifest; see `manifest_file.py`."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    commands: Mapping[str, SlashCommand]
    shortcuts: Mapping[str, Shortcut]
    bot_events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    interactivity: bool
    socket_mode: bool
    request_urls: RequestUrls
    redirect_urls: tuple[str, ...]

    def called_at(self, url: str) -> "Manifest":
        """The same app over HTTP, with one URL for everything, whatever it says itself."""
        everywhere = RequestUrls(url, url, url, dict.fromkeys(self.commands, url))
        return replace(self, socket_mode=False, request_urls=everywhere)

    def hears(self, event: str, scopes: Set[str], *, private: bool = False) -> bool:
        """Whether the app subscribed to a bot event such as `message.im`, and was granted what it takes."""
        needed = EVENT_SCOPES.get(event)
        if private:
            needed = PRIVATE_EVENT_SCOPES.get(event, needed)
        return event in self.bot_events and (needed is None or needed in scopes)
