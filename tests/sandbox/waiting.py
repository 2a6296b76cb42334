"""Waiting for what another thread or process does, on a machine that may be busy."""

import time
from collections.abc import Callable
from typing import Any

from slack_sdk.socket_mode import SocketModeClient

from sandbox.slack import Timing

PATIENCE_S = 60
# For tests that do not look at Slack's waits: nothing fails because the machine was slow to answer.
PATIENT = Timing(acknowledgement=20.0, trigger=PATIENCE_S)


def until(condition: Callable[[], Any], timeout: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def hang_up(client: SocketModeClient) -> None:
    """Close a client; a receiver that is just starting forgets that it was told to end, and is told again."""
    receiver = client.current_session_runner
    client.auto_reconnect_enabled = False
    client.disconnect()
    receiver.event.set()
    while receiver.is_alive():
        client.current_session_state.terminated = True
        receiver.thread.join(0.1)
    client.close()
