"""A tree of amounts: company, regions, teams, people; what of each is still to be split. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.periods import Period
from domain.scoring.rules_exact import exact_sum
from domain.targets.rules_span import Season, Span
from domain.targets.rules_split import apportion, rest

FINEST_STEP = Decimal("0.0001")
"""What a target is kept to; for months beside locked ones, whose amounts may be finer than the step."""


@dataclass(frozen=True, order=True)
class Owner:
    """A unit or a person, by id."""

    kind: str
    """`unit` or `person`."""
    id: int

    @classmethod
    def unit(cls, unit_id: int) -> Owner:
        return cls("unit", unit_id)

    @classmethod
    def person(cls, person_id: int) -> Owner:
        return cls("person", person_id)

    @property
    def is_unit(self) -> bool:
        return self.kind == "unit"


@dataclass(frozen=True)
class Tree:
    """Who stands below whom, and what each has been given; None: nothing yet."""

    root: Owner
    below: Mapping[Owner, tuple[Owner, ...]]
    amounts: Mapping[Owner, Decimal]

    def parts(self, unit: Owner) -> tuple[Owner, ...]:
        return self.below.get(unit, ())

    def rest(self, unit: Owner) -> Decimal | None:
        """What of the unit's amount is still to be split; None where it has none, or nobody below it."""
        amount, parts = self.amounts.get(unit), self.parts(unit)
        if amount is None or not parts:
            return None
        return rest(amount, (self.amounts.get(part, Decimal(0)) for part in parts))

    def unbalanced(self) -> dict[Owner, Decimal]:
        """The units whose parts do not sum to what they have been given, with the rest, root first."""
        found = {}
        for owner in self.walk():
            left = self.rest(owner)
            if left:
                found[owner] = left
        return found

    def walk(self) -> Iterator[Owner]:
        """Everybody, from the root down, each before those below."""
        yield from self.walk_from(self.root)

    def walk_from(self, owner: Owner) -> Iterator[Owner]:
        """The owner, and those below."""
        pending = [owner]
        while pending:
            owner = pending.pop()
            yield owner
            pending += reversed(self.parts(owner))


@dataclass(frozen=True)
class Frozen:
    """What an owner's locked months say already: it counts towards the span and does not change."""

    amounts: Mapping[Period, Decimal]
    """Of every locked month: 0 for one without a target, which takes none any more."""

    @property
    def total(self) -> Decimal:
        return exact_sum(self.amounts.values())


NOTHING_FROZEN = Frozen({})


class LockedMonthsError(ValueError):
    """The locked months come to more than the whole span is to have …"""


class NoMonthLeftError(LockedMonthsError):
    """… or to less, and no month is left to take the rest."""


def by_month(
    amount: Decimal,
    span: Span,
    season: Season,
    step: Decimal,
    present: Collection[Period],
    frozen: Frozen = NOTHING_FROZEN,
) -> dict[Period, Decimal]:
    """The amount of a span, month by month, for the months that may still change.

    `present`: the months with a day of work; in proportion to their weights. Raises LockedMonthsError.
    """
    open_months = {
        month: weight
        for month, weight in zip(span.months, season.weights, strict=True)
        if month in present and month not in frozen.amounts
    }
    left = amount - frozen.total
    if left < 0:
        raise LockedMonthsError
    if not any(open_months.values()):
        if left:
            raise NoMonthLeftError
        return dict.fromkeys(open_months, Decimal(0))
    return apportion(left, open_months, step if not left % step else FINEST_STEP)
