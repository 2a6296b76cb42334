"""Waiting for what another thread does."""

import time
from collections.abc import Callable
from typing import Any


def until(condition: Callable[[], Any], timeout: float = 5) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
