"""Numbers and periods as a chart writes them, in the reader's locale."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from babel.dates import format_skeleton
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from worker.charts.chart import Translate

# From here on a number is written short (12.3M, 1230万): its digits would not fit beside a bar.
COMPACT_FROM = Decimal(10_000_000)
_PERIOD = re.compile(r"(?P<year>\d{4})-(?:(?P<month>\d{2})|W(?P<week>\d{2})|Q(?P<quarter>[1-4]))")
_AMPLE = Context(prec=60)


def number(value: Decimal, locale: str) -> str:
    """A score, points or an amount: grouped, up to 2 decimals (half-up), short when it is huge."""
    if abs(value) >= COMPACT_FROM:
        return str(format_compact_decimal(value, locale=locale, fraction_digits=1))
    return str(format_decimal(_rounded(value, "0.01"), "#,##0.##", locale=locale))


def percent(share: Decimal, locale: str) -> str:
    """`share` (1 = 100 %) with one decimal, half-up, but never rounded onto 100 % from below."""
    if abs(share) >= COMPACT_FROM / 100:
        return str(format_compact_decimal(share * 100, locale=locale, fraction_digits=1)) + "%"
    rounded = _rounded(share, "0.001")
    if share < 1 <= rounded:
        rounded = Decimal("0.999")
    return str(format_percent(rounded, "#,##0.#%", locale=locale))


def whole(value: int, locale: str) -> str:
    """A count or a place."""
    return str(format_decimal(value, "#,##0", locale=locale))


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP, _AMPLE)


def _parse(period: str) -> re.Match[str]:
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"The period {period!r} is none; write 2026-03, 2026-W11 or 2026-Q1.")
    return match


def _first_day(parts: re.Match[str]) -> date:
    month = int(parts["month"] or 1) if not parts["quarter"] else int(parts["quarter"]) * 3 - 2
    return date(int(parts["year"]), month, 1)


def period_name(period: str, locale: str, translate: Translate) -> str:
    """A period with its year: March 2026, Q1 2026, week 11 of 2026."""
    parts = _parse(period)
    if parts["week"]:
        return translate("Week {week} of {year}").format(week=int(parts["week"]), year=parts["year"])
    skeleton = "yQQQ" if parts["quarter"] else "yMMMM"
    return str(format_skeleton(skeleton, _first_day(parts), locale=locale))


def period_label(period: str, locale: str, translate: Translate) -> str:
    """A period without its year, for an axis: Mar, Q1, W11."""
    parts = _parse(period)
    if parts["week"]:
        return translate("W{week}").format(week=int(parts["week"]))
    skeleton = "QQQ" if parts["quarter"] else "MMM"
    return str(format_skeleton(skeleton, _first_day(parts), locale=locale))


def period_year(period: str, locale: str) -> str:
    """The year of a period: 2026, 2026年."""
    return str(format_skeleton("y", date(int(_parse(period)["year"]), 1, 1), locale=locale))
