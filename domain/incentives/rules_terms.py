"""What HR writes for a personal term: a rate as 2.5% or 0.025, an amount as 1500. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from domain.errors import N_, BadField
from domain.plain import plain, quoted

VALUE = "value"
"""The field of the form."""
LARGEST = Decimal(10**12)
RATE_PLACES, MONEY_PLACES = 10, 4
USUAL_MOST = Decimal("0.5")
TIMES_THE_PLANS = 10
"""A rate may be this many times the highest of any plan's bands; up to half of what is sold always."""

_NUMBER = re.compile(r"(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?P<fraction>\.[0-9]+)?(?P<percent> ?%)?")


class TermKind(StrEnum):
    RATE = "rate"
    """One rate in the place of the plan's bands."""
    BASE = "base"
    """A month's base in the place of the plan's."""
    WAGE = "wage"
    """The fixed wage of a month: pays nothing, limits what may be taken for a loss (LCL, R13)."""


def term_value(kind: TermKind, text: str) -> Decimal:
    """What was written: 2.5% is 0.025. Raises BadField."""
    typed = unicodedata.normalize("NFKC", text).strip()
    found = _NUMBER.fullmatch(typed)
    if found is None or (found["percent"] and kind is not TermKind.RATE):
        raise _no_number(kind, text.strip())
    number = Decimal(found["digits"].replace(",", "") + (found["fraction"] or ""))
    value = number.scaleb(-2) if found["percent"] else number
    require_value(kind, value)
    return value


def require_value(kind: TermKind, value: Decimal) -> None:
    """Raises BadField."""
    places = RATE_PLACES if kind is TermKind.RATE else MONEY_PLACES
    if not value.is_finite() or not 0 <= value < LARGEST or value % Decimal(1).scaleb(-places):
        raise BadField(
            VALUE,
            N_("Write a number of 0 or more with at most {places} digits after the point."),
            places=places,
        )


def require_plausible(rate: Decimal, highest: Decimal) -> None:
    """`highest`: of the bands of all plans. Raises BadField."""
    most = max(USUAL_MOST, highest * TIMES_THE_PLANS)
    if rate > most:
        raise BadField(
            VALUE,
            N_('This says {percent}%, and a rate is at most {most}%: for 2.5% write "2.5%" or 0.025.'),
            percent=plain(rate.scaleb(2)),
            most=plain(most.scaleb(2)),
        )


def _no_number(kind: TermKind, text: str) -> BadField:
    if kind is TermKind.RATE:
        return BadField(VALUE, N_('"{text}" is no rate: write it like 2.5% or 0.025.'), text=quoted(text))
    return BadField(VALUE, N_('"{text}" is no amount: write it like 1500 or 1,500.50.'), text=quoted(text))
