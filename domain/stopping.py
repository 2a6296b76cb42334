"""How a process is told to stop."""

import os
import signal
from collections.abc import Callable
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def when_told_to_stop(stop: Callable[[], object]) -> None:
    """Call `stop` at the first SIGTERM or SIGINT; it must not wait. The second one ends the process at once.

    To be called in the main thread.
    """

    def told(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, _end_at_once)
        stop()

    for number in SIGNALS:
        signal.signal(number, told)


def _end_at_once(number: int, _frame: FrameType | None) -> None:
    """Without waiting for threads: leases run out, and others take over."""
    os._exit(128 + number)
