"""What history proposes as targets, from the bottom up: everybody's usual month and a growth. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.periods import Period
from domain.scoring.rules_exact import exact_sum, half_up, quotient
from domain.targets.rules_history import LEAST_WORK, MonthDone, full_month, to_step
from domain.targets.rules_tree import Owner, Tree

HUNDRED = Decimal(100)
DUE_PLACES = 2


class Basis(StrEnum):
    """Whose usual month a person's proposal stands on."""

    OWN = "own"
    UNIT = "unit"
    """The mean of the same unit, or of the nearest one above it: for who has too little history."""
    NONE = "none"
    """Nobody has any: nothing is proposed but 0."""


@dataclass(frozen=True)
class MonthAhead:
    """A month of the span in which the person is employed."""

    weight: Decimal
    """Of the season."""
    ramp: Decimal
    employed_days: int
    days: int

    @property
    def share(self) -> Fraction:
        """How much of a full target will be due."""
        return Fraction(self.ramp) * self.employed_days / self.days


@dataclass(frozen=True)
class Proposed:
    amount: Decimal
    """A multiple of the step, for the whole span."""
    due: Decimal
    """What ramp and days of employment leave of it."""
    usual: Decimal | None
    """A full month of this person, or of those it stands on; to the step."""
    basis: Basis


def recent(histories: Sequence[Sequence[MonthDone]], months: int) -> frozenset[Period]:
    """The last so many months of which anything is known."""
    known = sorted({done.month for history in histories for done in history}, key=lambda month: month.start)
    return frozenset(known[-months:])


def usual_months(
    tree: Tree, past: Mapping[Owner, Sequence[MonthDone]]
) -> dict[Owner, tuple[Fraction | None, Basis]]:
    """Of each person: what a full month brings. Who has worked less than one takes the mean of the unit."""
    own = {person: _own(months) for person, months in past.items()}
    means = {unit: _mean(own[one] for one in _people(tree, unit)) for unit in tree.walk() if unit.is_unit}
    above = {part: unit for unit in means for part in tree.parts(unit)}
    found: dict[Owner, tuple[Fraction | None, Basis]] = {}
    for person, usual in own.items():
        basis, owner = Basis.OWN, person
        while usual is None and owner in above:
            owner = above[owner]
            basis, usual = Basis.UNIT, means[owner]
        found[person] = (usual, Basis.NONE if usual is None else basis)
    return found


def proposed_for(
    usual: Fraction | None,
    basis: Basis,
    ahead: Sequence[MonthAhead],
    mean_weight: Fraction,
    growth: Decimal,
    step: Decimal,
) -> Proposed:
    """Usual month × (1 + growth in percent) × the months ahead, each by its weight; to the nearest step.

    The amount is of full months, for a target is multiplied by ramp and days when it is scored.
    """
    monthly = (usual or Fraction(0)) * (1 + quotient(growth, HUNDRED))
    weights = sum((Fraction(month.weight) for month in ahead), Fraction(0))
    amount = to_step(monthly * weights / mean_weight, step)
    shares = sum((Fraction(month.weight) * month.share for month in ahead), Fraction(0))
    due = Fraction(amount) * shares / weights if weights else Fraction(0)
    return Proposed(amount, half_up(due, DUE_PLACES), None if usual is None else to_step(usual, step), basis)


def summed(tree: Tree, people: Mapping[Owner, Proposed]) -> dict[Owner, Proposed]:
    """Of everybody in the tree: a unit has what those below it have together."""
    found = dict(people)
    for unit in reversed([one for one in tree.walk() if one.is_unit]):
        parts = [found[part] for part in tree.parts(unit)]
        amount, due = exact_sum(part.amount for part in parts), exact_sum(part.due for part in parts)
        found[unit] = Proposed(amount, due, None, Basis.UNIT)
    return found


def _own(months: Sequence[MonthDone]) -> Fraction | None:
    worked = sum((month.share for month in months), Fraction(0))
    return full_month(months) if worked >= LEAST_WORK else None


def _people(tree: Tree, unit: Owner) -> list[Owner]:
    return [one for one in tree.walk_from(unit) if not one.is_unit]


def _mean(usual: Iterable[Fraction | None]) -> Fraction | None:
    known = [one for one in usual if one is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
