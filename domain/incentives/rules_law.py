"""What may be taken as compensation for a loss (PRC Labour Contract Law practice, rule R13). Pure.

At most a fifth of the month's wage, and what is left of the wage is never below the minimum wage. The month's
wage is the fixed wage and the variable pay of the month. A fact that is missing blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from domain.periods import Period

MINIMUM_WAGE = "minimum_wage"
"""In `[policies]` of company.toml: of a month, where the company is; a number, or a table by first month."""
LARGEST_SHARE = Fraction(1, 5)


class Blocked(StrEnum):
    """Why nothing may be taken for a loss."""

    NO_WAGE = "no_wage"
    NO_MINIMUM_WAGE = "no_minimum_wage"


@dataclass(frozen=True)
class WageFacts:
    """In the currency's units; None: nobody has said."""

    wage: Decimal | None
    minimum_wage: Decimal | None


def minimum_wage_in(policy: Any, month: Period) -> Decimal | None:
    """`policy`: an amount for every month, or amounts by the month from which each holds."""
    if isinstance(policy, Mapping):
        begun = [since for since in policy if since <= month.key]
        policy = policy[max(begun)] if begun else None
    return None if policy is None else Decimal(str(policy))


def is_for_loss(facts: Mapping[str, Any]) -> bool:
    """Whether a part of pay, by its facts, takes something as compensation for a loss."""
    return bool(facts.get("loss")) or "limit" in facts or "blocked" in facts


def limit_for_loss(facts: WageFacts, variable: Decimal, taken: Decimal = Decimal(0)) -> Fraction | Blocked:
    """The most that may be taken this month beside what is `taken` for losses already; 0 or more.

    `variable`: the month's variable pay, before anything is taken for losses.
    """
    if facts.wage is None:
        return Blocked.NO_WAGE
    if facts.minimum_wage is None:
        return Blocked.NO_MINIMUM_WAGE
    month = Fraction(facts.wage) + Fraction(variable)
    most = min(month * LARGEST_SHARE, month - Fraction(facts.minimum_wage))
    return max(most - Fraction(taken), Fraction(0))
