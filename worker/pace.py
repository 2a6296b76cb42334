"""The pace of each conversation, kept in Redis: losing it costs a second, never a message."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import redis

BETWEEN_MESSAGES_MS = 1_000
LONGEST_ALONE_MS = 60_000


class RedisPace:
    """One message a second for each conversation, and one search of it at a time, over all workers."""

    def __init__(self, client: redis.Redis, between_ms: int = BETWEEN_MESSAGES_MS) -> None:
        self._client = client
        self._between_ms = between_ms

    def wait_ms(self, channel: str) -> int:
        if self._client.set(_pace(channel), 1, nx=True, px=self._between_ms):
            return 0
        return max(int(self._client.pttl(_pace(channel))), 1)

    def hold(self, channel: str, ms: int) -> None:
        self._client.set(_pace(channel), 1, px=max(ms, 1))

    def held_ms(self, name: str) -> int:
        return max(int(self._client.pttl(_pace(name))), 0)

    def looking(self, channel: str) -> AbstractContextManager[bool]:
        return self._alone(f"pacesetter:look:{channel}")

    def uploading(self, digest: str) -> AbstractContextManager[bool]:
        return self._alone(f"pacesetter:upload:{digest}")

    @contextmanager
    def _alone(self, name: str) -> Iterator[bool]:
        lock = self._client.lock(name, timeout=LONGEST_ALONE_MS / 1000, thread_local=False)
        mine = lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                lock.release()


def _pace(channel: str) -> str:
    return f"pacesetter:pace:{channel}"
