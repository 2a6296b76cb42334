"""Numbers and typed text as sentences and files take them."""

import re
import unicodedata
from decimal import Decimal

LONGEST_QUOTE = 80
_AMOUNT = re.compile(r"[+-]?([0-9]{1,3}([ ,'’_][0-9]{3}){1,6}|[0-9]{1,20})([.][0-9]{1,10})?")
_AROUND = re.compile(r"^[^\W\d_]{0,3}[$¥€£￥]?\s?(?=[+\-0-9])|(?<=[0-9])\s?[$¥€£￥%]?\s?[^\W\d_]{0,3}$")
"""A sign or a short name of a currency: ¥1000, 1000元, CNY 1000."""


def quoted(text: str) -> str:
    """What somebody typed, as far as a sentence can quote it."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def plain(value: Decimal) -> str:
    """All its digits and no more: 100, not 100.0000 and not 1E+2."""
    return f"{value.normalize():f}" if value else "0"


def amount_in(text: str) -> Decimal | None:
    """A number as people copy it: 1,000 or ¥1 000.50 or １０００元; None where it is none."""
    bare = _AROUND.sub("", unicodedata.normalize("NFKC", text).strip())
    return Decimal(re.sub(r"[^0-9.+-]", "", bare)) if _AMOUNT.fullmatch(bare) else None
