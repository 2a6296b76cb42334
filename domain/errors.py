"""The sentences Pacesetter refuses with.

A refusal carries its English sentence with named places and the values for them, so that the bot can look
the sentence up in the reader's language before it fills the places.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from domain.plain import plain


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext's extraction knows
    """Mark a sentence for the catalogues without translating it here."""
    return sentence


@dataclass(frozen=True)
class Phrase:
    """A part of what is said, with places of its own, to be put into the reader's language by itself."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    """Without any, the sentence is said as it is, with its braces."""
    is_first: bool = False
    """Begins a sentence."""

    def __str__(self) -> str:
        """In English."""
        return self.finished(self.sentence.format(**self.values) if self.values else self.sentence)

    def finished(self, text: str) -> str:
        return text[:1].upper() + text[1:] if self.is_first else text


class Refusal(Exception):  # noqa: N818 - it is an answer to a person, not a fault
    """A request that cannot be met, with one sentence that says what, where and what to do."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.sentence.format(**{name: _shown(value) for name, value in self.values.items()})


class NotAllowed(Refusal):
    """The viewer may not see or do this."""


class NotFound(Refusal):
    """What was named does not exist."""


class BadInput(Refusal):
    """A file, a setting or a field holds something that cannot be used."""


class BadField(BadInput):
    """What was filled into a form cannot be; `field` says where."""

    def __init__(self, field: str, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


def _shown(value: object) -> object:
    return plain(value) if isinstance(value, Decimal) and value.is_finite() else value
