"""Reading `/targets East 2026-Q3`: a unit, what it is for, both or neither, in either order."""

from dataclasses import dataclass
from datetime import date

from bot.listeners.arguments import parse_unit_and_period
from domain.errors import NotFound
from domain.people.model import Unit
from domain.people.service import UnitTree
from domain.periods import Period, PeriodKind, parse_planned, year_of
from domain.targets.rules_span import Span, span_of

MOST_WORDS_OF_A_YEAR = 2


@dataclass(frozen=True)
class UnitAndSpan:
    unit: Unit | None
    span: Span
    """The month that runs, where none was typed."""


def read_unit_and_span(text: str, tree: UnitTree, today: date) -> UnitAndSpan:
    """Raises NotFound, with suggestions, for what is misspelt; BadInput for a week, which has no targets."""
    try:
        found = parse_unit_and_period(text, tree, today, parse_planned)
    except NotFound:
        year, others = _year_and_others(text.split(), today)
        if year is None:
            raise
        unit = parse_unit_and_period(others, tree, today, parse_planned).unit if others else None
        return UnitAndSpan(unit, Span.parse(f"{year:04}"))
    return UnitAndSpan(found.unit, span_of(found.period or Period.containing(PeriodKind.MONTH, today)))


def _year_and_others(words: list[str], today: date) -> tuple[int | None, str]:
    """The year at either end, and the words beside it."""
    for count in range(min(MOST_WORDS_OF_A_YEAR, len(words)), 0, -1):
        rest = len(words) - count
        for named, others in ((words[rest:], words[:rest]), (words[:count], words[count:])):
            year = year_of(" ".join(named), today)
            if year is not None:
                return year, " ".join(others)
    return None, ""
