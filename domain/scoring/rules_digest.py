"""A digest of what a card came from: the plan, the days, the versions of targets, the records.

Rows of input are never changed in place, so the id of a row stands for its source, its name and its version;
what a card computes with is digested beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import IntEnum
from struct import Struct
from typing import TYPE_CHECKING

from domain.plans.rules import Plan
from domain.scoring.rules_inputs import PersonInput, Window

if TYPE_CHECKING:
    from hashlib import _Hash

NEWEST_VERSION = 2
"""Of the digest; a run keeps the version that its cards have."""

COLUMNS = 6
"""Of a fact: its kind, then numbers; zeros fill up."""

Fact = tuple[int, int, int, int, int, int]
_FACT = Struct(f"<{COLUMNS}q")


class Kind(IntEnum):
    PERSON = 1
    """Person, unit, first day employed, last (0: none)."""
    LEAVE = 2
    """First and last day."""
    TARGET = 3
    """Row, place of its indicator in the plan, place of its period, first day (0: the period's), amount."""
    RECORD = 4
    """Row, place of its measure in the plan, day, value. Of days before the period too, where they count."""
    CUSTOMER = 5
    """Row of a purchase, the first 63 bits of its customer's digest (0: no customer)."""
    STARTING_TIER = 6
    """Row, level of the tier in the plan."""


def beginning(plan: Plan, plan_digest: str, window: Window) -> _Hash:
    """What the digests of all cards of a plan begin with."""
    common = [plan_digest, plan.measures_needed, target_indicators(plan), window.last, window.missing]
    return hashlib.sha256(json.dumps(common, default=str, ensure_ascii=False).encode())


def target_indicators(plan: Plan) -> tuple[str, ...]:
    """The indicators that are read against a target, in the plan's order."""
    return tuple(indicator.name for indicator in plan.indicators if indicator.has_target)


def fact(kind: Kind, *numbers: int) -> Fact:
    """Days are ordinals, amounts and values ten-thousandths."""
    one, two, three, four, five = (*numbers, *[0] * (COLUMNS - 1 - len(numbers)))
    return (kind, one, two, three, four, five)


def customer_number(customer_id: str | None) -> int:
    """A customer as a fact has room for: a number of 63 bits, 0 for none."""
    if customer_id is None:
        return 0
    return int.from_bytes(hashlib.sha256(customer_id.encode()).digest()[:8], "little") >> 1


def digest(begun: _Hash, facts: Iterable[Fact]) -> str:
    return digest_of_bytes(begun, b"".join(_FACT.pack(*one) for one in sorted(facts)))


def digest_of_bytes(begun: _Hash, facts: bytes | memoryview) -> str:
    """SHA-256, in hexadecimal; `facts` are sorted rows of little-endian 64-bit integers."""
    whole = begun.copy()
    whole.update(facts)
    return whole.hexdigest()


def first_version(
    plan: Plan,
    plan_digest: str,
    window: Window,
    person: PersonInput,
    unit_id: int,
    records: Iterable[tuple[str, str, str, date, object]],
) -> str:
    """The digest of cards locked before there was another one; records as (source, record id, measure, …)."""
    needed = set(plan.measures_needed)
    facts: Mapping[str, object] = {
        "employee": person.employee_id,
        "employment": [person.employment.hired_on, person.employment.left_on],
        "leaves": person.leaves,
        "unit": unit_id,
        "plan": plan_digest,
        "last_day": window.last,
        "missing": window.missing,
        "targets": [
            [name, amount.period.key, amount.from_day, amount.amount]
            for name, amounts in sorted(person.targets.items())
            for amount in amounts
        ],
        "records": sorted([record for record in records if record[2] in needed], key=lambda one: one[:2]),
    }
    return hashlib.sha256(json.dumps(facts, default=str, ensure_ascii=False).encode()).hexdigest()
