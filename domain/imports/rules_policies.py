"""`[policies]` of company.toml: what has a meaning of ours is checked, the rest is kept as it is. Pure."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from domain.closing.rules import MOST_DAYS, POLICY, CloseDays
from domain.incentives.rules_law import MINIMUM_WAGE
from domain.people.rules import MANAGERS_SEE_PAY
from domain.plans.rules_table import Table

DAYS_TO_ANSWER = ("days_to_answer_targets", "days_to_answer_disputes")
"""Working days, from 1 on."""
CHANNEL_NAME = re.compile(r"#?[a-z0-9_\-\u00c0-\uffff]{1,80}|[CG][A-Z0-9]{2,20}")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
CLOSE_KEYS = ("data_due", "review", "lock")


def policies_of(table: Table) -> dict[str, Any] | None:
    """None where the file has none. Raises PlanError with the line."""
    if not table.has("policies"):
        return None
    values = table.values["policies"]
    if not isinstance(values, dict):
        raise table.error('"policies" must be a table: write [policies] above its keys.', "policies")
    policies = table.table("policies", values)
    for key in ("share_cards", MANAGERS_SEE_PAY):
        if not isinstance(values.get(key, True), bool):
            raise policies.error(f'"{key}" in [policies] must be true or false.', key)
    _check_minimum_wage(policies)
    _check_recognition(policies)
    for key in DAYS_TO_ANSWER:
        if policies.has(key):
            _whole_days(policies, key)
    if policies.has(POLICY):
        _check_close(policies.table(POLICY, CLOSE_KEYS))
    return {key: _as_json(value) for key, value in values.items()}


def _check_minimum_wage(policies: Table) -> None:
    """Of a month: a number for all of them, or a table that says from which month on each holds."""
    written = policies.values.get(MINIMUM_WAGE)
    if isinstance(written, dict):
        amounts = policies.inner(MINIMUM_WAGE)
        for month in written:
            if not MONTH.fullmatch(month):
                raise amounts.error(
                    f'"{month}" in {amounts.title} is no month: write the first one, like 2026-07 = 2740.',
                    month,
                )
            _require_amount(amounts, month)
    elif policies.has(MINIMUM_WAGE):
        _require_amount(policies, MINIMUM_WAGE)


def _require_amount(table: Table, key: str) -> None:
    if table.number(key) < 0:
        raise table.error(f'"{key}" in {table.title} must be 0 or more.', key)


def _check_recognition(policies: Table) -> None:
    wanted = policies.values.get("recognition", False)
    if not isinstance(wanted, bool):
        raise policies.error('"recognition" in [policies] must be true or false.', "recognition")
    channel = policies.values.get("recognition_channel")
    if channel is not None and not (isinstance(channel, str) and CHANNEL_NAME.fullmatch(channel)):
        raise policies.error(
            '"recognition_channel" in [policies] must be a channel: its name, like "#wins", or its id.',
            "recognition_channel",
        )
    if wanted and channel is None:
        raise policies.error(
            '"recognition" in [policies] is true, but there is no "recognition_channel": name the channel.',
            "recognition",
        )


def _check_close(close: Table) -> None:
    days = CloseDays(**{key: _whole_days(close, key) for key in CLOSE_KEYS if close.has(key)})
    if not days.data_due <= days.review <= days.lock:
        raise close.error(
            f"[policies.close] has data due on working day {days.data_due}, the end of the review on "
            f"{days.review} and the lock on {days.lock}: none comes before the one before it."
        )


def _whole_days(table: Table, key: str) -> int:
    value = table.values[key]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
        raise table.error(
            f'"{key}" in {table.title} must be a whole number of working days, from 1 to {MOST_DAYS}.', key
        )
    return value


def _as_json(value: Any) -> Any:
    """Numbers with a point stay exact as text, as do days."""
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value
