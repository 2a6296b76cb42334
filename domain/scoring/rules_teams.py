"""What a team's cards say together: attainment, tiers, who moved, and who is at risk of what. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from domain.periods import Period
from domain.plans.rules import Plan
from domain.scoring.rules_cards import READING_PLACES, CardStatus, LineKind, Miss, Reason
from domain.scoring.rules_exact import exact_sum, half_up, quotient

MOST_MOVERS = 3


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An indicator or a deduction of a member's card."""

    kind: LineKind
    name: str
    actual: Decimal | None
    """None where its measure was not reported for every day."""
    base: Decimal | None
    """What the actual is divided by: the target, or a ratio's denominator. None where there is none."""
    points: Decimal | None

    @property
    def reading(self) -> Fraction | None:
        return quotient(self.actual, self.base) if self.actual is not None and self.base else None


@dataclass(frozen=True)
class Member:
    """Somebody of the team, as the card of one period has it. Without slots: readings are worked out once."""

    person_id: int
    employee_id: str
    name: str
    unit_id: int
    unit_name: str
    plan: Plan
    status: CardStatus
    score: Decimal | None
    tier: str | None
    rank: int | None
    """Within the team's unit; None for those who are not ranked, and in a team that is no unit."""
    out_of: int | None
    miss: Miss | None
    """None while the period runs."""
    unranked_because: Reason | None
    missing: tuple[str, ...]
    """Measures that were not reported for every day of the period."""
    eligible_days: int
    """So far; of a period that is over, in all."""
    unjudged_because: Reason | None
    """The ramp, or too few eligible days: also of a card that has no score for want of data."""
    on_leave: bool
    """On the period's last day; while it runs, on the day it was scored."""
    employed: bool
    """Still, today."""
    lines: tuple[MemberLine, ...]

    @property
    def is_running(self) -> bool:
        return self.status is CardStatus.RUNNING

    @property
    def in_ramp(self) -> bool:
        return self.unjudged_because is Reason.IN_RAMP

    @cached_property
    def reading(self) -> Fraction | None:
        """Of the indicator that decides about a miss; while the period runs, the pace."""
        return self.reading_of(self.plan.miss.indicator)

    @cached_property
    def attainment(self) -> Decimal | None:
        """The reading to 6 places."""
        return None if self.reading is None else half_up(self.reading, READING_PLACES)

    @cached_property
    def _indicator_lines(self) -> dict[str, MemberLine]:
        return {line.name: line for line in self.lines if line.kind is LineKind.INDICATOR}

    def line_of(self, indicator: str) -> MemberLine | None:
        return self._indicator_lines.get(indicator)

    def reading_of(self, indicator: str) -> Fraction | None:
        line = self.line_of(indicator)
        return line.reading if line else None

    @property
    def is_exempt(self) -> bool:
        """Whether this person is not judged, for reasons of the person's own.

        Data that nobody reported is no such reason.
        """
        if self.unjudged_because or self.unranked_because in _OWN_REASONS:
            return True
        return self.miss is Miss.EXEMPT and self.status is not CardStatus.INCOMPLETE


_OWN_REASONS = frozenset({Reason.NO_ELIGIBLE_DAY, Reason.TOO_LITTLE_ASSESSED})
"""Why there is no score, other than that data is missing."""


def goal(plan: Plan) -> Decimal:
    """The reading to reach in the indicator that decides about a miss: the target, else the ratio's bound."""
    indicator = plan.indicator(plan.miss.indicator)
    return plan.miss.bound.value if indicator.is_ratio else Decimal(1)


def meets_goal(plan: Plan, reading: Fraction | None) -> bool:
    """A target is met from 100 % on, whatever the plan calls a miss; a ratio where it is no miss."""
    if reading is None:
        return False
    indicator = plan.indicator(plan.miss.indicator)
    return not plan.miss.bound.holds(reading) if indicator.is_ratio else reading >= 1


class Base(StrEnum):
    """What a team's result is divided by."""

    UNIT_TARGET = "unit_target"
    """The unit's own target."""
    PEOPLE_TARGETS = "people_targets"
    """The sum of the people's targets."""
    DENOMINATOR = "denominator"
    """Of a ratio: the sum of the people's denominators."""


@dataclass(frozen=True, slots=True)
class Attainment:
    """A team's result in one indicator: Σ actual / target, or Σ numerators / Σ denominators of a ratio.

    `actual` is None where a measure was not reported for every day: unknown is not zero.
    """

    indicator: str
    base_is: Base
    actual: Decimal | None
    base: Decimal | None
    people: int
    """Whose lines are added up."""
    decides_misses: bool
    reads_as_share: bool

    @property
    def exact(self) -> Fraction | None:
        return quotient(self.actual, self.base) if self.actual is not None and self.base else None

    @property
    def reading(self) -> Decimal | None:
        """1 is 100 %; to 6 places."""
        return None if self.exact is None else half_up(self.exact, READING_PLACES)


