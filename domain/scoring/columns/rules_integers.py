"""Integer arithmetic on columns: exact, or known not to be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LARGEST = 2**61
"""What no product or sum on the way may reach, so that twice as much still fits 64 bits."""

READING_PLACES = 6
_STEP, _STEPS = 1000, 2
"""A long division yields the places of a reading in two steps of three digits."""


def scaled(number: Decimal, places: int) -> int | None:
    """`number` × 10^places, None where that is no whole number."""
    whole = Fraction(number) * _ten_to(places)
    return whole.numerator if whole.denominator == 1 else None


def _ten_to(places: int) -> int:
    return int(10**places)


def least_above(number: Decimal, places: int) -> int:
    """The smallest whole number of 10^-places that is above `number`."""
    return floor(Fraction(number) * _ten_to(places)) + 1


def least_from(number: Decimal | Fraction, places: int) -> int:
    """The smallest whole number of 10^-places that is `number` or above."""
    return ceil(Fraction(number) * _ten_to(places))


def half_up(numerators: Integers, denominators: Integers | int) -> Integers:
    """Quotients as whole numbers, a half away from zero; denominators above 0, numerators below LARGEST."""
    below: Integers = np.asarray(denominators, dtype=np.int64)
    rounded: Integers = (2 * np.abs(numerators) + below) // (2 * below)
    return np.where(numerators < 0, -rounded, rounded)


def too_large(*factors: Integers | int) -> Flags:
    """Where a product's size could reach LARGEST. Floats are good enough to be careful with."""
    size: npt.NDArray[np.float64] = np.ones(1)
    for factor in factors:
        size = size * np.abs(np.asarray(factor, dtype=np.float64))
    return size > LARGEST * 0.99


@dataclass(frozen=True, slots=True)
class Quotients:
    """Exact quotients: `floor` whole 10^-6, and `rest / below` of another one, from 0 up to 1 excluded."""

    floor: Integers
    rest: Integers
    below: Integers
    printed: Integers
    """Half up to 6 places."""
    defined: Flags
    """Where the denominator is not 0."""
    unsure: Flags
    """Where the numbers are too large to be computed with here; the others then mean nothing."""


def divide(numerators: Integers, denominators: Integers, largest_below: int) -> Quotients:
    """Divide; denominators are reduced where they exceed `largest_below`."""
    defined = denominators != 0
    above, below = np.abs(numerators), np.where(defined, np.abs(denominators), 1)
    above, below = _reduced(above, below, largest_below)
    unsure = below > largest_below
    whole, rest = np.divmod(above, np.where(unsure, 1, below))
    unsure |= whole > LARGEST // 10**READING_PLACES
    whole, rest = np.where(unsure, 0, whole), np.where(unsure, 0, rest)
    below = np.where(unsure, 1, below)
    for _ in range(_STEPS):
        digits, rest = np.divmod(rest * _STEP, below)
        whole = whole * _STEP + digits
    negative = (numerators < 0) != (denominators < 0)
    printed = whole + (2 * rest >= below)
    goes_on = rest > 0
    return Quotients(
        floor=np.where(negative, -whole - goes_on, whole),
        rest=np.where(negative & goes_on, below - rest, rest),
        below=below,
        printed=np.where(negative, -printed, printed),
        defined=defined,
        unsure=unsure & defined,
    )


def _reduced(above: Integers, below: Integers, largest_below: int) -> tuple[Integers, Integers]:
    """Cancel what is common, where the denominator is large; it takes long."""
    (large,) = np.nonzero(below > largest_below)
    if len(large):
        common = np.gcd(above[large], below[large])
        above, below = above.copy(), below.copy()
        above[large] //= common
        below[large] //= common
    return above, below
