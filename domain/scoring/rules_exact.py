"""Exact arithmetic: nothing rounds but `half_up` and `half_up_quotient` (half away from zero).

Products and sums stay decimals, which are fast; only quotients become fractions.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Clamped, Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from functools import reduce

_DIGITS = 400
"""Far more than any product or sum of records, targets and plan numbers has."""

_NEVER_ROUNDS = Context(prec=_DIGITS, traps=[Clamped, Inexact, InvalidOperation, Overflow])
_HALF_UP = Context(prec=_DIGITS, rounding=ROUND_HALF_UP, traps=[InvalidOperation, Overflow])


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum to the last digit, whatever the order and the ambient decimal context."""
    return reduce(_NEVER_ROUNDS.add, values, Decimal(0))


def product(first: Decimal, second: Decimal | int) -> Decimal:
    """The product to the last digit."""
    return _NEVER_ROUNDS.multiply(first, second)


def quotient(numerator: Decimal, denominator: Decimal) -> Fraction:
    """The exact quotient. Raises ZeroDivisionError."""
    above, below = numerator.as_integer_ratio(), denominator.as_integer_ratio()
    return Fraction(above[0] * below[1], above[1] * below[0])


def half_up(number: Fraction | Decimal, places: int) -> Decimal:
    """Round to `places` decimals, a half away from zero: 0.005 -> 0.01, -0.005 -> -0.01."""
    if isinstance(number, Decimal):
        rounded = number.quantize(Decimal(1).scaleb(-places), context=_HALF_UP)
        return rounded if rounded else abs(rounded)
    return _rounded(number.numerator, number.denominator, places)


def half_up_quotient(numerator: Decimal, denominator: Decimal, places: int) -> Decimal:
    """`half_up` of a quotient whose denominator is above 0."""
    above, below = numerator.as_integer_ratio(), denominator.as_integer_ratio()
    return _rounded(above[0] * below[1], above[1] * below[0], places)


def _rounded(numerator: int, denominator: int, places: int) -> Decimal:
    units = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return Decimal(f"{units if numerator >= 0 else -units}E-{places}")
