"""Periods: ISO weeks, calendar months and quarters, half-open `[start, end)`.

A period is a pair of dates without a time zone: whoever asks "which month is it?" first turns the
instant into a date of the company's zone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering

from domain.errors import N_, BadInput
from domain.plain import quoted

FIRST_YEAR, LAST_YEAR = 1900, 9998
_ONE_DAY = timedelta(days=1)
_MONTHS_LONG = {"month": 1, "quarter": 3}
_KEY = re.compile(r"(?P<year>[0-9]{4})-(?:W(?P<week>[0-9]{2})|Q(?P<quarter>[1-4])|(?P<month>[0-9]{2}))")


class PeriodKind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A week, month or quarter. Sorts by its first day, then by its length."""

    kind: PeriodKind
    start: date

    def __post_init__(self) -> None:
        if _first_day(self.kind, self.start) != self.start:
            raise ValueError(f"{self.start} is not the first day of a {self.kind}.")

    @classmethod
    def parse(cls, key: str) -> Period:
        """The period of a key such as `2026-03`, `2026-W11` or `2026-Q1`.

        Raises ValueError with a sentence fit for the person who wrote the key.
        """
        match = _KEY.fullmatch(key)
        if not match:
            raise ValueError(f'"{key}" is not a period. Periods look like 2026-03, 2026-W11 or 2026-Q1.')
        year = int(match["year"])
        if match["week"]:
            return cls.week(year, int(match["week"]))
        if match["quarter"]:
            return cls.quarter(year, int(match["quarter"]))
        return cls.month(year, int(match["month"]))

    @classmethod
    def week(cls, year: int, number: int) -> Period:
        """ISO week `number` of the ISO year. Raises ValueError where that year has no such week."""
        _check_year(year)
        try:
            return cls(PeriodKind.WEEK, date.fromisocalendar(year, number, 1))
        except ValueError:
            raise ValueError(f"The year {year} has no week {number}.") from None

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        _check_year(year)
        if not 1 <= number <= 12:
            raise ValueError(f"There is no month {number}: months are 1 to 12.")
        return cls(PeriodKind.MONTH, date(year, number, 1))

    @classmethod
    def quarter(cls, year: int, number: int) -> Period:
        _check_year(year)
        if not 1 <= number <= 4:
            raise ValueError(f"There is no quarter {number}: quarters are 1 to 4.")
        return cls(PeriodKind.QUARTER, date(year, 3 * number - 2, 1))

    @classmethod
    def containing(cls, kind: PeriodKind | str, day: date) -> Period:
        kind = PeriodKind(kind)
        return cls(kind, _first_day(kind, day))

    @property
    def key(self) -> str:
        if self.kind is PeriodKind.WEEK:
            year, number, _ = self.start.isocalendar()
            return f"{year:04}-W{number:02}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.start.year:04}-Q{(self.start.month + 2) // 3}"
        return f"{self.start.year:04}-{self.start.month:02}"

    @property
    def end(self) -> date:
        """The day after the last one."""
        if self.kind is PeriodKind.WEEK:
            return self.start + timedelta(days=7)
        return _months_later(self.start, _MONTHS_LONG[self.kind])

    @property
    def last_day(self) -> date:
        return self.end - _ONE_DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def months(self) -> tuple[Period, ...]:
        """The calendar months that share at least one day with the period, in order."""
        return tuple(_months_from(self.start, self.last_day))

    def previous(self) -> Period:
        return Period.containing(self.kind, self.start - _ONE_DAY)

    def next(self) -> Period:
        return Period(self.kind, self.end)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __lt__(self, other: Period) -> bool:
        return (self.start, self.days) < (other.start, other.days)

    def __str__(self) -> str:
        return self.key


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The year {year:04} is out of range: periods run from {FIRST_YEAR} to {LAST_YEAR}.")


def _first_day(kind: PeriodKind, day: date) -> date:
    if kind is PeriodKind.WEEK:
        return day - timedelta(days=day.weekday())
    if kind is PeriodKind.QUARTER:
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(day=1)


