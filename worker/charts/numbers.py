"""Numbers and periods as a chart writes them, in the reader's locale."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal

from bot.locale.language import for_locale
from domain.periods import Period, PeriodKind
from worker.charts.chart import Translate

# From here on a number is written short (12.3M, 1230万): its digits would not fit beside a bar.
COMPACT_FROM = Decimal(10_000_000)


def number(value: Decimal, locale: str) -> str:
    """A score, points or an amount: grouped, up to 2 decimals (half-up), short when it is huge."""
    if abs(value) >= COMPACT_FROM:
        return str(format_compact_decimal(value, locale=for_locale(locale).locale, fraction_digits=1))
    return for_locale(locale).number(value)


def percent(share: Decimal, locale: str) -> str:
    """`share` (1 = 100 %) with one decimal, half-up, but never rounded onto 100 % from below."""
    if abs(share) >= COMPACT_FROM / 100:
        return number(share * 100, locale) + "%"
    return for_locale(locale).percent(share)


def whole(value: int, locale: str) -> str:
    """A count or a place."""
    return for_locale(locale).number(value)


def period_name(key: str, locale: str) -> str:
    """A period with its year: March 2026, Q1 2026, week 11 of 2026. Raises ValueError for no period."""
    return for_locale(locale).period(Period.parse(key))


def period_label(key: str, locale: str, translate: Translate) -> str:
    """A period without its year, for an axis: Mar, Q1, W11."""
    period = Period.parse(key)
    if period.kind is PeriodKind.WEEK:
        return translate("W{week}").format(week=period.start.isocalendar().week)
    pattern = "QQQ" if period.kind is PeriodKind.QUARTER else "LLL"
    return str(format_date(period.start, pattern, locale=for_locale(locale).locale))


def period_year(key: str, locale: str) -> str:
    """The year of a period: 2026, 2026年; an ISO week's is the one it is counted in."""
    return str(format_skeleton("y", date(int(key[:4]), 7, 1), locale=for_locale(locale).locale))
