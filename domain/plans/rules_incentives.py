"""What a plan pays: its section `[incentives]`. `rules_incentives_file` reads one; every number is exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from domain.plans.rules import Curve


@dataclass(frozen=True)
class MeasureRate:
    """`rate` for each unit of a measure, whatever the target: 12 a new customer, 0.001 of a volume."""

    name: str
    measure: str
    rate: Decimal


@dataclass(frozen=True)
class Band:
    """From an attainment up to, but not including, the next band's; the last has no end."""

    from_reading: Decimal
    to_reading: Decimal | None
    rate: Decimal


@dataclass(frozen=True)
class Commission:
    """Each part of the measure is paid at the rate of the band of attainment that it lies in."""

    indicator: str
    measure: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Steps:
    """A factor that holds from a reading up to the next step; below the first one `before` holds."""

    steps: tuple[tuple[Decimal, Decimal], ...]

    def factor(self, reading: Fraction, before: Fraction) -> Fraction:
        reached = [factor for start, factor in self.steps if Fraction(start) <= reading]
        return Fraction(reached[-1]) if reached else before


@dataclass(frozen=True)
class Quality:
    """What commission is multiplied by: read from another indicator, or by the card's tier."""

    indicator: str | None
    curve: Curve | None = None
    steps: Steps | None = None
    tiers: tuple[tuple[str, Decimal], ...] = ()

    def factor(self, reading: Fraction | None, tier: str | None) -> Fraction | None:
        """None where there is nothing to read: then nothing is multiplied."""
        if self.indicator is None:
            return next((Fraction(factor) for name, factor in self.tiers if name == tier), None)
        if reading is None:
            return None
        if self.curve is not None:
            return self.curve.points(reading)
        return self.steps.factor(reading, Fraction(1)) if self.steps is not None else None


@dataclass(frozen=True)
class PayDeduction:
    """`amount` for each unit of a measure, at most `cap`; `loss`: as compensation for a loss (LCL, R13)."""

    name: str
    measure: str
    amount: Decimal
    cap: Decimal | None
    loss: bool


@dataclass(frozen=True)
class Clawback:
    """Takes back the commission on what a customer bought, as far as a later measure names the customer.

    A flow (refunds) counts as its sum, a stock (overdue balances) as what stands at the month's end.
    """

    name: str
    measure: str
    within_months: int
    """After the month of the sale."""
    loss: bool


class PoolShare(StrEnum):
    SCORE = "score"
    ATTAINMENT = "attainment"
    EQUALLY = "equally"


@dataclass(frozen=True)
class Pool:
    """`amount` for each member, times the factor of the team's attainment, shared out in the team."""

    indicator: str
    amount: Decimal
    steps: Steps
    by: PoolShare


@dataclass(frozen=True)
class Incentives:
    """The section as a whole. Amounts are in the currency's units (yuan, not fen)."""

    currency: str | None
    """None: the company's."""
    base: Decimal
    """Of a month in which every day counts."""
    rates: tuple[MeasureRate, ...]
    commission: Commission | None
    quality: Quality | None
    deductions: tuple[PayDeduction, ...]
    clawbacks: tuple[Clawback, ...]
    cap: Decimal | None
    pool: Pool | None

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Those whose value pays or costs something by itself, each once."""
        named = [rate.measure for rate in self.rates] + [one.measure for one in self.deductions]
        return tuple(dict.fromkeys(named))

    @property
    def rules(self) -> int:
        """How many there are: each rate, deduction and clawback, and each of the parts there is one of."""
        single = (self.base or None, self.commission, self.quality, self.cap, self.pool)
        there = sum(part is not None for part in single)
        return there + len(self.rates) + len(self.deductions) + len(self.clawbacks)

    @property
    def measures_named(self) -> tuple[str, ...]:
        """Those of rates, commission, deductions and clawbacks, each once."""
        named = [rate.measure for rate in self.rates]
        named += [self.commission.measure] if self.commission else []
        named += [one.measure for one in self.deductions] + [one.measure for one in self.clawbacks]
        return tuple(dict.fromkeys(named))
