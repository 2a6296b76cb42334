"""One reader's language: sentences from the catalogue, numbers and dates by the reader's locale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import NumberPattern, parse_pattern

from bot.locale.catalogues import spoken_name, translations
from domain.errors import Phrase, Refusal
from domain.periods import Period, PeriodKind
from domain.plans.rules import CUSTOMERS, RETURNING

_AMPLE = Context(prec=60)


@dataclass(frozen=True)
class Language:
    """What it returns is plain text: whoever shows it in Slack escapes it."""

    tag: str
    locale: Locale
    translations: NullTranslations

    def text(self, sentence: str, **values: object) -> str:
        """The sentence in this language, its named places filled with the values as `show` writes them."""
        return self.translations.gettext(sentence).format(**self._shown(values))

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """As `text`, in the form that goes with `n`; the sentences say `{n}` where it is to be read."""
        return self.translations.ngettext(one, many, n).format(**self._shown({"n": Decimal(n), **values}))

    def refusal(self, refusal: Refusal) -> str:
        return self.text(refusal.sentence, **self.readable(refusal))

    def readable(self, refusal: Refusal) -> dict[str, object]:
        """A refusal's values, with the period that a key such as 2026-03 stands for in its place.

        Measures are called by their names.
        """
        return {name: self._readable(name, value) for name, value in refusal.values.items()}

    def _readable(self, name: str, value: object) -> object:
        if name == "measure" and isinstance(value, str):
            return self.label(value)
        if name == "measures" and isinstance(value, list):
            return [self.label(str(one)) for one in value]
        return _period_of(name, value)

    def label(self, name: str) -> str:
        """A name from a plan, such as `new_customers`: translated if the catalogue has it, else spaced."""
        indicator, _, counted = name.rpartition(": ")
        if indicator and counted == RETURNING:
            return self.text("{indicator}: customers who returned", indicator=self.label(indicator))
        if indicator and counted == CUSTOMERS:
            return self.text("{indicator}: customers", indicator=self.label(indicator))
        spoken = spoken_name(name)
        return self.translations.gettext(spoken) if spoken else name

    def show(self, value: object) -> str:
        """A value as it stands in a sentence. An int is written as it is (a year, a line of a file)."""
        match value:
            case Decimal():
                return self.number(value)
            case Period():
                return self.period(value)
            case datetime():
                return self.moment(value, ZoneInfo("UTC"))
            case date():
                return self.date(value)
            case list() | tuple():
                return self.listed(value)
            case Phrase():
                said = self.text(value.sentence, **value.values) if value.values else self._plain(value)
                return value.finished(said)
        return str(value)

    def number(self, value: Decimal | int, places: int = 2) -> str:
        """Grouped, with at most `places` decimals, half-up."""
        return _written(_rounded(Decimal(value), places), places, "", self.locale)

    def change(self, value: Decimal | int, places: int = 2) -> str:
        """A number with its sign: +3, -3, 0."""
        number = self.number(value, places)
        return f"+{number}" if value > 0 else number

    def percent(self, share: Decimal, places: int = 1) -> str:
        """`share` (1 = 100 %), half-up, but never rounded onto 100 % from below."""
        rounded = _rounded(share, places + 2)
        if share < 1 <= rounded:
            rounded = 1 - Decimal(1).scaleb(-places - 2)
        return _written(rounded, places, "%", self.locale)

    def date(self, day: date) -> str:
        return str(format_date(day, "medium", locale=self.locale))

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """Day and time on the reader's clock."""
        local = at.astimezone(zone)
        return f"{self.date(local.date())} {format_time(local, 'short', tzinfo=zone, locale=self.locale)}"

    def period(self, period: Period) -> str:
        """With its year: March 2026, Q1 2026, week 11 of 2026."""
        if period.kind is PeriodKind.WEEK:
            year, week, _ = period.start.isocalendar()
            return self.text("week {week} of {year}", week=week, year=year)
        skeleton = "yQQQ" if period.kind is PeriodKind.QUARTER else "yMMMM"
        return str(format_skeleton(skeleton, period.start, locale=self.locale))

    def listed(self, items: Sequence[object]) -> str:
        """One, two, and three."""
        return str(format_list([self.show(item) for item in items], locale=self.locale)) if items else ""

    def _plain(self, phrase: Phrase) -> str:
        return self.translations.gettext(phrase.sentence) if phrase.sentence else ""

    def _shown(self, values: dict[str, object]) -> dict[str, str]:
        return {name: self.show(value) for name, value in values.items()}


@lru_cache(maxsize=256)  # browsers may call their languages what they like
def for_locale(tag: str | None) -> Language:
    """The language for a locale as Slack names it (`zh-CN`, `en-GB`).

    Chinese of any kind reads Simplified Chinese; what we do not speak reads English, numbers and dates too.
    """
    language, _, territory = (tag or "en").replace("-", "_").partition("_")
    if language.lower() == "zh":
        return Language("zh-CN", Locale("zh", script="Hans", territory="CN"), translations("zh_CN"))
    territory = territory.upper() if language.lower() == "en" and territory else "US"
    try:
        locale = Locale("en", territory)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en", "US")
    return Language(f"en-{locale.territory}", locale, translations("en"))


@lru_cache(maxsize=4_096)
def _written(number: Decimal, places: int, unit: str, locale: Locale) -> str:
    return str(_pattern(places, unit).apply(number, locale))


@cache
def _pattern(places: int, unit: str) -> NumberPattern:
    """Grouped, with at most these decimals; Babel would parse it for each number."""
    return parse_pattern("#,##0" + ("." + "#" * places if places else "") + unit)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _AMPLE)


def _period_of(name: str, value: object) -> object:
    if name not in ("period", "month") or not isinstance(value, str):
        return value
    try:
        return Period.parse(value)
    except ValueError:
        return value
