"""Exact arithmetic: sums that never round, and the one rounding there is (half-up, half away from zero)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Clamped, Context, Decimal, Inexact, InvalidOperation, Overflow, Rounded
from fractions import Fraction
from functools import reduce

_NEVER_ROUNDS = Context(prec=400, traps=[Clamped, Inexact, InvalidOperation, Overflow, Rounded])


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum to the last digit, whatever the order and the ambient decimal context."""
    return reduce(_NEVER_ROUNDS.add, values, Decimal(0))


def half_up(number: Fraction, places: int) -> Decimal:
    """Round to `places` decimals, a half away from zero: 0.005 -> 0.01, -0.005 -> -0.01."""
    scaled, half = abs(number.numerator) * 10**places, number.denominator
    units = (2 * scaled + half) // (2 * half)
    return Decimal(f"{units if number >= 0 else -units}E-{places}")
