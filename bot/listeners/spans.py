"""Reading `/targets East 2026-Q3`: a unit, what it is for, both or neither, in either order."""

import re
from dataclasses import dataclass
from datetime import date

from bot.listeners.arguments import parse_unit_and_period
from domain.errors import BadInput, NotFound
from domain.people.model import Unit
from domain.people.service import UnitTree
from domain.periods import Period, PeriodKind
from domain.targets.rules_span import Span

_YEAR = re.compile(r"20[0-9]{2}")
_ANY_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class UnitAndSpan:
    unit: Unit | None
    span: Span
    """The month that runs, where none was typed."""


def read_unit_and_span(text: str, tree: UnitTree, today: date) -> UnitAndSpan:
    """Raises NotFound, with suggestions, for what is misspelt; BadInput for a week, which has no targets."""
    years = [word for word in text.split() if _YEAR.fullmatch(word)]
    try:
        found = parse_unit_and_period(text, tree, today)
    except NotFound:
        if len(years) != 1:
            raise
        return UnitAndSpan(_unit_beside(text, years[0], tree, today), Span.parse(years[0]))
    period = found.period or Period.containing(PeriodKind.MONTH, today)
    if period.kind is PeriodKind.WEEK:
        raise BadInput(
            "{period} is a week: targets are for a month, a quarter or a year. Write 2026-08, q3 or 2026.",
            period=period.key,
        )
    if not _ANY_YEAR.search(text):
        period = _nearest(period, today)
    return UnitAndSpan(found.unit, Span.parse(period.key))


def _nearest(period: Period, today: date) -> Period:
    """A name without a year is read as one that has been; targets are looked at ahead of their time, too."""
    ahead = Period.containing(period.kind, period.start.replace(year=period.start.year + 1))
    return ahead if ahead.start - today < today - period.start else period


def _unit_beside(text: str, year: str, tree: UnitTree, today: date) -> Unit | None:
    others = " ".join(word for word in text.split() if word != year)
    return parse_unit_and_period(others, tree, today).unit if others else None
