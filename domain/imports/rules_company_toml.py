"""`company.toml`: its text in, typed settings out; what it does not say is None. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.cells import LANGUAGE_TAG, is_time_zone
from domain.imports.rules_policies import policies_of
from domain.periods import Period, PeriodKind
from domain.plans.rules_table import PlanError, Table
from domain.plans.rules_toml import TomlError, read_toml
from domain.working_days import WEEKENDS_ONLY, UnknownCalendar, WorkingDays

KEYS = ("name", "time_zone", "calendar", "currency", "language", "alerts_from", "alerts", "policies")
NO_CALENDAR = WEEKENDS_ONLY
LONGEST_CALENDAR = 8


@dataclass(frozen=True)
class CompanySettings:
    name: str | None = None
    time_zone: str | None = None
    calendar: str | None = None
    """A country code such as `cn`, a part of one such as `de-by`, or `none`: weekends only."""
    currency: str | None = None
    language: str | None = None
    alerts_from: str | None = None
    shadow: bool | None = None
    policies: dict[str, Any] | None = field(default=None)


def parse_company(text: str) -> CompanySettings:
    """Raises PlanError, with the line, for the first thing that is wrong."""
    try:
        document = read_toml(text)
    except TomlError as error:
        raise PlanError(error.line, error.sentence) from None
    table = Table(document, (), document.data, "company.toml", KEYS)
    return CompanySettings(
        name=_checked(table, "name", lambda name: len(name) <= 200, "is longer than 200 characters."),
        time_zone=_checked(
            table, "time_zone", is_time_zone, "is not a time zone: write its IANA name, like Asia/Shanghai."
        ),
        calendar=_checked(
            table,
            "calendar",
            _is_calendar,
            'is not a calendar: write a country such as "cn" or "us", or "none" for weekends only.',
        ),
        currency=_checked(table, "currency", _matches("[A-Z]{3}"), "is not a currency: write it like CNY."),
        language=_checked(table, "language", _is_language, "is not a language: write it like en or zh-CN."),
        alerts_from=_checked(table, "alerts_from", _is_month, "is not a month: write it like 2026-03."),
        shadow=_shadow(table),
        policies=policies_of(table),
    )


def _checked(table: Table, key: str, is_right: Callable[[str], bool], reason: str) -> str | None:
    if not table.has(key):
        return None
    value = table.text(key, longest=500)
    if not is_right(value):
        raise table.error(f'"{key}" is "{value}", which {reason}', key)
    return value


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


def _is_language(tag: str) -> bool:
    return len(tag) <= 16 and re.fullmatch(LANGUAGE_TAG, tag) is not None


def _is_calendar(name: str) -> bool:
    if name != name.strip().lower() or len(name) > LONGEST_CALENDAR:
        return False
    try:
        WorkingDays(name)
    except UnknownCalendar:
        return False
    return True


def _is_month(key: str) -> bool:
    try:
        return Period.parse(key).kind is PeriodKind.MONTH
    except ValueError:
        return False


def _shadow(table: Table) -> bool | None:
    if not table.has("alerts"):
        return None
    alerts = table.table("alerts", ("shadow",))
    if not alerts.has("shadow"):
        return None
    if not isinstance(alerts.values["shadow"], bool):
        raise alerts.error('"shadow" must be true or false.', "shadow")
    return alerts.values["shadow"]
