"""The messages of the workspace, in memory: posted, threaded, edited, deleted, and ephemeral ones."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import SlackError


@dataclass
class Message:
    """One message. `only_for` is set on an ephemeral message: it exists for that person alone."""

    ts: str
    channel: str
    user: str
    text: str = ""
    bot_id: str | None = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    files: list[str] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    edited_ts: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned_by: str | None = None
    username: str | None = None
    subtype: str | None = None
    """Of a line that tells what happened in the channel; with its `details`."""
    details: dict[str, Any] = field(default_factory=dict)
    only_for: str | None = None
    response_to: str | None = None

    def in_thread(self) -> bool:
        """A reply; the message a thread hangs from is not one."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def all_blocks(self) -> list[dict[str, Any]]:
        """The message's blocks and those in its attachments: what a person can act on."""
        return self.blocks + [block for one in self.attachments for block in one.get("blocks", [])]


class Timestamps:
    """Slack's message ids: the time in seconds with six digits, never the same twice."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        self._last = max(self._last + 1, int(self._clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"


class Messages:
    """All messages by conversation, oldest first."""

    def __init__(self) -> None:
        self._by_channel: dict[str, list[Message]] = {}

    def add(self, message: Message) -> None:
        self._by_channel.setdefault(message.channel, []).append(message)

    def remove(self, message: Message) -> None:
        self._by_channel[message.channel].remove(message)

    def find(self, channel: str, ts: str, *, seen_by: str | None = None) -> Message:
        """A message by its timestamp; ephemeral ones only for the person they were shown to."""
        for message in reversed(self._by_channel.get(channel, [])):
            if message.ts == ts and message.only_for in (None, seen_by):
                return message
        raise SlackError("message_not_found")

    def with_file(self, file_id: str) -> list[Message]:
        return [one for messages in self._by_channel.values() for one in messages if file_id in one.files]

    def history(self, channel: str) -> list[Message]:
        """What a conversation shows to everyone: no ephemeral messages, no replies kept in threads."""
        return [
            one
            for one in self._by_channel.get(channel, [])
            if one.only_for is None and (not one.in_thread() or one.broadcast)
        ]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """The message a thread hangs from, then its replies."""
        return [
            one
            for one in self._by_channel.get(channel, [])
            if one.only_for is None and ts in (one.ts, one.thread_ts)
        ]

    def shown_to(self, channel: str, user_id: str, thread_ts: str | None = None) -> list[Message]:
        """What one person sees of a conversation or of a thread in it, ephemeral messages included."""
        visible = [one for one in self._by_channel.get(channel, []) if one.only_for in (None, user_id)]
        if thread_ts is None:
            return [one for one in visible if not one.in_thread() or one.broadcast]
        return [one for one in visible if thread_ts in (one.ts, one.thread_ts)]

    def reply_count(self, message: Message) -> int:
        return sum(
            1
            for one in self._by_channel.get(message.channel, [])
            if one.thread_ts == message.ts and one.in_thread() and one.only_for is None
        )

    def unread(self, channel: str, user_id: str, read_up_to: str) -> int:
        return sum(
            1
            for one in self.history(channel)
            if one.ts > read_up_to and one.user != user_id and one.subtype is None
        )

    def last_ts(self, channel: str, user_id: str) -> str | None:
        shown = self.shown_to(channel, user_id)
        return shown[-1].ts if shown else None