def _months_later(first_of_month: date, months: int) -> date:
    years, month = divmod(first_of_month.month - 1 + months, 12)
    return date(first_of_month.year + years, month + 1, 1)


def _months_from(first: date, last: date) -> Iterator[Period]:
    day = first.replace(day=1)
    while day <= last:
        yield Period(PeriodKind.MONTH, day)
        day = _months_later(day, 1)


class PeriodNotUnderstood(BadInput):
    """What a person typed names no period; `text` is what was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(
            N_('I do not know the period "{text}". Try: last month, 2026-03, mar 2026, q3, last week.'),
            text=quoted(text),
        )
        self.text = text


_RELATIVE_ENGLISH = {"": 0, "this ": 0, "current ": 0, "last ": -1, "previous ": -1, "prev ": -1, "next ": 1}
_RELATIVE_CHINESE = {
    **dict.fromkeys(("本", "这", "这个", "这一", "当"), 0),
    **dict.fromkeys(("上", "上个", "上一", "上一个"), -1),
    **dict.fromkeys(("上上", "上上个"), -2),
    **dict.fromkeys(("下", "下个", "下一", "下一个"), 1),
}
_KIND_NAMES = {
    PeriodKind.WEEK: ("week", ("周", "星期", "礼拜")),
    PeriodKind.MONTH: ("month", ("月",)),
    PeriodKind.QUARTER: ("quarter", ("季度", "季")),
}
_RELATIVE: dict[str, tuple[PeriodKind, int]] = {
    **{
        prefix + english: (kind, steps)
        for kind, (english, _) in _KIND_NAMES.items()
        for prefix, steps in _RELATIVE_ENGLISH.items()
    },
    **{f"{english} before last": (kind, -2) for kind, (english, _) in _KIND_NAMES.items()},
    **{
        prefix + noun: (kind, steps)
        for kind, (_, chinese) in _KIND_NAMES.items()
        for noun in chinese
        for prefix, steps in _RELATIVE_CHINESE.items()
    },
}
_YEARS_AGO = {"this year": 0, "last year": 1, "next year": -1}
_YEARS_AGO |= {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2, "明年": -1}
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_QUARTER_ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_NEARBY = timedelta(days=92)
"""Three months."""
InYear = Callable[[int], Period]
"""A name's period in a year; raises ValueError where that year has none."""
_TRADITIONAL = str.maketrans("個這週當禮", "个这周当礼")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d) ?年?")
_SEPARATORS = " -/.,'年的"


def parse_human(text: str, today: date) -> Period:
    """The period a person means, in English or Chinese: `last month`, `2017-11`, `q3`, `上个月`, `去年11月`.

    Nothing typed is the current month. A month, quarter or week without a year is the latest one that has
    begun by `today`; with `last` before it, the latest one that is over, with `next` the first that comes.
    Raises PeriodNotUnderstood.
    """
    return _parse(text, today, _latest)


def parse_planned(text: str, today: date) -> Period:
    """As `parse_human`, where people look ahead as well as back: at targets, at terms.

    A month, quarter or week without a year is this year's, or that of the year before or after where it is at
    most three months away: in November `december` and `february` are coming and `may` is over.
    """
    return _parse(text, today, _nearby)


def year_of(text: str, today: date) -> int | None:
    """The year that a person means who types one and nothing else: `2026`, `last year`, `明年`."""
    words = _normalised(text)
    if words in _YEARS_AGO:
        return today.year - _YEARS_AGO[words]
    match = _YEAR.fullmatch(words)
    return int(match[1]) if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR else None


def _parse(text: str, today: date, choose: Callable[[InYear, date], Period]) -> Period:
    words = _normalised(text)
    if not words:
        return Period.containing(PeriodKind.MONTH, today)
    if words in _RELATIVE:
        kind, steps = _RELATIVE[words]
        return _stepped(Period.containing(kind, today), steps)
    try:
        return _named_period(words, today, choose)
    except ValueError:
        raise PeriodNotUnderstood(text.strip()) from None


