"""A table of a plan file that knows its line and asks for its values by type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from domain.plans.rules_toml import Document, Path

WHOLE_DIGITS, PLACES = 12, 10
"""How large and how fine a plan's numbers may be; far beyond use, and small enough to compute with."""
LONGEST_NAME = 100


class PlanError(ValueError):
    """A plan that cannot be used; `line` counts from 1, `sentence` says what is wrong and what to do."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


class Table:
    """A table of the file that knows its place. Refuses unknown keys at once, the rest as it is asked for."""

    def __init__(
        self, document: Document, path: Path, values: object, title: str, keys: Iterable[str]
    ) -> None:
        self._document = document
        self._path = path
        self.title = title
        if not isinstance(values, dict):
            raise self.error(f"{capital(title)} must be a table of names and values.")
        self.values: dict[str, Any] = values
        allowed = tuple(keys)
        for key in values:
            if key not in allowed:
                raise self.error(f'{capital(title)} has no key "{key}". It knows {listed(allowed)}.', key)

    def line(self, *inner: str | int) -> int:
        return self._document.line_of((*self._path, *inner))

    def error(self, sentence: str, *inner: str | int) -> PlanError:
        return PlanError(self.line(*inner), sentence)

    def has(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, longest: int = LONGEST_NAME) -> str:
        return self._as_text(self._required(key), longest, key)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(
            self._as_text(value, LONGEST_NAME, key, index) for index, value in enumerate(self._list(key))
        )

    def number(self, key: str) -> Decimal:
        return self._as_number(self._required(key), key)

    def numbers(self, key: str, at_least: Decimal) -> tuple[Decimal, ...]:
        numbers = []
        for index, value in enumerate(self._list(key)):
            number = self._as_number(value, key, index)
            if number < at_least:
                raise self.error(
                    f'"{key}" holds {value}; its numbers must be {at_least} or more.', key, index
                )
            numbers.append(number)
        return tuple(numbers)

    def pairs(self, key: str) -> list[tuple[Decimal, Decimal]]:
        self._required(key)
        pairs = []
        for index, pair in enumerate(self._list(key)):
            if not isinstance(pair, list) or len(pair) != 2:
                raise self.error(f'"{key}" must be a list of pairs such as [1.0, 100].', key, index)
            first, second = (self._as_number(value, key, index, at) for at, value in enumerate(pair))
            pairs.append((first, second))
        return pairs

    def table(self, key: str, keys: Iterable[str]) -> Table:
        path = (*self._path, key)
        title = f"[{'.'.join(map(str, path))}]"
        if not self.has(key):
            raise self.error(f"The plan has no {title}. Add one.")
        return Table(self._document, path, self.values[key], title, keys)

    def inner(self, key: str) -> Table:
        """A table within this one whose keys are for the caller to judge."""
        values = self.values[key]
        keys = values if isinstance(values, dict) else ()
        return Table(self._document, (*self._path, key), values, f'"{key}" of {self.title}', keys)

    def tables(self, key: str, kind: str, keys: Iterable[str]) -> list[Table]:
        return [
            Table(self._document, (*self._path, key, index), values, _title(kind, index, values), keys)
            for index, values in enumerate(self._list(key))
        ]

    def exactly_one(self, keys: Sequence[str]) -> str:
        present = [key for key in keys if self.has(key)]
        if not present:
            raise self.error(f"{capital(self.title)} needs {listed(keys, 'or')}.")
        if len(present) > 1:
            raise self.error(
                f"{capital(self.title)} has {listed(present)} together; it takes one of them.", present[-1]
            )
        return present[0]

    def ratio(self) -> tuple[str, str]:
        measures = self.texts("ratio")
        if len(measures) != 2:
            raise self.error('"ratio" must name two measures: ["numerator", "denominator"].', "ratio")
        return measures[0], measures[1]

    def _required(self, key: str) -> object:
        if not self.has(key):
            raise self.error(f'{capital(self.title)} has no "{key}". Add one.')
        return self.values[key]

    def _list(self, key: str) -> list[Any]:
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self.error(f'"{key}" must be a list.', key)
        return values

    def _as_text(self, value: object, longest: int, *inner: str | int) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.error(f'"{inner[0]}" must be a text in quotes that is not empty.', *inner)
        if "\0" in value:
            raise self.error(f'"{inner[0]}" holds a NUL character: remove it.', *inner)
        if len(value) > longest:
            raise self.error(f'"{inner[0]}" of {self.title} is longer than {longest} characters.', *inner)
        return value

    def _as_number(self, value: object, *inner: str | int) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.error(f'"{inner[0]}" must be a number.', *inner)
        number = Decimal(value)
        if not _is_plain(number):
            raise self.error(
                f'"{inner[0]}" holds {_shortened(value)}; write a number of at most {WHOLE_DIGITS} digits '
                f"before the point and {PLACES} after it.",
                *inner,
            )
        return number if number else Decimal(0)


def _is_plain(number: Decimal) -> bool:
    if not number.is_finite():
        return False
    _, digits, exponent = number.as_tuple()
    return (
        number.adjusted() < WHOLE_DIGITS
        and isinstance(exponent, int)
        and exponent >= -PLACES
        and len(digits) < 40
    )


def _title(kind: str, index: int, values: object) -> str:
    name = values.get("name") if isinstance(values, dict) else None
    return f'{kind} "{name}"' if isinstance(name, str) and name else f"{kind} {index + 1}"


def _shortened(value: object) -> str:
    text = str(value)
    return text if len(text) <= 30 else f"{text[:30]}…"


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def listed(names: Sequence[str], joint: str = "and") -> str:
    """`a, b and c`, each in quotes."""
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {joint} {quoted[-1]}"
