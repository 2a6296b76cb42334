"""What a card says of its lock: by whom, its versions, and the records that came too late. Plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.periods import Period


class AdjustmentReason(StrEnum):
    LATE = "late"
    """The record came after the lock."""
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Version:
    """1 is the card of the lock, of which nobody gave a reason; or one that was made later, with a reason."""

    number: int
    score: Decimal | None
    tier: str | None
    on: date
    by: str
    because: str | None


@dataclass(frozen=True)
class Adjusted:
    """A record that came, changed or went too late: what counted before, and what would count now."""

    reason: AdjustmentReason
    measure: str
    record: str
    """Its source and its id there."""
    occurred_on: date
    old_value: Decimal
    new_value: Decimal
    locked: Period
    booked: Period


@dataclass(frozen=True)
class Adjustments:
    """The latest of them, newest first, and how many there are."""

    shown: tuple[Adjusted, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class CardNotes:
    plan_version: int
    locked_on: date | None
    locked_by: str | None
    versions: tuple[Version, ...]
    """None unless the card was restated; oldest first."""
    late: Adjustments
    """Of this period, and booked in a later one."""
    booked: Adjustments
    """Of earlier periods, and booked in this one."""
