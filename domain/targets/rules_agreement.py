"""How a target is agreed: who may move what, from where to where, and by when. Pure.

Silence is never acceptance: what is not answered is reminded of, then passed up. Nobody judges an appeal of
their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from domain.working_days import WorkingDays

DAYS_TO_ANSWER = 5
"""Working days, for the owner and then for each judge, unless the policy says otherwise."""
DAY_BEFORE, ON_THE_DAY, TWO_DAYS_AFTER = -1, 0, 2
"""When somebody is reminded, in working days from the due day; the last one also escalates."""


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


def judges(asked_id: int, above: Sequence[int | None]) -> tuple[int, ...]:
    """Who may judge an appeal of somebody, nearest first: those above, without the one who appeals."""
    found = dict.fromkeys(one for one in above if one is not None and one != asked_id)
    return tuple(found)


def next_judge(ladder: Sequence[int], judge: int | None) -> int | None:
    """The one above a judge; None above the last: HR."""
    if judge is None or judge not in ladder:
        return None
    later = ladder[ladder.index(judge) + 1 :]
    return later[0] if later else None


def due_on(days: WorkingDays, asked_on: date, to_answer: int = DAYS_TO_ANSWER) -> date:
    return days.add(asked_on, to_answer)


def reminders_due(days: WorkingDays, due: date, today: date) -> tuple[int, ...]:
    """Which of the reminders' days have come, the oldest first."""
    return tuple(
        offset for offset in (DAY_BEFORE, ON_THE_DAY, TWO_DAYS_AFTER) if days.add(due, offset) <= today
    )
