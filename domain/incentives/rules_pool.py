"""A team's pool and how it is shared: shares sum exactly to the pool. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.incentives.rules_money import exact_text, minor
from domain.incentives.rules_pay import PoolPart
from domain.plans.rules_incentives import Pool, PoolShare
from domain.scoring.rules_exact import exact_sum, half_up, quotient
from domain.targets.rules_split import apportion

WEIGHT_PLACES = 6


@dataclass(frozen=True)
class Member:
    """Somebody of the team with a complete card; `target` None or 0: not read against one."""

    score: Decimal
    actual: Decimal
    target: Decimal | None


def shares(pool: Pool, digits: int, members: Mapping[int, Member]) -> dict[int, PoolPart]:
    """By person. Members without a target share, but neither they nor their actual count for the team's."""
    counted = [member for member in members.values() if member.target]
    target = exact_sum(member.target or Decimal(0) for member in counted)
    if not target:
        return {}
    attainment = quotient(exact_sum(member.actual for member in counted), target)
    factor = pool.steps.factor(attainment, Fraction(0))
    whole = minor(Fraction(pool.amount) * len(members) * factor, digits)
    if not whole:
        return {}
    weights = _weights(pool.by, members)
    parts = apportion(Decimal(whole), weights, Decimal(1))
    facts = {
        "indicator": pool.indicator,
        "attainment": str(attainment),
        "factor": exact_text(factor),
        "amount": exact_text(pool.amount),
        "members": len(members),
        "pool": whole,
        "by": str(pool.by),
        "of": exact_text(exact_sum(weights.values())),
    }
    return {
        person_id: PoolPart(int(part), {**facts, "weight": exact_text(weights[person_id])})
        for person_id, part in parts.items()
    }


def _weights(by: PoolShare, members: Mapping[int, Member]) -> dict[int, Decimal]:
    """In the order of the ids, so that the steps that are left over go the same way each time."""
    weights = {person_id: _weight(by, members[person_id]) for person_id in sorted(members)}
    return weights if any(weights.values()) else dict.fromkeys(weights, Decimal(1))


def _weight(by: PoolShare, member: Member) -> Decimal:
    if by is PoolShare.SCORE:
        return member.score
    if by is PoolShare.EQUALLY:
        return Decimal(1)
    reached = quotient(member.actual, member.target) if member.target else Fraction(0)
    return half_up(max(reached, Fraction(0)), WEIGHT_PLACES)
