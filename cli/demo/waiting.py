"""Waiting for what other processes do."""

import time
from collections.abc import Callable

from domain.errors import Refusal


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask again and again. Raises Refusal where it takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Refusal("Waited {seconds} s for {what}.", seconds=round(seconds), what=what)
        time.sleep(0.2)
