"""How often a source may deliver, within one process."""

import threading
import time
from collections.abc import Callable

PER_MINUTE = 120
AT_ONCE = 30


class Rate:
    """A bucket for each source, which fills again by the minute."""

    def __init__(
        self,
        per_minute: int = PER_MINUTE,
        at_once: int = AT_ONCE,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_s = per_minute / 60
        self._most = at_once
        self._now_s = now_s
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}
        """By source: how much was left, and when that was."""

    def wait_s(self, source: str) -> float:
        """Count one delivery, and return 0; or the seconds to wait for the next one to be taken."""
        now = self._now_s()
        with self._lock:
            left, at = self._left.get(source, (float(self._most), now))
            left = min(self._most, left + (now - at) * self._per_s)
            if left < 1:
                self._left[source] = (left, now)
                return (1 - left) / self._per_s
            self._left[source] = (left - 1, now)
            return 0
