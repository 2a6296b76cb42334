"""Slack's special limit on posting: one message a second for each channel, with room for a short burst."""

import math
from collections.abc import Callable
from dataclasses import dataclass

BURST = 10
MESSAGES_PER_SECOND = 1.0


@dataclass
class Bucket:
    tokens: float
    filled_at: float


class PostingLimit:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def seconds_to_wait(self, channel: str) -> int:
        """0 if a message may be posted now (and it is counted), else the whole seconds to wait."""
        now = self._clock()
        bucket = self._buckets.setdefault(channel, Bucket(BURST, now))
        bucket.tokens = min(BURST, bucket.tokens + (now - bucket.filled_at) * MESSAGES_PER_SECOND)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) / MESSAGES_PER_SECOND))
        bucket.tokens -= 1
        return 0
