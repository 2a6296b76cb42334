"""One try at sending a post, and how it may end."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.delivery.addressing import Address
from domain.outbox import Post, Upload


class Outcome(StrEnum):
    NOTHING_TO_DO = "nothing to do"
    SENT = "sent"
    FOUND = "found"
    """It had been posted before, and the reply was lost."""
    WAITS = "waits"
    CANCELLED = "cancelled"
    """Nobody needs it any more."""
    FAILED = "failed"
    LOST = "lost"
    """Somebody else has it."""


@dataclass
class Try:
    """One claimed post on its way."""

    post: Post
    address: Address
    may_have_left: bool = field(init=False)
    upload: Upload | None = None

    def __post_init__(self) -> None:
        self.may_have_left = self.post.sent_channel is not None


class KeepsQuiet(Exception):  # noqa: N818 - a decision, not a fault
    """Not before `until`: the reader's hours do not allow it now."""

    def __init__(self, until: datetime) -> None:
        super().__init__(str(until))
        self.until = until


class Later(Exception):  # noqa: N818 - a decision, not a fault
    """Not now: come back after `ms`."""

    def __init__(self, ms: int, why: str, *, counts: bool = False) -> None:
        super().__init__(why)
        self.ms = ms
        self.counts = counts