def attainments(
    members: Sequence[Member], unit_targets: Mapping[str, Decimal] | None = None
) -> tuple[Attainment, ...]:
    """One of each indicator; first those that decide about misses, then in the order of the plans.

    Against the unit's own target counts what everybody did; against the people's targets, what those with
    a target did.
    """
    plans = [plan for plan, _ in Counter(member.plan for member in members).most_common()]
    deciding = {plan.miss.indicator for plan in plans}
    indicators = {one.name: one for plan in plans for one in reversed(plan.indicators)}
    names = dict.fromkeys(one.name for plan in plans for one in plan.indicators)
    found = []
    for name in sorted(names, key=lambda name: name not in deciding):
        lines = [line for member in members if (line := member.line_of(name))]
        own_target = (unit_targets or {}).get(name)
        if indicators[name].is_ratio:
            base_is, base = Base.DENOMINATOR, _known_sum(line.base for line in lines)
        elif own_target is not None:
            base_is, base = Base.UNIT_TARGET, own_target
        else:
            lines = [line for line in lines if line.base is not None]
            base_is, base = Base.PEOPLE_TARGETS, _known_sum(line.base for line in lines)
        found.append(
            Attainment(
                indicator=name,
                base_is=base_is,
                actual=_known_sum(line.actual for line in lines),
                base=base,
                people=len(lines),
                decides_misses=name in deciding,
                reads_as_share=indicators[name].reads_as_share,
            )
        )
    return tuple(found)


def _known_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """None where one of them is unknown, or there are none."""
    all_values = list(values)
    known = [value for value in all_values if value is not None]
    return exact_sum(known) if known and len(known) == len(all_values) else None


@dataclass(frozen=True, slots=True)
class Headcount:
    """People with a card in the period; one may be in several of the groups."""

    people: int
    ranked: int
    incomplete: int
    not_assessed: int
    on_leave: int
    in_ramp: int


def headcount(members: Sequence[Member]) -> Headcount:
    return Headcount(
        people=len(members),
        ranked=sum(member.unranked_because is None for member in members),
        incomplete=sum(bool(member.missing) for member in members),
        not_assessed=sum(member.status is CardStatus.NOT_ASSESSED for member in members),
        on_leave=sum(member.on_leave for member in members),
        in_ramp=sum(member.in_ramp for member in members),
    )


@dataclass(frozen=True, slots=True)
class TierCount:
    tier: str
    people: int
    before: int | None
    """In the period before; None where that has no cards of the plan with a tier."""

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.people - self.before


@dataclass(frozen=True, slots=True)
class TierSpread:
    """How many people of a plan reached which tier, from the highest tier to the lowest."""

    plan_name: str
    tiers: tuple[TierCount, ...]


def tier_spreads(members: Sequence[Member], before: Sequence[Member]) -> tuple[TierSpread, ...]:
    """By plan, the one with the most people first; nothing for plans without anybody who has a tier."""
    tiers_of: dict[str, dict[str, Decimal]] = {}
    for member in members:
        if member.tier is not None:
            bands = tiers_of.setdefault(member.plan.name, {})
            bands.update((tier.name, tier.from_score) for tier in member.plan.tiers)
    now, earlier = _tier_counts(members), _tier_counts(before)
    spreads = []
    for name in sorted(tiers_of, key=lambda name: (-now[name].total(), name)):
        known_before = earlier.get(name)
        best_first = sorted(tiers_of[name], key=tiers_of[name].__getitem__, reverse=True)
        counts = (
            TierCount(tier, now[name][tier], known_before[tier] if known_before else None)
            for tier in best_first
        )
        spreads.append(TierSpread(name, tuple(counts)))
    return tuple(spreads)


def _tier_counts(members: Iterable[Member]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for member in members:
        if member.tier is not None:
            counts.setdefault(member.plan.name, Counter())[member.tier] += 1
    return counts


class MovedBy(StrEnum):
    SCORE = "score"
    PACE = "pace"
    """While the period runs: its pace beside the last reading, as there is no same day to compare with."""


@dataclass(frozen=True, slots=True)
class Mover:
    member: Member
    now: Decimal
    before: Decimal
    """Points of score, or readings of the indicator that decides about a miss (1 is 100 %)."""
    rank_before: int | None

    @property
    def change(self) -> Decimal:
        return self.now - self.before

    @property
    def places_up(self) -> int | None:
        """Below 0 for places lost; None where one of the two ranks is missing."""
        if self.member.rank is None or self.rank_before is None:
            return None
        return self.rank_before - self.member.rank


@dataclass(frozen=True, slots=True)
class Movers:
    by: MovedBy
    since: Period
    up: tuple[Mover, ...]
    down: tuple[Mover, ...]


def movers(members: Sequence[Member], before: Sequence[Member], since: Period) -> Movers:
    """The largest changes up and down, of people who were in the team and under the same plan both times.

    Between two periods that are over both cards must be complete, and the score decides; while the period
    runs, the pace beside the last reading does.
    """
    by = MovedBy.PACE if any(member.is_running for member in members) else MovedBy.SCORE
    earlier = {member.person_id: member for member in before}
    moved = []
    for member in members:
        then = earlier.get(member.person_id)
        if then is None or then.plan.job_family != member.plan.job_family:
            continue
        found = _by_pace(member, then) if by is MovedBy.PACE else _by_score(member, then)
        if found is not None and found.change:
            moved.append(found)
    moved.sort(key=lambda one: (-one.change, one.member.employee_id))
    up = [one for one in moved if one.change > 0]
    down = [one for one in reversed(moved) if one.change < 0]
    return Movers(by, since, tuple(up[:MOST_MOVERS]), tuple(down[:MOST_MOVERS]))


def _by_score(now: Member, before: Member) -> Mover | None:
    if now.status is not CardStatus.COMPLETE or before.status is not CardStatus.COMPLETE:
        return None
    if now.score is None or before.score is None:
        return None
    return Mover(now, now.score, before.score, before.rank)


def _by_pace(now: Member, before: Member) -> Mover | None:
    if now.is_exempt or before.is_exempt or now.plan.miss.indicator != before.plan.miss.indicator:
        return None
    if now.attainment is None or before.attainment is None:
        return None
    return Mover(now, now.attainment, before.attainment, before.rank)
