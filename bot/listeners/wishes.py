"""Reading `/myscore if sales +20000, new customers +3`: which measures, and how much more of each."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches

from bot.locale import for_locale
from bot.locale.catalogues import LANGUAGES, spoken_name
from domain.cells import PLAIN_DECIMAL
from domain.errors import BadInput, NotFound
from domain.plain import quoted
from domain.plans.rules import Plan
from domain.scoring.rules_what_if import own_measure

MOST_SUGGESTIONS = 3

_BEGINS = re.compile(
    r"(?:what\s*-?\s*if\b|whatif\b|if\b|如果|假如|要是|假设|若)[\s:：,，?？]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(r"\s*(?:(?<!\d),|,(?!\d)|，|;|；|、|&|\band\b|和|以及)\s*", re.IGNORECASE)
"""A comma within digits never parts two wishes."""
_DIGITS = re.compile(r"\d[\d.,]*\d")
_CLEAR_DIGITS = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
"""A comma groups thousands, a point begins the fraction."""
_NUMBER = re.compile(
    r"(?P<sign>[+\-−–])?\s*(?P<digits>\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?!\d)|\d+)(?P<fraction>\.\d+)?"
    r"\s*(?P<unit>k\b|m\b|thousand\b|million\b|千|万|萬|百万|亿)?",
    re.IGNORECASE,
)
_UNITS = {
    **dict.fromkeys(("k", "thousand", "千"), 1_000),
    **dict.fromkeys(("m", "million", "百万"), 1_000_000),
    **dict.fromkeys(("万", "萬"), 10_000),
    "亿": 100_000_000,
}
_LESS = re.compile(r"\b(?:less|fewer|minus)\b|少|减", re.IGNORECASE)
_FILLERS = re.compile(
    r"\b(?:i|we|had|have|close[ds]?|sell|sold|sign(?:ed)?|get|got|make|made|bring|brought|with|there|were|was"
    r"|is|the|a|an|of|in|by|to|plus|more|another|extra|less|fewer|minus)\b|我们?|再|多|少|减|卖|签|成交|增加|完成|元|个|笔|单",
    re.IGNORECASE,
)
_MARK = r"[+\-−–:：=.?？!！]"
_HIDDEN = "\ufffc"
"""Stands for each letter of a name while a number is looked for."""
_PLAIN_NUMBER = re.compile(rf"\+?{PLAIN_DECIMAL}")


def what_is_wished(text: str) -> str | None:
    """What follows `what if` or `if`; None where something else was typed."""
    begun = _BEGINS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return begun["rest"].strip(" \t\n?？.。!！") if begun else None


def changes_in(text: str, plan: Plan) -> dict[str, Decimal]:
    """By measure: how much more. A number without a name means the plan's first measure with a target.

    Raises BadInput or NotFound with what to type instead.
    """
    changes: dict[str, Decimal] = {}
    names = _names(plan)
    for part in filter(None, _BETWEEN.split(text)):
        number = _number_in(part, names)
        measure, around = _measure(part[: number.start()] + " " + part[number.end() :], names, plan)
        more = _amount(number, is_less=_LESS.search(around) is not None)
        changes[measure] = changes.get(measure, Decimal(0)) + more
    return changes


def plain_number(text: str) -> Decimal | None:
    """A number as a form's field brings it; None where it is none, or finer than a record may be."""
    typed = text.strip()
    return Decimal(typed) if _PLAIN_NUMBER.fullmatch(typed) else None


def _number_in(part: str, names: Iterable[str]) -> re.Match[str]:
    hidden = _without_digits_of_names(part, names)
    for digits in _DIGITS.findall(hidden):
        if not _CLEAR_DIGITS.fullmatch(digits):
            raise BadInput(
                "{digits} can be read in more than one way: write 1.5 for one and a half, 1,500 or 1500 for "
                "fifteen hundred, and a blank after a comma that parts two wishes.",
                digits=quoted(digits),
            )
    numbers = list(_NUMBER.finditer(hidden))
    if len(numbers) != 1:
        raise BadInput(
            'I do not understand "{text}" as a number of something: write it like sales +20000.',
            text=quoted(part),
        )
    return numbers[0]


def _without_digits_of_names(part: str, names: Iterable[str]) -> str:
    """As long as before: digits of a name are no number of something."""
    for name in _with_digits(names):
        hidden = re.sub(
            _as_typed(name), lambda found: _HIDDEN * len(found[0]), part, count=1, flags=re.IGNORECASE
        )
        if hidden != part:
            return hidden
    return part


def _with_digits(names: Iterable[str]) -> list[str]:
    """The longest first; one that is nothing but digits is a number."""
    mixed = (name for name in names if re.search(r"\d", name) and re.search(r"[^\W\d]", name))
    return sorted(mixed, key=len, reverse=True)


def _as_typed(name: str) -> str:
    """A name with any marks between its words, and within no longer word or number."""
    words = rf"(?:{_MARK}|[\s_])+".join(map(re.escape, name.split()))
    begins = r"(?<![a-z0-9])(?<![0-9][.,])" if name[0].isascii() else ""
    ends = r"(?![a-z0-9]|[.,][0-9])" if name[-1].isascii() else ""
    return begins + words + ends


def _amount(number: re.Match[str], *, is_less: bool) -> Decimal:
    digits = re.sub(r"\D", "", number["digits"]) + (number["fraction"] or "")
    amount = Decimal(digits) * _UNITS.get((number["unit"] or "").lower(), 1)
    text = f"{amount.normalize():f}"
    if plain_number(text) is None:
        raise BadInput(
            "{number} is not a number that can be recorded: it has at most 12 digits before the point and 4 "
            "after it.",
            number=quoted(number[0].strip()),
        )
    return -Decimal(text) if is_less or number["sign"] in ("-", "−", "–") else Decimal(text)


def _measure(text: str, names: dict[str, str], plan: Plan) -> tuple[str, str]:
    """The measure that a wish names, and the words around its name."""
    words = _plain(text)
    for name in sorted(names, key=len, reverse=True):
        around = re.sub(_as_whole_words(name), " ", words, count=1)
        if around != words and not _without_fillers(around):
            return names[name], around
    wanted = _without_fillers(words)
    if not wanted:
        first = next((one.measure for one in plan.indicators if one.measure), own_measure(plan.indicators[0]))
        return first, words
    close = get_close_matches(wanted, names, n=MOST_SUGGESTIONS)
    if close:
        raise NotFound(
            "Nothing here is called {name}. These come close: {suggestions}.",
            name=quoted(wanted),
            suggestions=close,
        )
    raise NotFound(
        "Nothing here is called {name}. What can change: {measures}.",
        name=quoted(wanted),
        measures=[spoken_name(quantity) for quantity in plan.quantities],
    )


def _as_whole_words(name: str) -> str:
    """Not within an English word; Chinese puts no blanks between its words."""
    return rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name)


def _without_fillers(words: str) -> str:
    return _plain(_FILLERS.sub(" ", words))


def _names(plan: Plan) -> dict[str, str]:
    """Every name of a measure or of what it belongs to, as written in the plan and in each language."""
    called = [(quantity, quantity) for quantity in plan.quantities]
    called += [(one.name, own_measure(one)) for one in plan.indicators]
    called += [(one.name, one.measure) for one in plan.deductions]
    names: dict[str, str] = {}
    for name, measure in called:
        for written in (name, *(for_locale(language).label(name) for language in LANGUAGES)):
            names.setdefault(_plain(written), measure)
    names.pop("", None)
    return names


def _plain(text: str) -> str:
    """Case, width, blanks and marks do not matter."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(re.sub(_MARK, " ", words).split())
