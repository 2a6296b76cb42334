"""Which sales a later refund or overdue amount of the same customer falls on. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from domain.incentives.rules_money import minor
from domain.incentives.rules_pay import ON_MEASURE, Part
from domain.periods import Period


@dataclass(frozen=True, order=True)
class Event:
    """Money that a customer did not pay, or got back: `measure` names the rules it is under."""

    day: date
    measure: str
    value: Decimal


@dataclass(frozen=True)
class Sale:
    """A record that commission was paid on, and for how many months after its own it may be taken back."""

    day: date
    record: tuple[str, str]
    measure: str
    value: Decimal
    within_months: dict[str, int]
    """By measure of an event; the rules of the plan that paid."""


@dataclass(frozen=True)
class Fallen:
    """What of a sale an event of a measure takes back."""

    sale: Sale
    measure: str
    value: Decimal


def fall(events: Iterable[Event], sales: Sequence[Sale]) -> list[Fallen]:
    """Of one customer of one person: each event falls on the newest sales before it, each sale once."""
    newest_first = sorted(sales, key=lambda sale: (sale.day, sale.record), reverse=True)
    left = {sale.record: sale.value for sale in newest_first}
    taken: dict[tuple[tuple[str, str], str], Decimal] = defaultdict(Decimal)
    for event in sorted(events):
        wanted = event.value
        for sale in newest_first:
            if wanted <= 0:
                break
            if _is_under(event, sale):
                part = min(wanted, left[sale.record])
                left[sale.record] -= part
                wanted -= part
                taken[sale.record, event.measure] += part
    by_record = {sale.record: sale for sale in newest_first}
    return [Fallen(by_record[record], measure, value) for (record, measure), value in taken.items() if value]


def _is_under(event: Event, sale: Sale) -> bool:
    months = sale.within_months.get(event.measure)
    return months is not None and sale.day <= event.day and months_between(sale.day, event.day) <= months


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


@cache
def months_back(month: Period, count: int) -> Period:
    for _ in range(count):
        month = month.previous()
    return month


def still_paid(parts: Mapping[Part, int]) -> int:
    """What a month's commission on the measure comes to by now, after quality and cap; in minor units.

    `parts`: the sums of `rules_pay.COMMISSION`, as far as there are any.
    """
    on_measure = sum(parts.get(part, 0) for part in ON_MEASURE)
    multiplied = on_measure + parts.get(Part.RATE, 0)
    paid = Fraction(on_measure)
    if multiplied:
        paid *= 1 + Fraction(parts.get(Part.QUALITY, 0), multiplied)
    return max(minor(paid + parts.get(Part.CAP, 0), 0), 0)
