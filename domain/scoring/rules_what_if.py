"""What if: a period's end with other values, and what it takes to reach a tier. All by the one engine.

Nothing here computes a score: values are changed, `score_person` is asked, its cards are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from domain.plans.rules import Indicator, Plan, Tier
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import Card, GateResult, Line, LineKind
from domain.scoring.rules_exact import half_up
from domain.scoring.rules_inputs import PersonInput, Window

USUAL_PLACES = 2
_ZERO = Decimal(0)
_NOTHING: Mapping[str, Decimal] = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """A period as it may end for one person, and the steps in which its values may differ.

    `places`: decimals by measure, 0 for what is counted in whole numbers; 2 where a measure is not named.
    """

    plan: Plan
    window: Window
    person: PersonInput
    places: Mapping[str, int] = field(default_factory=dict)

    def card(self, changed: Mapping[str, Decimal] = _NOTHING) -> Card:
        """The card with other values of some measures."""
        return score_person(self.plan, self.window, self._person_with(changed))

    def with_values(self, changed: Mapping[str, Decimal]) -> Case:
        return replace(self, person=self._person_with(changed))

    def _person_with(self, changed: Mapping[str, Decimal]) -> PersonInput:
        return replace(self.person, values={**self.person.values, **changed})

    @cached_property
    def as_it_is(self) -> Card:
        return self.card()

    def value(self, measure: str) -> Decimal:
        return self.person.values.get(measure, _ZERO)

    def places_of(self, measure: str) -> int:
        """Never coarser than the value at hand."""
        return max(self.places.get(measure, USUAL_PLACES), self.places_at_hand(measure))

    def places_at_hand(self, measure: str) -> int:
        """Decimals of the value at hand: 0 for what has only been counted in whole numbers so far."""
        exponent = self.value(measure).normalize().as_tuple().exponent
        return max(-exponent, 0) if isinstance(exponent, int) else 0


def whole(window: Window) -> Window:
    """The window of the same period at its end, on full targets, as if each of its days were reported."""
    return Window(window.period, False, window.period.last_day, window.missing)


def at_pace(case: Case, so_far: Window) -> Case:
    """The period's end with every pace kept: a result read against a target grows as the target does.

    `case` ends with what `so_far` has recorded. Ratios, balances and deductions stay as they are. What has
    grown is as fine as what it grew from, so that nobody is told of a third of a customer.
    """
    running = score_person(case.plan, so_far, case.person)
    projected: dict[str, Decimal] = {}
    for now, then in indicator_lines(case.plan, running, case.as_it_is):
        (measure, *_) = now.measures
        if now.target is None or then.target is None or now.reading is None or measure in case.plan.stocks:
            continue
        grown = now.reading * Fraction(then.target.amount)
        projected.setdefault(measure, half_up(grown, case.places_at_hand(measure)))
    return case.with_values(projected)


def indicator_lines(plan: Plan, *cards: Card) -> Iterator[tuple[Line, ...]]:
    """The lines of each indicator side by side."""
    count = len(plan.indicators)
    yield from zip(*(card.lines[:count] for card in cards), strict=True)


def scored_lines(card: Card) -> tuple[Line, ...]:
    """The lines of indicators and deductions, in the plan's order: the same for all cards of a plan."""
    return tuple(line for line in card.lines if line.kind is not LineKind.FLOOR)


def tiers_above(plan: Plan, card: Card) -> tuple[Tier, ...]:
    """From the next one up; none at the top, and for a card without a tier."""
    return () if card.tier is None else plan.tiers[plan.tier_level(card.tier) + 1 :]


@dataclass(frozen=True)
class Goal:
    """A tier to reach, gates included."""

    plan: Plan
    tier: Tier

    @cached_property
    def level(self) -> int:
        return self.plan.tier_level(self.tier.name)

    def met(self, card: Card) -> bool:
        return card.tier is not None and self.plan.tier_level(card.tier) >= self.level

    def may_be_met_between(self, first: Card, last: Card) -> bool:
        """False only where no card between these two meets it; each line must rise or fall all the way."""
        if first.score is None or last.score is None:
            return False
        if any(
            one.holds and other.holds and self.is_barred_by(one)
            for one, other in zip(first.gates, last.gates, strict=True)
        ):
            return False
        most = sum(
            (
                max(one.contribution or _ZERO, other.contribution or _ZERO)
                for one, other in zip(scored_lines(first), scored_lines(last), strict=True)
            ),
            _ZERO,
        )
        return most >= self.tier.from_score

    def is_barred_by(self, result: GateResult) -> bool:
        """Whether the gate holds, and caps the tier below this one."""
        return result.holds and self.plan.tier_level(result.gate.cap) < self.level


@dataclass(frozen=True)
class GateLifted:
    """The wish that one gate of the plan, by its number, does not hold."""

    number: int

    def met(self, card: Card) -> bool:
        return bool(card.gates) and not card.gates[self.number].holds

    def may_be_met_between(self, first: Card, last: Card) -> bool:
        return self.met(first) or self.met(last)


def own_measure(indicator: Indicator) -> str:
    """What a person moves to move an indicator: its measure, or the numerator of its ratio."""
    return indicator.quantities[0]
