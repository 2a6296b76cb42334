"""Other numbers in a plan's text: its words, comments and order stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from domain.plain import plain
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.plans.rules_toml import Path, read_toml

_NUMBER = r"[-+0-9_.eE]+"
_MONTH = r"\"[^\"]*\"|'[^']*'"


class NotEditableError(ValueError):
    """A value that stands in the text in a way that only a person can change."""


def weight_of(indicator: int) -> Path:
    """By its place in the plan."""
    return ("indicators", indicator, "weight")


def start_of(tier: int) -> Path:
    """By its place in the text: a plan sorts its tiers."""
    return ("tiers", tier, "from")


def tiers_in_text(text: str) -> list[tuple[str, Decimal]]:
    """Names and starts in the text's order."""
    return [(tier["name"], Decimal(tier["from"])) for tier in read_toml(text).data["tiers"]]


def with_numbers(text: str, first_month: str, numbers: Mapping[Path, Decimal]) -> str:
    """The text with another first month and these numbers, each at its place.

    Raises NotEditableError where one does not stand on a line of its own as `key = value`, PlanError where
    the plan is wrong with them.
    """
    changed = _replaced(text, ("from",), _MONTH, f'"{first_month}"')
    for path, number in numbers.items():
        changed = _replaced(changed, path, _NUMBER, plain(number))
    _require_said(parse_plan(changed), changed, first_month, numbers)
    return changed


def _replaced(text: str, path: Path, value: str, new: str) -> str:
    lines = text.split("\n")
    at = read_toml(text).line_of(path) - 1
    pattern = re.compile(rf"^(\s*{re.escape(str(path[-1]))}\s*=\s*)(?:{value})(?=\s*(?:#.*)?\r?$)")
    found, count = pattern.subn(lambda match: f"{match[1]}{new}", lines[at])
    if not count:
        raise NotEditableError(lines[at])
    lines[at] = found
    return "\n".join(lines)


def _require_said(plan: Plan, text: str, first_month: str, numbers: Mapping[Path, Decimal]) -> None:
    """That the text now says what was asked for."""
    data = read_toml(text).data
    for (table, place, key), number in numbers.items():
        if Decimal(data[str(table)][place][key]) != number:
            raise NotEditableError(text)
    if plan.from_month.key != first_month:
        raise NotEditableError(text)
