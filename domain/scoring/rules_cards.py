"""What scoring answers with. A card holds every number that a reader may ask *Why?* about.

All amounts are exact decimals; readings are exact fractions, printed half-up to 6 places.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.periods import Period
from domain.plans.rules import Anchor, Gate
from domain.scoring.rules_exact import exact_sum, half_up
from domain.scoring.rules_targets import Baseline, PersonTarget

READING_PLACES = 6


class CardStatus(StrEnum):
    RUNNING = "running"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_ASSESSED = "not_assessed"


class LineKind(StrEnum):
    INDICATOR = "indicator"
    DEDUCTION = "deduction"
    FLOOR = "floor"


class LineStatus(StrEnum):
    ASSESSED = "assessed"
    NOT_ASSESSED = "not_assessed"
    UNKNOWN = "unknown"


class LineReason(StrEnum):
    """Why a line is not assessed or unknown."""

    NO_TARGET = "no_target"
    ZERO_TARGET = "zero_target"
    ZERO_DENOMINATOR = "zero_denominator"
    NO_BASELINE = "no_baseline"
    """Nothing to compare with: the months before came to 0 or less, or under half of their days count."""
    NOT_COVERED = "not_covered"


class Miss(StrEnum):
    MISS = "miss"
    HIT = "hit"
    EXEMPT = "exempt"


class Reason(StrEnum):
    """Why a card has no score, is not ranked, or is exempt from hit and miss."""

    NOT_COVERED = "not_covered"
    NO_ELIGIBLE_DAY = "no_eligible_day"
    TOO_LITTLE_ASSESSED = "too_little_assessed"
    IN_RAMP = "in_ramp"
    UNDER_HALF_ELIGIBLE = "under_half_eligible"
    MISS_INDICATOR_NOT_ASSESSED = "miss_indicator_not_assessed"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a card.

    Indicator: `actual` is the measure's value or the ratio's numerator, `denominator` the ratio's; `measures`
    are the quantities read. Deduction: `actual` is the measure's value, `points` those of one unit,
    `uncapped` the product before the cap.
    `contribution` is set only on cards with a score, is negative for deductions, and adds up to the score.
    """

    kind: LineKind
    name: str
    status: LineStatus = LineStatus.ASSESSED
    reason: LineReason | None = None
    measures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Of the measures that the line rests on, those that are not covered."""
    actual: Decimal | None = None
    denominator: Decimal | None = None
    target: PersonTarget | None = None
    reading: Fraction | None = None
    segment: tuple[Anchor, Anchor] | None = None
    """The anchors around the reading; the same one twice beyond the curve's ends."""
    points: Decimal | None = None
    weight: Decimal | None = None
    uncapped: Decimal | None = None
    cap: Decimal | None = None
    contribution: Decimal | None = None
    weighed_by_tier: bool = False
    """Whether the weight depends on the tier that the period was started with."""
    baseline: Baseline | None = None
    """What the target comes from, where it is what the person achieved before."""
    nameless: int = 0
    """Purchases of a repurchase that are left out, for want of a customer."""

    @property
    def printed_reading(self) -> Decimal | None:
        return None if self.reading is None else half_up(self.reading, READING_PLACES)


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate of the plan; `value` is what it compared, none where that is not assessed or divides by 0."""

    gate: Gate
    value: Fraction | None
    holds: bool
    lowered: bool
    """Whether the cap is below the tier that the score reached."""


@dataclass(frozen=True, slots=True)
class Card:
    """One person's scorecard for one period."""

    employee_id: str
    period: Period
    status: CardStatus
    lines: tuple[Line, ...]
    score: Decimal | None
    unscored_because: Reason | None
    tier: str | None
    tier_before_gates: str | None
    gates: tuple[GateResult, ...]
    miss: Miss | None
    """None while the period runs."""
    exempt_because: Reason | None
    unranked_because: Reason | None
    missing: tuple[str, ...]
    """The measures that are not covered."""
    eligible_days: int
    days: int
    """Days of the window: of the period, or of its covered part while it runs."""
    as_of: date | None
    """Of a running card: the last day its actuals cover."""
    ramp_months: int
    """Months since the month of hire, in the period's first month."""
    in_ramp: bool
    assessed_weight: Decimal
    total_weight: Decimal

    @property
    def rankable(self) -> bool:
        return self.unranked_because is None

    @property
    def deductions(self) -> Decimal:
        """What the deductions take off, as a positive number."""
        taken = (line.contribution for line in self.lines if line.kind is LineKind.DEDUCTION)
        return exact_sum(amount.copy_abs() for amount in taken if amount is not None)