def _normalised(text: str) -> str:
    """Lower case, half-width digits, single spaces, Chinese numerals as digits."""
    words = unicodedata.normalize("NFKC", text).lower().translate(_TRADITIONAL)
    words = " ".join(words.strip(" \t\n.!?。！？").split()).replace("月份", "月")
    if not words.isascii():
        words = words.replace(" ", "")
    return re.sub(r"(?<![上下这])[一二三四五六七八九十]+(?=月|季|周)", _digits_of, words)


def _digits_of(match: re.Match[str]) -> str:
    tens, ten, ones = match[0].rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return match[0]
    return str(
        (_CHINESE_DIGITS[tens] if tens else 1 if ten else 0) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)
    )


def _stepped(period: Period, steps: int) -> Period:
    for _ in range(abs(steps)):
        period = period.next() if steps > 0 else period.previous()
    return period


def _named_period(words: str, today: date, choose: Callable[[InYear, date], Period]) -> Period:
    """A week, month or quarter by its number or name, with or without a year. Raises ValueError."""
    if re.fullmatch(r"\d{6}", words):
        return Period.month(int(words[:4]), int(words[4:]))
    year, name = _year_and_rest(words, today)
    if year is not None:
        return _in_year(name, bare_number_is_month=True)(year)
    relative, _, named = name.partition(" ")
    if relative == "this":
        return _in_year(named)(today.year)
    if relative == "last":
        return max(period for period in _around(_in_year(named), today) if period.end <= today)
    if relative == "next":
        return min(period for period in _around(_in_year(named), today) if period.start > today)
    return choose(_in_year(name), today)


def _latest(in_year: InYear, today: date) -> Period:
    return max(period for period in _around(in_year, today) if period.start <= today)


def _nearby(in_year: InYear, today: date) -> Period:
    def distance(period: Period) -> timedelta:
        return abs(period.start - _first_day(period.kind, today))

    nearest = min(_around(in_year, today), key=distance)
    return nearest if distance(nearest) <= _NEARBY else in_year(today.year)


def _around(in_year: InYear, today: date) -> list[Period]:
    """Of each year around, the earliest first; eight years back or ahead hold every week number."""
    found = []
    for year in range(today.year - 8, today.year + 9):
        with suppress(ValueError):
            found.append(in_year(year))
    return found


def _year_and_rest(words: str, today: date) -> tuple[int | None, str]:
    for name, years in _YEARS_AGO.items():
        if name in words:
            return today.year - years, words.replace(name, "", 1).strip(_SEPARATORS)
    match = _YEAR.search(words) or re.search(r"(?<!\d)(\d{4})(?=[qw]\d)", words)
    if not match:
        return None, words
    return int(match[1]), (words[: match.start()] + words[match.end() :]).strip(_SEPARATORS)


def _in_year(name: str, bare_number_is_month: bool = False) -> InYear:
    """What a name such as `nov`, `q3` or `w11` stands for, as a function of the year. Raises ValueError."""
    if match := re.fullmatch(r"(?:w|wk|week) ?(\d{1,2})|第?(\d{1,2})(?:周|星期)", name):
        number = int(match[1] or match[2])
        return lambda year: Period.week(year, number)
    if match := re.fullmatch(r"(?:q|quarter) ?(\d)|(\d) ?q|第?(\d)季度?", name):
        number = int(match[1] or match[2] or match[3])
        return lambda year: Period.quarter(year, number)
    ordinal, _, noun = name.partition(" ")
    if noun == "quarter" and ordinal in _QUARTER_ORDINALS:
        return lambda year: Period.quarter(year, _QUARTER_ORDINALS[ordinal])
    month = _month_number(name, bare_number_is_month)
    return lambda year: Period.month(year, month)


def _month_number(name: str, bare_number_is_month: bool) -> int:
    if match := re.fullmatch(r"(\d{1,2})(月?)", name):
        if not match[2] and not bare_number_is_month:
            raise ValueError(name)
        return int(match[1])
    if len(name) >= 3:
        for number, month_name in enumerate(_MONTH_NAMES, start=1):
            if month_name.startswith(name.rstrip(".")):
                return number
    raise ValueError(name)
