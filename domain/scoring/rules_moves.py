"""Where another score would stand, told by the scores next to the own place alone.

A unit's members may try out as many own scores as they like: an exact place would let them find everybody's.
The two scores beside the own one they know from the ranking, so these tell nothing new.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Beside(StrEnum):
    """Next to the better and the worse score beside the own place."""

    PAST_ABOVE = "past_above"
    LEVEL_ABOVE = "level_above"
    AHEAD_OF_BELOW = "ahead_of_below"
    """Lower than now; those who share the place now would be ahead."""
    LEVEL_BELOW = "level_below"
    BEHIND_BELOW = "behind_below"


@dataclass(frozen=True)
class OwnPlace:
    """A place in a ranking and what the ranking says around it."""

    rank: int
    out_of: int
    score: Decimal
    above: Decimal | None
    """The next better score; None where there is none."""
    below: Decimal | None


def place_with(own: OwnPlace, score: Decimal) -> int | Beside:
    """A rank where it follows from what is known, else how the score stands beside its neighbours."""
    if score > own.score:
        if own.above is None or score < own.above:
            return own.rank
        return Beside.LEVEL_ABOVE if score == own.above else Beside.PAST_ABOVE
    if score == own.score:
        return own.rank
    if own.below is None:
        return own.out_of
    if score > own.below:
        return Beside.AHEAD_OF_BELOW
    return Beside.LEVEL_BELOW if score == own.below else Beside.BEHIND_BELOW
