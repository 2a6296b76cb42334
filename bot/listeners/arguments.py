"""Reading `/ranking West last month`: a unit, a period, both or neither, in either order."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from domain.errors import N_, NotFound
from domain.people.model import Unit
from domain.people.service import UnitTree
from domain.periods import Period, PeriodNotUnderstood, parse_human
from domain.plain import quoted

Reader = Callable[[str, date], Period]
"""`parse_human`, or `parse_planned` where people look ahead as well."""
MOST_SUGGESTIONS = 3
MOST_WORDS_OF_A_PERIOD = 6


@dataclass(frozen=True)
class UnitAndPeriod:
    """What was typed; None for a part that was left out."""

    unit: Unit | None
    period: Period | None


class SeveralUnits(NotFound):
    """What was typed, beside a period perhaps, is the name of several units."""

    def __init__(self, text: str, units: list[Unit], period: Period | None) -> None:
        super().__init__(
            N_("Several units are called {unit}: {units}. Type the whole path."),
            unit=quoted(text),
            units=[unit.path for unit in units],
        )
        self.units = units
        self.period = period


def parse_unit_and_period(
    text: str, tree: UnitTree, today: date, read: Reader = parse_human
) -> UnitAndPeriod:
    """Raises NotFound, with suggestions, for a unit that is misspelt or fits several."""
    words = text.split()
    for unit_text, period_text in _splits(words):
        period = _period(period_text, today, read)
        if period_text and period is None:
            continue
        if not unit_text:
            return UnitAndPeriod(None, period)
        if unit := _unit(unit_text, tree, period):
            return UnitAndPeriod(unit, period)
    raise _unknown(_unit_part(words, today, read), tree)


def _splits(words: list[str]) -> Iterator[tuple[str, str]]:
    """As many words a period as may be one, then ever more of them a unit, before or after the period."""
    for count in range(max(len(words) - MOST_WORDS_OF_A_PERIOD, 0), len(words) + 1):
        cut = len(words) - count
        yield " ".join(words[:count]), " ".join(words[count:])
        if 0 < count < len(words):
            yield " ".join(words[cut:]), " ".join(words[:cut])


def _period(text: str, today: date, read: Reader) -> Period | None:
    try:
        return read(text, today) if text else None
    except PeriodNotUnderstood:
        return None


def _unit(text: str, tree: UnitTree, period: Period | None) -> Unit | None:
    """By path, by the end of a path, or by name. Raises NotFound where several fit."""
    wanted = _plain(text)
    fitting = [unit for unit in tree if f"/{_plain(unit.path)}".endswith(f"/{wanted}")]
    exact = [unit for unit in fitting if _plain(unit.path) == wanted]
    if len(fitting) > 1 and not exact:
        raise SeveralUnits(text, fitting, period)
    return next(iter(exact or fitting), None)


def _unit_part(words: list[str], today: date, read: Reader) -> str:
    """What must have been meant as the unit: the rest beside the longest period."""
    for unit_text, period_text in _splits(words):
        if period_text and unit_text and _period(period_text, today, read):
            return unit_text
    return " ".join(words)


def _unknown(text: str, tree: UnitTree) -> NotFound:
    names = {_plain(name): name for unit in tree for name in (unit.path, unit.name)}
    close = get_close_matches(_plain(text), names, n=MOST_SUGGESTIONS)
    if not close:
        return NotFound("I know neither a unit nor a period called {text}.", text=quoted(text))
    return NotFound(
        "There is no unit called {unit}. These come close: {suggestions}.",
        unit=quoted(text),
        suggestions=[names[name] for name in close],
    )


def _plain(text: str) -> str:
    """Case, width and blanks do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
