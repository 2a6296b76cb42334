"""Splitting an amount so that the parts add up to it, to the last step. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from domain.scoring.rules_exact import exact_sum, quotient

Key = TypeVar("Key")


def apportion(total: Decimal, weights: Mapping[Key, Decimal], step: Decimal) -> dict[Key, Decimal]:
    """Parts of `total` in proportion to the weights, each a multiple of `step`; they sum to the total.

    By largest remainder (Hamilton): each part is rounded down to a step, and the steps that are left go to
    those that lost most by it; of equals, to those named first. `total` must be a multiple of the step and
    at least 0, as must each weight. Raises ValueError for those, and where all weights are 0.
    """
    steps = quotient(total, step)
    whole = exact_sum(weights.values())
    if step <= 0 or total < 0 or steps.denominator != 1 or not whole or min(weights.values()) < 0:
        raise ValueError(f"{total} cannot be split in steps of {step} by {list(weights.values())}.")
    exact = {key: steps * quotient(weight, whole) for key, weight in weights.items()}
    down = {key: int(share) for key, share in exact.items()}
    lost_most_first = sorted(exact, key=lambda key: down[key] - exact[key])
    for key in lost_most_first[: int(steps) - sum(down.values())]:
        down[key] += 1
    return {key: step * count for key, count in down.items()}


def rest(total: Decimal, parts: Iterable[Decimal]) -> Decimal:
    """What is still to be split; below 0 where more is given out than there is."""
    return total - exact_sum(parts)
