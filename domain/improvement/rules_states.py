"""An improvement plan's states. Pure.

opened ─► running ⇄ paused
             │
             └─► ended ─► passed ─► closed (three months later)
                   │└───► failed
                   └────► running again, where it is extended   (or cancelled while nothing is decided)
"""

from __future__ import annotations

from enum import StrEnum

from domain.errors import N_, Refusal


class State(StrEnum):
    OPENED = "opened"
    """Written; no day counts before the person has it."""
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    """Its months are over; somebody has to decide."""
    PASSED = "passed"
    """And watched for three months."""
    FAILED = "failed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class PauseReason(StrEnum):
    TRANSFER = "transfer"
    MENTOR_LEFT = "mentor_left"
    LONG_LEAVE = "long_leave"
    ALERT_WITHDRAWN = "alert_withdrawn"
    """A miss that it stands on was undone."""
    OTHER = "other"


class NotAMove(Refusal):
    """The plan does not move there."""


MOVES: dict[State, frozenset[State]] = {
    State.OPENED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.PAUSED, State.ENDED, State.CANCELLED}),
    State.PAUSED: frozenset({State.RUNNING, State.CANCELLED}),
    State.ENDED: frozenset({State.RUNNING, State.PASSED, State.FAILED, State.CANCELLED}),
    State.PASSED: frozenset({State.CLOSED}),
    State.FAILED: frozenset(),
    State.CLOSED: frozenset(),
    State.CANCELLED: frozenset(),
}
OPEN = frozenset({State.OPENED, State.RUNNING, State.PAUSED, State.ENDED})
"""Nothing is decided yet: targets are frozen, and misses start no alert."""


def move(state: State, to: State) -> State:
    """The state that the plan comes into. Raises NotAMove."""
    if to not in MOVES[state]:
        raise NotAMove(N_("An improvement plan that is {state} does not become {to}."), state=state, to=to)
    return to
