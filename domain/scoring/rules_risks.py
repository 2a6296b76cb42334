"""Who of a team is at risk, and of what: misses in a row, pace, gates, ratios that should be low. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.periods import Period
from domain.plans.rules import Bound, Gate
from domain.scoring.rules_cards import READING_PLACES, LineKind, Reason
from domain.scoring.rules_exact import half_up, quotient
from domain.scoring.rules_projection import LEAST_DAYS
from domain.scoring.rules_streaks import ALERT_LENGTHS
from domain.scoring.rules_teams import Member


@dataclass(frozen=True, slots=True)
class MissedInARow:
    """Missed months that the next miss would extend."""

    months: tuple[Period, ...]
    provisional: frozenset[Period]
    """Those of the months that HR has not locked yet."""

    @property
    def next_miss_alerts(self) -> bool:
        return len(self.months) + 1 in ALERT_LENGTHS


@dataclass(frozen=True, slots=True)
class BehindPace:
    """At the pace so far the running period ends as a miss."""

    indicator: str
    reading: Decimal
    """Of the pace, which is also what a straight projection to the period's end comes to."""
    bound: Bound
    misses: int
    """In a row, if it ends so, this one included; 1 where the period is no month: streaks count months."""

    @property
    def brings_alert(self) -> bool:
        return self.misses in ALERT_LENGTHS


@dataclass(frozen=True, slots=True)
class TierCapped:
    """A gate keeps the tier below what the score reaches; while the period runs: would keep it."""

    gate: Gate | None
    """None where it compares a measure that no line of the card shows."""
    value: Decimal | None
    reached: str
    cap: str


@dataclass(frozen=True, slots=True)
class WeakRatio:
    """A ratio that should be low (an overdue rate) is so high that its points alone make the lowest tier."""

    indicator: str
    reading: Decimal
    points: Decimal
    tier: str


@dataclass(frozen=True, slots=True)
class DataIncomplete:
    """Measures that were not reported for every day, so that nobody knows better."""

    measures: tuple[str, ...]


Risk = MissedInARow | BehindPace | TierCapped | WeakRatio | DataIncomplete


@dataclass(frozen=True, slots=True)
class AtRisk:
    member: Member
    reasons: tuple[Risk, ...]
    """The most urgent first; never empty."""

    @property
    def missed(self) -> int:
        """Months missed in a row so far."""
        return next((len(one.months) for one in self.reasons if isinstance(one, MissedInARow)), 0)

    @property
    def pace(self) -> BehindPace | None:
        return next((one for one in self.reasons if isinstance(one, BehindPace)), None)

    @property
    def alert_is_coming(self) -> bool:
        """Whether the running month, ending as it runs, completes three or six misses in a row."""
        return self.pace is not None and self.pace.brings_alert


def _alert_is_near(one: AtRisk) -> bool:
    """Whether an alert is coming; after a period that is over: whether one more miss brings it."""
    if one.member.is_running:
        return one.alert_is_coming
    return any(reason.next_miss_alerts for reason in one.reasons if isinstance(reason, MissedInARow))


def at_risk(
    members: Iterable[Member],
    streaks: dict[int, tuple[Period, ...]],
    provisional: frozenset[Period] = frozenset(),
    *,
    is_month: bool = True,
) -> tuple[AtRisk, ...]:
    """Those at risk, the most urgent first: whose next miss brings an alert, then by misses in a row.

    `streaks` are missed months in a row that are not over, by person id; `is_month`: the cards are of one
    more. Nobody who is exempt, for a ramp, a leave or too little to assess, and nobody who has left.
    """
    found = []
    for member in members:
        if member.employed and not member.is_exempt:
            reasons = _reasons(member, streaks.get(member.person_id, ()), provisional, is_month)
            if reasons:
                found.append(AtRisk(member, reasons))
    return tuple(sorted(found, key=_urgency))


def _urgency(one: AtRisk) -> tuple[bool, int, int, bool, Fraction, str]:
    expected = one.missed + (one.pace is not None)
    reading = one.member.reading
    return (
        not _alert_is_near(one),
        -expected,
        -one.missed,
        reading is None,
        reading or Fraction(0),
        one.member.employee_id,
    )


