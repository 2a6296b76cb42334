"""A table of a plan file that knows its line and asks for its values by type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.errors import N_, Phrase
from domain.plans.rules_toml import Document, Path

WHOLE_DIGITS, PLACES = 12, 10
"""How large and how fine a plan's numbers may be; far beyond use, and small enough to compute with."""
LONGEST_NAME = 100


class PlanError(ValueError):
    """A plan that cannot be used; `line` counts from 1, `sentence` says what is wrong and what to do."""

    def __init__(self, line: int, said: str | Phrase) -> None:
        super().__init__(f"line {line}: {said}")
        self.line = line
        self.said = said
        """To be put into the reader's language; `sentence` is English."""
        self.sentence = str(said)


class Table:
    """A table of the file that knows its place. Refuses unknown keys at once, the rest as it is asked for."""

    def __init__(
        self, document: Document, path: Path, values: object, title: str | Phrase, keys: Iterable[str]
    ) -> None:
        self._document = document
        self._path = path
        self.title = title
        if not isinstance(values, dict):
            raise self.refusal("{What} must be a table of names and values.")
        self.values: dict[str, Any] = values
        allowed = tuple(keys)
        for key in values:
            if key not in allowed:
                raise self.refusal(
                    '{What} has no key "{key}". It knows {known}.', key, key=key, known=listed(allowed)
                )

    def line(self, *inner: str | int) -> int:
        return self._document.line_of((*self._path, *inner))

    def error(self, said: str, *inner: str | int) -> PlanError:
        """Said in English alone, at the line of what is within."""
        return PlanError(self.line(*inner), said)

    def refusal(self, sentence: str, *inner: str | int, **values: object) -> PlanError:
        """As `error`, for readers of any language; values are shown as the file has them.

        {what} is this table, {What} the same at the beginning of the sentence.
        """
        shown: dict[str, object] = {"what": self.title, "What": capital(self.title)}
        shown |= {name: value if isinstance(value, Phrase) else str(value) for name, value in values.items()}
        return PlanError(self.line(*inner), Phrase(sentence, shown))

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
                raise self.refusal(
                    '"{key}" holds {value}; its numbers must be {at_least} or more.',
                    key,
                    index,
                    key=key,
                    value=value,
                    at_least=at_least,
                )
            numbers.append(number)
        return tuple(numbers)

    def pairs(self, key: str) -> list[tuple[Decimal, Decimal]]:
        self._required(key)
        pairs = []
        for index, pair in enumerate(self._list(key)):
            if not isinstance(pair, list) or len(pair) != 2:
                raise self.refusal('"{key}" must be a list of pairs such as [1.0, 100].', key, index, key=key)
            first, second = (self._as_number(value, key, index, at) for at, value in enumerate(pair))
            pairs.append((first, second))
        return pairs

    def table(self, key: str, keys: Iterable[str]) -> Table:
        path = (*self._path, key)
        title = f"[{'.'.join(map(str, path))}]"
        if not self.has(key):
            raise self.refusal("The plan has no {title}. Add one.", title=title)
        return Table(self._document, path, self.values[key], title, keys)

    def inner(self, key: str) -> Table:
        """A table within this one whose keys are for the caller to judge."""
        values = self.values[key]
        keys = values if isinstance(values, dict) else ()
        return Table(
            self._document,
            (*self._path, key),
            values,
            Phrase(N_('"{key}" of {what}'), {"key": key, "what": self.title}),
            keys,
        )

    def tables(self, key: str, kind: str, keys: Iterable[str]) -> list[Table]:
        return [
            Table(self._document, (*self._path, key, index), values, _title(kind, index, values), keys)
            for index, values in enumerate(self._list(key))
        ]

    def named_tables(
        self, key: str, kind: str, keys: Sequence[str], beside: Sequence[Table] = ()
    ) -> list[Table]:
        """The tables of an array whose names must differ, also from those of the indicators `beside` them."""
        tables = self.tables(key, kind, keys)
        taken = {one.text("name"): ("indicator", one.line("name")) for one in beside}
        for one in tables:
            name = one.text("name")
            if name in taken:
                by, line = taken[name]
                sentence = N_('The name "{name}" is already taken by the {by} of line {line}.')
                raise one.refusal(sentence, "name", name=name, by=Phrase(by), line=line)
            taken[name] = (kind, one.line("name"))
        return tables

    def exactly_one(self, keys: Sequence[str]) -> str:
        present = [key for key in keys if self.has(key)]
        if not present:
            raise self.refusal("{What} needs {keys}.", keys=listed(keys, "or"))
        if len(present) > 1:
            raise self.refusal(
                "{What} has {keys} together; it takes one of them.", present[-1], keys=listed(present)
            )
        return present[0]

    def ratio(self) -> tuple[str, str]:
        measures = self.texts("ratio")
        if len(measures) != 2:
            raise self.refusal('"ratio" must name two measures: ["numerator", "denominator"].', "ratio")
        return measures[0], measures[1]

    def _required(self, key: str) -> object:
        if not self.has(key):
            raise self.refusal('{What} has no "{key}". Add one.', key=key)
        return self.values[key]

    def _list(self, key: str) -> list[Any]:
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self.refusal('"{key}" must be a list.', key, key=key)
        return values

    def _as_text(self, value: object, longest: int, *inner: str | int) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.refusal('"{key}" must be a text in quotes that is not empty.', *inner, key=inner[0])
        if "\0" in value:
            raise self.refusal('"{key}" holds a NUL character: remove it.', *inner, key=inner[0])
        if len(value) > longest:
            raise self.refusal(
                '"{key}" of {what} is longer than {longest} characters.',
                *inner,
                key=inner[0],
                longest=longest,
            )
        return value

    def _as_number(self, value: object, *inner: str | int) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refusal('"{key}" must be a number.', *inner, key=inner[0])
        number = Decimal(value)
        if not _is_plain(number):
            raise self.refusal(
                '"{key}" holds {value}; write a number of at most {whole} digits before the point and '
                "{places} after it.",
                *inner,
                key=inner[0],
                value=_shortened(value),
                whole=WHOLE_DIGITS,
                places=PLACES,
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


KINDS = (
    *(N_("indicator"), N_("deduction"), N_("tier"), N_("gate")),
    *(N_("rate"), N_("band"), N_("clawback")),
)
"""What tables of a plan are called."""


def _title(kind: str, index: int, values: object) -> Phrase:
    name = values.get("name") if isinstance(values, dict) else None
    if isinstance(name, str) and name:
        return Phrase(N_('{kind} "{name}"'), {"kind": Phrase(kind), "name": name})
    return Phrase(N_("{kind} {number}"), {"kind": Phrase(kind), "number": index + 1})


def _shortened(value: object) -> str:
    text = str(value)
    return text if len(text) <= 30 else f"{text[:30]}…"


def capital(text: str | Phrase) -> Phrase:
    """At the beginning of a sentence."""
    said = Phrase(text) if isinstance(text, str) else text
    return replace(said, is_first=True)


def listed(names: Sequence[str], joint: str = "and") -> Phrase:
    """`a, b and c`, each in quotes."""
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return Phrase("{name}", {"name": quoted[0]})
    sentence = N_("{names} or {last}") if joint == "or" else N_("{names} and {last}")
    return Phrase(sentence, {"names": ", ".join(quoted[:-1]), "last": quoted[-1]})
