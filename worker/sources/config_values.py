"""Values of `sources.toml` that kinds of sources share. Each raises PlanError with line and sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from domain.plans.rules_table import Table
from worker.sources.secret import Secret

UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
LONGEST_PATH = 1000
LONGEST_SQL = 100_000
LONGEST_TRY = timedelta(minutes=25)
"""A worker is stopped after half an hour."""
USUAL_TRY = timedelta(minutes=10)


@dataclass(frozen=True)
class Place:
    """What a source's table is read with."""

    file: Path
    environment: Mapping[str, str]

    @property
    def folder(self) -> Path:
        return self.file.parent

    def expanded(self, table: Table, text: str, *keys: str) -> str:
        """The text with each ${NAME} replaced by that variable of the environment."""

        def value(match: re.Match[str]) -> str:
            if not self.environment.get(match[1]):
                raise table.error(
                    f"{match[0]} stands for an environment variable that is not set: set {match[1]}.", *keys
                )
            return self.environment[match[1]]

        return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", value, text)

    def path(self, table: Table, text: str, *keys: str) -> Path:
        """As it stands, or beside the file."""
        return self.folder / self.expanded(table, text, *keys)


def one_sql(table: Table, place: Place) -> str:
    """The text of `sql`, or of the file that `query` names."""
    if table.exactly_one(("query", "sql")) == "sql":
        return table.text("sql", LONGEST_SQL)
    return sql_file(table, "query", place)


def sql_file(table: Table, key: str, place: Place) -> str:
    path = place.path(table, table.text(key, LONGEST_PATH), key)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise table.error(f'"{key}" names {path}, which cannot be read: correct the path.', key) from None


def secret(table: Table, key: str, place: Place) -> Secret | None:
    """The secret that `key` names by its variable; whether it is set is asked when it is needed."""
    if not table.has(key):
        return None
    variable = table.text(key)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
        raise table.error(
            f'"{key}" must name a variable of the environment, such as CRM_TOKEN. The secret itself does not '
            "belong in this file.",
            key,
        )
    return Secret(variable, f"{place.file.name}, line {table.line(key)}")


def duration(table: Table, key: str, units: str = "mhd") -> timedelta:
    text = table.text(key)
    match = re.fullmatch(rf"([1-9][0-9]{{0,3}})([{units}])", text)
    if not match:
        examples = {"mhd": "15m, 1h or 1d", "d": "35d", "sm": "30s or 10m"}[units]
        raise table.error(f'"{key}" is "{text}": write it like {examples}.', key)
    return int(match[1]) * UNITS[match[2]]


def longest_try(table: Table) -> timedelta:
    """How long one run may take, from `timeout`."""
    if not table.has("timeout"):
        return USUAL_TRY
    found = duration(table, "timeout", "sm")
    if found > LONGEST_TRY:
        raise table.error('"timeout" can be 25m at most.', "timeout")
    return found


def day(table: Table, key: str) -> date | None:
    if not table.has(key):
        return None
    value = table.values[key]
    try:
        return value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise table.error(f'"{key}" must be a day such as 2026-01-01.', key) from None


def flag(table: Table, key: str) -> bool:
    value = table.values.get(key, False)
    if not isinstance(value, bool):
        raise table.error(f'"{key}" must be true or false.', key)
    return value


def whole_number(table: Table, key: str, least: int, most: int, default: int) -> int:
    value = table.values.get(key, default)
    if type(value) is not int or not least <= value <= most:
        raise table.error(f'"{key}" must be a whole number from {least} to {most}.', key)
    return value


def one_of(table: Table, key: str, choices: tuple[str, ...], default: str) -> str:
    if not table.has(key):
        return default
    chosen = table.text(key)
    if chosen not in choices:
        raise table.error(f'"{key}" is "{chosen}": it can be {", ".join(choices)}.', key)
    return chosen
