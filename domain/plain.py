"""Decimals as text that people read and files take."""

from decimal import Decimal


def plain(value: Decimal) -> str:
    """All its digits and no more: 100, not 100.0000 and not 1E+2."""
    return f"{value.normalize():f}" if value else "0"
