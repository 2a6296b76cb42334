"""The lines of very many cards: from values to readings, points and contributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.scoring.columns.rules_integers import Flags, Integers, Quotients, divide, half_up, too_large
from domain.scoring.columns.rules_plan import SCORE_PLACES, VALUE_PLACES, ScaledDeduction, ScaledIndicator
from domain.scoring.columns.rules_targets import Targets

_CENT = 10 ** (VALUE_PLACES - SCORE_PLACES)
"""In ten-thousandths."""


@dataclass(frozen=True, slots=True)
class IndicatorLines:
    """An indicator's lines, a row per person; a number without meaning stands where `assessed` is false."""

    scaled: ScaledIndicator
    known: bool
    """Its measures are covered."""
    actual: Integers
    denominator: Integers | None
    target: Targets | None
    reading: Quotients
    points: Integers

    @property
    def assessed(self) -> Flags:
        return self.reading.defined & self.known

    @property
    def weight(self) -> Integers:
        """0 where it drops out."""
        return self.scaled.weight * self.assessed.astype(np.int64)

    @property
    def unsure(self) -> Flags:
        if self.target is None:
            return self.reading.unsure
        return self.reading.unsure | (self.target.unsure & self.target.there)

    def contribution(self, assessed_weight: Integers) -> Integers:
        """In cents; 0 where the line drops out, as all do where nothing is assessed."""
        return half_up(self.weight * self.points, _CENT * np.maximum(assessed_weight, 1))


@dataclass(frozen=True, slots=True)
class DeductionLines:
    """A deduction's lines, a row per person."""

    scaled: ScaledDeduction
    known: bool
    actual: Integers

    @property
    def unsure(self) -> Flags:
        return too_large(self.actual, self.scaled.points)

    @property
    def taken(self) -> Integers:
        """In cents, 0 or more."""
        uncapped = np.maximum(self.actual * self.scaled.points, 0)
        taken = uncapped if self.scaled.cap is None else np.minimum(uncapped, self.scaled.cap)
        return half_up(taken, _CENT * 10**VALUE_PLACES)


def read_against_target(
    scaled: ScaledIndicator, known: bool, actual: Integers, target: Targets, largest_below: int
) -> IndicatorLines:
    due = np.where(target.there & ~target.unsure, target.cents, 0)
    return _lines(scaled, known, actual, due * _CENT, largest_below, target=target)


def read_as_ratio(
    scaled: ScaledIndicator, known: bool, actual: Integers, denominator: Integers, largest_below: int
) -> IndicatorLines:
    return _lines(scaled, known, actual, denominator, largest_below, denominator=denominator)


def _lines(
    scaled: ScaledIndicator,
    known: bool,
    actual: Integers,
    below: Integers,
    largest_below: int,
    target: Targets | None = None,
    denominator: Integers | None = None,
) -> IndicatorLines:
    reading = divide(actual, below, largest_below)
    return IndicatorLines(scaled, known, actual, denominator, target, reading, scaled.curve.points(reading))


def added(columns: Sequence[Integers], people: int) -> Integers:
    """Their sum, row by row."""
    total: Integers = np.sum([np.zeros(people, dtype=np.int64), *columns], axis=0)
    return total
