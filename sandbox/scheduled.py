"""Messages that wait for their time."""

import asyncio
from dataclasses import dataclass

from sandbox.errors import SlackError
from sandbox.messages import Message


@dataclass
class Scheduled:
    """`message` is composed and not posted yet; `task` posts it at `post_at`."""

    id: str
    message: Message
    post_at: int
    created: int
    task: asyncio.Task[None]


class ScheduledMessages:
    def __init__(self) -> None:
        self._by_id: dict[str, Scheduled] = {}

    def add(self, scheduled: Scheduled) -> None:
        self._by_id[scheduled.id] = scheduled
        scheduled.task.add_done_callback(lambda _: self._by_id.pop(scheduled.id, None))

    def waiting(self) -> list[Scheduled]:
        """All that are still to be posted, the next one first."""
        return sorted(self._by_id.values(), key=lambda one: one.post_at)

    def cancel(self, channel: str, scheduled_id: str) -> None:
        found = self._by_id.get(scheduled_id)
        if found is None or found.message.channel != channel:
            raise SlackError("invalid_scheduled_message_id")
        found.task.cancel()
        del self._by_id[scheduled_id]
