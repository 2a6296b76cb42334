"""Plans that pay, and people whose cards are paid for."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from domain.incentives.rules_pay import Earnings, Part, PayPart, Terms
from domain.plans.rules import Plan
from domain.plans.rules_incentives import Incentives
from domain.plans.rules_incentives_file import read_incentives
from domain.plans.rules_table import Table
from domain.plans.rules_toml import read_toml
from tests.domain.scoring_builders import plan

TIERS = {"S", "A", "B", "C"}
BANDS = """
[incentives.commission]
indicator = "sales"
[[incentives.commission.bands]]
from = 0
to = 0.8
rate = 0.01
[[incentives.commission.bands]]
from = 0.8
to = 1.0
rate = 0.02
[[incentives.commission.bands]]
from = 1.0
rate = 0.03
"""
"""1 % of what lies below 80 % of the target, 2 % from there to the target, 3 % beyond."""


def incentives(*sections: str, head: str = 'currency = "CNY"') -> Incentives:
    """The section of these parts, by default with the bands; read against the indicators of `plan`."""
    text = f"[incentives]\n{head}\n" + "".join(sections or (BANDS,))
    document = read_toml(text)
    known: Plan = plan()
    table = Table(document, (), document.data, "the plan", ("incentives",))
    found = read_incentives(table, {one.name: one for one in known.indicators}, TIERS)
    assert found is not None
    return found


def earnings(
    credited: str | int = 0,
    target: str | int | None = 1000,
    values: Mapping[str, str | int] | None = None,
    **others: Any,
) -> Earnings:
    """A whole month of tier A; nothing on any other measure, unless told otherwise."""
    given: dict[str, Any] = {
        "tier": "A",
        "eligible_days": 31,
        "days": 31,
        "own": Decimal(credited),
        "readings": {"sales": None, "overdue_rate": Fraction(1, 100)},
        "terms": Terms(),
    }
    return Earnings(
        credited=Decimal(credited),
        target=None if target is None else Decimal(target),
        values={name: Decimal(value) for name, value in (values or {}).items()},
        **{**given, **others},
    )


def amounts(parts: tuple[PayPart, ...]) -> dict[str, int]:
    """By part and name: `band 1`."""
    return {f"{part.part} {part.name}".strip(): part.amount for part in parts}


def of(parts: tuple[PayPart, ...], part: Part) -> PayPart:
    return next(one for one in parts if one.part is part)
