"""How often an app may call: a tier for each method, and a message a second for each channel."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

POSTING_BURST = 10
POSTS_PER_SECOND = 1.0
# Slack promises a rate and tolerates more now and then: as much as this comes through at once.
BURST_MINUTES = 2
SMALLEST_BURST = 10
# Seconds are added up in floats; who waits as long as told is not turned away for a billionth.
ROUNDING = 1e-9


class Tier(IntEnum):
    """Calls a minute of one method in one workspace, as Slack's documentation has them."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    SPECIAL = 600
    """"Hundreds a minute", where Slack says no more."""


@dataclass
class Bucket:
    """Tokens that calls take out, and time puts back."""

    capacity: float
    per_second: float
    tokens: float
    filled_at: float

    def seconds_to_wait(self, now: float) -> int:
        """0 if a token was there (and is taken), else the whole seconds until there is one."""
        self.tokens = min(self.capacity, self.tokens + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        if self.tokens < 1 - ROUNDING:
            return max(1, math.ceil((1 - self.tokens) / self.per_second))
        self.tokens -= 1
        return 0


class RateLimits:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, float, float], Bucket] = {}

    def seconds_until_call(self, method: str, tier: Tier, tightened: Mapping[str, int]) -> int:
        """0 if the method may be called now (and it is counted), else the whole seconds to wait.

        `tightened` gives methods a number of calls a minute, without any burst beyond it.
        """
        if method in tightened:
            return self._wait(method, tightened[method], tightened[method] / 60)
        return self._wait(method, max(SMALLEST_BURST, tier * BURST_MINUTES), tier / 60)

    def seconds_until_post(self, channel: str) -> int:
        """The same for a message to a channel."""
        return self._wait(channel, POSTING_BURST, POSTS_PER_SECOND)

    def _wait(self, what: str, capacity: float, per_second: float) -> int:
        now = self._clock()
        # A limit that is changed begins anew.
        bucket = self._buckets.setdefault(
            (what, capacity, per_second), Bucket(capacity, per_second, capacity, now)
        )
        return bucket.seconds_to_wait(now)
