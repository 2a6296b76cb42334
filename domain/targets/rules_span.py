"""What a round of targets is for: a year, a quarter or a month, and how it swells and ebbs. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.errors import N_, BadInput
from domain.periods import Period, PeriodKind, parse_planned, year_of

_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Span:
    """Whole months in a row: `2026`, `2026-Q3` or `2026-07`."""

    key: str
    months: tuple[Period, ...]

    @classmethod
    def parse(cls, key: str) -> Span:
        """Raises ValueError with a sentence fit for the person who wrote the key."""
        if _YEAR.fullmatch(key):
            return cls(key, tuple(Period.month(int(key), number) for number in range(1, 13)))
        period = Period.parse(key)
        if period.kind is PeriodKind.WEEK:
            raise ValueError(f'"{key}" is a week: targets are agreed for a month, a quarter or a year.')
        return cls(key, period.months())

    def __str__(self) -> str:
        return self.key


def parse_span(text: str, today: date) -> Span:
    """What a person means: `2026`, `next year`, `august`, `last quarter`, `上季度`, `八月`.

    What has no year is read as `parse_planned` does. Raises PeriodNotUnderstood, and BadInput for a week.
    """
    year = year_of(text, today)
    return Span.parse(f"{year:04}") if year is not None else span_of(parse_planned(text, today))


def span_of(period: Period) -> Span:
    """Raises BadInput for a week, which has no targets."""
    if period.kind is PeriodKind.WEEK:
        raise BadInput(
            N_(
                "{period} is a week: targets are for a month, a quarter or a year. Write 2026-08, q3 or 2026."
            ),
            period=period.key,
        )
    return Span.parse(period.key)


@dataclass(frozen=True)
class Season:
    """The weight of each month of a span, in order; a month of twice the weight takes twice as much."""

    weights: tuple[Decimal, ...]

    @classmethod
    def level(cls, span: Span) -> Season:
        return cls((Decimal(1),) * len(span.months))

    @classmethod
    def of(cls, span: Span, weights: Sequence[Decimal]) -> Season:
        """Raises ValueError with a sentence unless each month has a weight of 0 or more, and one counts."""
        if len(weights) != len(span.months):
            raise ValueError(f"{span} has {len(span.months)} months: give a weight for each of them.")
        if min(weights) < 0 or not any(weights):
            raise ValueError("The weights of a season are 0 or more, and not all of them 0.")
        return cls(tuple(weights))
