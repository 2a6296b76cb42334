"""The circuit breaker over a day's alerts, and whether an alert still stands. See "Streaks and alerts"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

from domain.periods import Period
from domain.scoring.rules_streaks import Streak

FEWEST_ALERTS_HELD = 5
SMALLEST_UNIT_JUDGED = 20
LARGEST_SHARE = Fraction(1, 5)
MONTHS_FOR_A_MEAN = 6
LARGEST_MULTIPLE = 3


class HoldReason(StrEnum):
    """Why a day's alerts wait for HR, or one of them for an answer or a card."""

    SHARE_OF_UNIT = "share_of_unit"
    MULTIPLE_OF_MEAN = "multiple_of_mean"
    OPEN_DISPUTE = "open_dispute"
    """The person disputes a card that it tells of: it goes by itself once that is answered."""
    RESTATEMENT = "restatement"
    """A record of such a card was corrected: it goes by itself once HR restates the card, or leaves it."""


FOR_THE_PERSON = frozenset({HoldReason.OPEN_DISPUTE, HoldReason.RESTATEMENT})
"""They hold one person's alert, which goes by itself; the others hold a day's, until HR lets them go."""


def circuit_breaker(
    alerts_today: int, unit_size: int, earlier_month_counts: Sequence[int]
) -> HoldReason | None:
    """Whether a unit's alerts of a day are too many to be true; usually the data or the target is wrong.

    They are where there are at least 5 of them, and they are more than a fifth of a unit of 20 or more, or
    more than three times the mean of at least 6 earlier months' alerts.
    """
    if alerts_today < FEWEST_ALERTS_HELD:
        return None
    if unit_size >= SMALLEST_UNIT_JUDGED and alerts_today > LARGEST_SHARE * unit_size:
        return HoldReason.SHARE_OF_UNIT
    months = len(earlier_month_counts)
    if months >= MONTHS_FOR_A_MEAN and alerts_today * months > LARGEST_MULTIPLE * sum(earlier_month_counts):
        return HoldReason.MULTIPLE_OF_MEAN
    return None


def still_stands(told: Iterable[Period], streaks: Iterable[Streak]) -> bool:
    """Whether the months that an alert tells of are still missed in a row, among others perhaps."""
    months = set(told)
    return any(months <= set(streak.missed) for streak in streaks)
