"""Waiting for what another thread or process does, on a machine that may be busy."""

import time
from collections.abc import Callable
from typing import Any

from sandbox.slack import Timing

PATIENCE_S = 60
# For tests that do not look at Slack's waits: nothing fails because the machine was slow to answer.
PATIENT = Timing(acknowledgement=20.0, trigger=PATIENCE_S)


def until(condition: Callable[[], Any], timeout: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
