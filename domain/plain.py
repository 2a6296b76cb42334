"""Numbers and typed text as sentences and files take them."""

from decimal import Decimal

LONGEST_QUOTE = 80


def quoted(text: str) -> str:
    """What somebody typed, as far as a sentence can quote it."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def plain(value: Decimal) -> str:
    """All its digits and no more: 100, not 100.0000 and not 1E+2."""
    return f"{value.normalize():f}" if value else "0"
