"""The nearest value of one measure that brings what is wished for, everything else as it is.

Exact to the measure's smallest step. A score need not rise with a value: a curve may fall, a measure may be
one indicator's numerator and another's denominator, a gate may open and close. So the way is cut wherever
anything can turn; between two cuts each line of a card only rises or only falls. There, cards at both ends
say whether the wish can come true in between, and halving finds the first value where it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, floor
from typing import Protocol

from domain.scoring.rules_cards import Card
from domain.scoring.rules_what_if import Case

LARGEST = 10**12 - 1
"""The largest value that a record may have."""


class Wish(Protocol):
    def met(self, card: Card) -> bool: ...

    def may_be_met_between(self, first: Card, last: Card) -> bool:
        """False only where no card between the two can meet it, given that each line rises or falls."""
        ...


class Way:
    """The values of one measure in its smallest steps, and the card at each; asked for once."""

    def __init__(self, case: Case, measure: str) -> None:
        self.case = case
        self.measure = measure
        self.places = case.places_of(measure)
        self.steps_of_one: int = 10**self.places
        self.start = int(case.value(measure) * self.steps_of_one)
        self._cards: dict[int, Card] = {}

    def value(self, step: int) -> Decimal:
        return Decimal(step).scaleb(-self.places)

    def card(self, step: int) -> Card:
        if step not in self._cards:
            self._cards[step] = self.case.card({self.measure: self.value(step)})
        return self._cards[step]

    def nearest(self, wish: Wish) -> Decimal | None:
        """The value nearest to the present one at which the wish comes true; the higher one of two."""
        up = self._first(wish, [self.start, *self.turns_above, self._highest])
        down = self._first(wish, [self.start, *self.turns_below, self._lowest])
        found = [step for step in (up, down) if step is not None]
        return self.value(min(found, key=lambda step: abs(step - self.start))) if found else None

    def best(self) -> Decimal:
        """Of the present value and those where something turns, the nearest one with the most points.

        The steps beside 0 are turns for the search's sake: rather 0 than 1 where both bring the same.
        """
        steps = [self.start, *self.turns_above, *self.turns_below]

        def merits(step: int) -> tuple[Decimal, bool, int]:
            return self.card(step).score or Decimal(0), abs(step) != 1, -abs(step - self.start)

        return self.value(max(steps, key=merits))

    @cached_property
    def turns_above(self) -> list[int]:
        """The steps around everything that can turn, from the present value up."""
        return [step for step in self._turns if self.start < step <= self._highest]

    @cached_property
    def turns_below(self) -> list[int]:
        """As `turns_above`, from the present value down."""
        return [step for step in reversed(self._turns) if self._lowest <= step < self.start]

    @property
    def _highest(self) -> int:
        return max(LARGEST * self.steps_of_one, self.start)

    @property
    def _lowest(self) -> int:
        return min(0, self.start)

    @cached_property
    def _turns(self) -> list[int]:
        turns = {-1, 0, 1}
        for value in _turning_values(self.case, self.measure):
            steps = value * self.steps_of_one
            turns |= {floor(steps), ceil(steps)}
        return sorted(turns)

    def _first(self, wish: Wish, cuts: Sequence[int]) -> int | None:
        for near, far in pairwise(cuts):
            step = self._first_between(wish, near, far)
            if step is not None:
                return step
        return None

    def _first_between(self, wish: Wish, near: int, far: int) -> int | None:
        """`far` may be above `near` or below it."""
        if wish.met(self.card(near)):
            return near
        if abs(far - near) <= 1:
            return far if wish.met(self.card(far)) else None
        if not wish.may_be_met_between(self.card(near), self.card(far)):
            return None
        middle = (near + far) // 2
        step = self._first_between(wish, near, middle)
        return self._first_between(wish, middle, far) if step is None else step


def _turning_values(case: Case, measure: str) -> Iterator[Fraction]:
    """Where a reading passes an anchor of its curve or the bound of a gate."""
    targets = {line.name: line.target.amount for line in case.as_it_is.lines if line.target}
    for indicator in case.plan.indicators:
        readings = [anchor.reading for anchor in indicator.curve.anchors]
        readings += [gate.bound.value for gate in case.plan.gates if gate.indicator == indicator.name]
        yield from _values_at(case, measure, indicator.quantities, targets.get(indicator.name), readings)
    for gate in case.plan.gates:
        if gate.indicator is None:
            yield from _values_at(case, measure, gate.measures, Decimal(1), [gate.bound.value])


def _values_at(
    case: Case, measure: str, measures: Sequence[str], divisor: Decimal | None, readings: Iterable[Decimal]
) -> Iterator[Fraction]:
    """The measure's values that make these readings; a ratio is divided by its second measure."""
    numerator, *denominators = measures
    if measure == numerator and measure not in denominators:
        below = case.value(denominators[0]) if denominators else divisor
        if below:
            yield from (Fraction(reading) * Fraction(below) for reading in readings)
    elif measure in denominators and measure != numerator:
        above = Fraction(case.value(numerator))
        yield from (above / Fraction(reading) for reading in readings if reading)
