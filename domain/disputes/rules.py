"""How a dispute goes: who may move what, from where to where. Pure. Who judges and by when: `domain.judges`.

An open dispute is never closed by silence: what is not answered is reminded of, then passed up.
"""

from enum import StrEnum


class DisputeState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    DISPUTE = "dispute"
    """Begins it: there is no state before."""
    CORRECT_PART = "part"
    """A record is corrected, more is to follow."""
    CORRECT = "correct"
    """A record is corrected, and that is the answer."""
    EXPLAIN = "explain"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"
    RESTATE = "restate"
    """HR has the locked card scored again, with what was corrected."""
    KEEP = "keep"
    """HR leaves the locked card as it is, and says why."""


MOVES: dict[tuple[DisputeState, Move], DisputeState] = {
    (DisputeState.OPEN, Move.CORRECT_PART): DisputeState.OPEN,
    (DisputeState.OPEN, Move.CORRECT): DisputeState.ANSWERED,
    (DisputeState.OPEN, Move.EXPLAIN): DisputeState.ANSWERED,
    (DisputeState.OPEN, Move.ESCALATE): DisputeState.OPEN,
    (DisputeState.OPEN, Move.WITHDRAW): DisputeState.WITHDRAWN,
    **{(state, Move.RESTATE): state for state in DisputeState},
    (DisputeState.ANSWERED, Move.KEEP): DisputeState.ANSWERED,
    (DisputeState.WITHDRAWN, Move.KEEP): DisputeState.WITHDRAWN,
}
OF_THE_OWNER = frozenset({Move.DISPUTE, Move.WITHDRAW})
OF_THE_JUDGE = frozenset({Move.CORRECT_PART, Move.CORRECT, Move.EXPLAIN, Move.ESCALATE})
OF_HR = frozenset({Move.RESTATE, Move.KEEP})
"""After a record of a locked card was corrected: one of them, before the owner's alerts go on."""
ENDS = frozenset({Move.CORRECT, Move.EXPLAIN, Move.WITHDRAW})
"""Close the dispute."""
CORRECTIONS = frozenset({Move.CORRECT_PART, Move.CORRECT})


def after(state: DisputeState, move: Move) -> DisputeState | None:
    """The state that a move leads to; None where it is not allowed from there."""
    return MOVES.get((state, move))


def moves_of_judge(*, has_records: bool, is_hr_last: bool) -> frozenset[Move]:
    """What a judge may do with an open dispute: only records are corrected, nobody is above HR."""
    impossible = set() if has_records else set(CORRECTIONS)
    if is_hr_last:
        impossible.add(Move.ESCALATE)
    return OF_THE_JUDGE - impossible
