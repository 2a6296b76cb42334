"""What every chart shares: its result, the words it may use, and a digest of what it is drawn from."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# Raise it when a chart's looks change, so that pictures drawn before are not taken for the new ones.
DESIGN = 2
ALT_TEXT_LIMIT = 2000

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Chart:
    """A picture, its title and the numbers in words (at most 2000 characters); neither text is escaped."""

    png: bytes
    alt_text: str
    title: str


@dataclass(frozen=True)
class TierBand:
    """A tier and the lowest score that reaches it."""

    name: str
    floor: Decimal


def bands(tiers: Iterable[TierBand]) -> list[TierBand]:
    """Tiers from the lowest to the highest, whatever order the plan names them in."""
    return sorted(tiers, key=lambda tier: tier.floor)


def tier_of(score: Decimal, tiers: Iterable[TierBand]) -> TierBand | None:
    """The highest tier whose floor is at most `score`, before any gate; None below the lowest."""
    reached = [tier for tier in bands(tiers) if tier.floor <= score]
    return reached[-1] if reached else None


def digest(inputs: "DataclassInstance", locale: str) -> str:
    """A key for the picture of `inputs` in `locale`: equal inputs share it; none need be drawn twice."""
    if not is_dataclass(inputs):
        raise TypeError(f"A chart is drawn from a dataclass, not from {type(inputs).__name__}.")
    content = [DESIGN, type(inputs).__name__, locale, asdict(inputs)]
    text = json.dumps(content, default=_as_text, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 95 and 95.00 draw the same picture
    raise TypeError(f"A chart cannot be drawn from a {type(value).__name__}.")


def in_words(parts: Iterable[str], translate: Translate) -> str:
    """Sentences and list entries as one alt text; what does not fit is left out, and the text says so."""
    cut = " " + translate("More is left out.")
    text = ""
    for part in parts:
        longer = f"{text} {part}".strip()
        if len(longer) > ALT_TEXT_LIMIT - len(cut):
            return (text or part[: ALT_TEXT_LIMIT - len(cut)]) + cut
        text = longer
    return text


def listed(items: Iterable[str], translate: Translate) -> str:
    """Facts one after another, in one sentence."""
    return translate(", ").join(items)
