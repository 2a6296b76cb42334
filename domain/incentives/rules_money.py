"""Amounts of money in a currency's minor unit: 12.34 CNY is 1234, 12 JPY is 12. Pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from babel.numbers import get_currency_precision

from domain.scoring.rules_exact import half_up


def digits_of(currency: str) -> int:
    """After the point: CNY 2, JPY 0, KWD 3."""
    return int(get_currency_precision(currency))


def minor(amount: Fraction | Decimal, digits: int) -> int:
    """Half-up (half away from zero) to the minor unit."""
    return int(half_up(amount, digits).scaleb(digits))


def minor_down(amount: Fraction, digits: int) -> int:
    """For a limit: the largest amount that does not exceed it; never below 0."""
    return max(int(amount * 10**digits // 1), 0)


def major(amount: int, digits: int) -> Decimal:
    return Decimal(amount).scaleb(-digits)


def exact_text(number: Fraction | Decimal | int) -> str:
    """`0.0065` where the number is a decimal, else `13/3000`; all its digits and no more."""
    number = Fraction(number)
    twos = fives = 0
    rest = number.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(number)
    places = max(twos, fives)
    whole = number.numerator * 10**places // number.denominator
    return f"{Decimal(f'{whole}E-{places}'):f}"