def _reasons(
    member: Member, missed: tuple[Period, ...], provisional: frozenset[Period], is_month: bool
) -> tuple[Risk, ...]:
    reasons: list[Risk] = []
    if missed:
        reasons.append(MissedInARow(missed, provisional & set(missed)))
    reasons += _behind_pace(member, len(missed) + 1 if is_month else 1)
    capped = list(_capped(member))
    reasons += capped
    reasons += [weak for weak in _weak_ratios(member) if not _is_gated(member, weak, capped)]
    if reasons and member.missing:
        reasons.append(DataIncomplete(member.missing))
    return tuple(reasons)


def _behind_pace(member: Member, misses: int) -> Iterator[BehindPace]:
    """Not before the fifth working day, nor before five days of the person: a pace tells little then."""
    condition, reading = member.plan.miss, member.reading
    if not member.is_running or reading is None:
        return
    if member.unranked_because is Reason.TOO_EARLY or member.eligible_days < LEAST_DAYS:
        return
    if condition.bound.holds(reading):
        pace = half_up(reading, READING_PLACES)
        yield BehindPace(condition.indicator, pace, condition.bound, misses)


def _capped(member: Member) -> Iterator[TierCapped]:
    """The gates that keep the tier down; of a running card, those that would if it ended as it stands."""
    plan = member.plan
    if member.score is None:
        return
    reached = plan.tier_at(member.score)
    shown = False
    for gate in plan.gates:
        value = _gate_value(gate, member)
        if (
            value is None
            or not gate.bound.holds(value)
            or plan.tier_level(gate.cap) >= plan.tier_level(reached)
        ):
            continue
        shown = True
        yield TierCapped(gate, half_up(value, READING_PLACES), reached, gate.cap)
    if not shown and member.tier is not None and member.tier != reached:
        yield TierCapped(None, None, reached, member.tier)


def _gate_value(gate: Gate, member: Member) -> Fraction | None:
    """What a gate compares, from the lines of the card; None where they do not show it."""
    if gate.indicator:
        return member.reading_of(gate.indicator)
    values = _measure_values(member)
    found = [values.get(measure) for measure in gate.measures]
    if None in found:
        return None
    if gate.measure:
        return Fraction(found[0] or 0)
    numerator, denominator = found
    return quotient(numerator or Decimal(0), denominator) if denominator else None


def _measure_values(member: Member) -> dict[str, Decimal]:
    """The measures that the card's lines show, with their values."""
    measures = {(LineKind.INDICATOR, one.name): one.quantities for one in member.plan.indicators}
    measures |= {(LineKind.DEDUCTION, one.name): (one.measure,) for one in member.plan.deductions}
    values: dict[str, Decimal] = {}
    for line in member.lines:
        of_line = measures.get((line.kind, line.name), ())
        for measure, value in zip(of_line, (line.actual, line.base), strict=False):
            if value is not None:
                values[measure] = value
    return values


def _weak_ratios(member: Member) -> Iterator[WeakRatio]:
    """Ratios of which less is better, whose points are worth the lowest tier of several."""
    plan = member.plan
    if len(plan.tiers) < 2:
        return
    lowest, next_up = plan.tiers[:2]
    for indicator in plan.indicators:
        line = member.line_of(indicator.name)
        if not indicator.is_ratio or not indicator.lower_is_better or line is None:
            continue
        if line.reading is not None and line.points is not None and line.points < next_up.from_score:
            reading = half_up(line.reading, READING_PLACES)
            yield WeakRatio(indicator.name, reading, line.points, lowest.name)


def _is_gated(member: Member, weak: WeakRatio, capped: Iterable[TierCapped]) -> bool:
    """Whether a gate says the same already."""
    ratio = member.plan.indicator(weak.indicator).ratio
    gates = [one.gate for one in capped if one.gate]
    return any((ratio and gate.ratio == ratio) or gate.indicator == weak.indicator for gate in gates)
