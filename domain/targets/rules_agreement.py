"""How a target is agreed: who may move what, from where to where. Pure. By when: `domain.judges`.

Silence is never acceptance: what is not answered is reminded of, then passed up.
"""

from __future__ import annotations

from enum import StrEnum


class TargetState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    REVISED = "revised"
    UPHELD = "upheld"


class Move(StrEnum):
    CONFIRM = "confirm"
    APPEAL = "appeal"
    REVISE = "revise"
    UPHOLD = "uphold"
    ESCALATE = "escalate"


MOVES: dict[tuple[TargetState, Move], TargetState] = {
    (TargetState.PROPOSED, Move.CONFIRM): TargetState.CONFIRMED,
    (TargetState.PROPOSED, Move.APPEAL): TargetState.APPEALED,
    (TargetState.APPEALED, Move.REVISE): TargetState.REVISED,
    (TargetState.APPEALED, Move.UPHOLD): TargetState.UPHELD,
    (TargetState.APPEALED, Move.ESCALATE): TargetState.APPEALED,
}
OF_THE_OWNER = frozenset({Move.CONFIRM, Move.APPEAL})
OPEN = frozenset({TargetState.PROPOSED, TargetState.APPEALED})


def after(state: TargetState, move: Move) -> TargetState | None:
    """The state that a move leads to; None where it is not allowed from there."""
    return MOVES.get((state, move))
