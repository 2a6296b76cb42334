"""A person's target for a period: amount × ramp × eligible days / days, month by month where needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.periods import Period, PeriodKind
from domain.plans.rules import Plan
from domain.scoring.rules_exact import exact_sum, half_up, product, quotient
from domain.scoring.rules_inputs import DaySpan, Employment, TargetAmount

TARGET_PLACES = 2
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TargetPart:
    """The share of one month, or of the period itself: Σ amount × eligible days in force × ramp / days."""

    period: Period
    amounts: tuple[tuple[Decimal, int], ...]
    """Each amount with the number of eligible days it was in force on."""
    ramp: Decimal
    days: int

    @property
    def exact(self) -> Fraction:
        weighted = exact_sum(product(amount, days) for amount, days in self.amounts)
        return quotient(product(weighted, self.ramp), Decimal(self.days))


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a person achieved in the months before a period."""

    first: date
    last: date
    amount: Decimal
    eligible_days: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class PersonTarget:
    """The target and the parts it was rounded from, once; no parts where it comes from a baseline."""

    amount: Decimal
    parts: tuple[TargetPart, ...]


def target_periods(period: Period) -> tuple[Period, ...]:
    """Whose targets may count: the period's own, then of a week or a quarter those of its months."""
    return tuple(dict.fromkeys([period, *period.months()]))


def eligible_spans(
    employment: Employment, leaves: Iterable[DaySpan], first: date, last: date
) -> tuple[DaySpan, ...]:
    """The runs of days from `first` to `last` on which the person was employed and not on leave."""
    start = max(first, employment.hired_on)
    end = min(last, employment.left_on) if employment.left_on else last
    spans = []
    for leave_first, leave_last in sorted(leaves):
        if start < leave_first and start <= end:
            spans.append((start, min(end, leave_first - _ONE_DAY)))
        if leave_last >= start:
            start = min(leave_last, last) + _ONE_DAY
    if start <= end:
        spans.append((start, end))
    return tuple(spans)


def days_within(spans: Iterable[DaySpan], first: date, last: date) -> int:
    """How many days of the spans lie from `first` to `last`, both included."""
    return sum(max((min(end, last) - max(start, first)).days + 1, 0) for start, end in spans)


def person_target(
    plan: Plan,
    period: Period,
    employment: Employment,
    spans: Sequence[DaySpan],
    targets: Sequence[TargetAmount],
) -> PersonTarget | None:
    """The target for the eligible days `spans` of the period; none where the indicator has no target.

    A week or quarter without a target of its own takes its months' targets; each month with an eligible day
    must have one.
    """
    own = [target for target in targets if target.period == period]
    if own:
        return _rounded([_part(plan, period, employment, spans, own)])
    if period.kind is PeriodKind.MONTH:
        return None
    parts = []
    has_any = False
    for month in period.months():
        of_month = [target for target in targets if target.period == month]
        has_any = has_any or bool(of_month)
        if not days_within(spans, month.start, month.last_day):
            continue
        if not of_month:
            return None
        parts.append(_part(plan, month, employment, spans, of_month))
    return _rounded(parts) if has_any else None


def own_target(baseline: Baseline, spans: Sequence[DaySpan], period: Period) -> PersonTarget | None:
    """What the months before come to per eligible day, × the eligible days `spans` of the period.

    None where they came to nothing, or fewer than half of their days were eligible.
    """
    if baseline.amount <= 0 or 2 * baseline.eligible_days < baseline.days:
        return None
    days = days_within(spans, period.start, period.last_day)
    exact = quotient(product(baseline.amount, days), Decimal(baseline.eligible_days))
    return PersonTarget(half_up(exact, TARGET_PLACES), ())


def blended(period: Period, targets: Sequence[TargetAmount]) -> Decimal:
    """The whole period's amount, of amounts in force one after the other, each by its days; to 0.01."""
    days = [(period.start, period.last_day)]
    weighted = exact_sum(product(amount, count) for amount, count in _amounts_in_force(period, days, targets))
    return half_up(quotient(weighted, Decimal(period.days)), TARGET_PLACES)


def _rounded(parts: list[TargetPart]) -> PersonTarget:
    exact = sum((part.exact for part in parts), Fraction(0))
    return PersonTarget(half_up(exact, TARGET_PLACES), tuple(parts))


def _part(
    plan: Plan,
    period: Period,
    employment: Employment,
    spans: Sequence[DaySpan],
    targets: Sequence[TargetAmount],
) -> TargetPart:
    ramp = plan.ramp_factor(employment.months_since_hire(period.start))
    amounts = tuple(_amounts_in_force(period, spans, targets))
    return TargetPart(period, amounts, ramp, period.days)


def _amounts_in_force(
    period: Period, spans: Sequence[DaySpan], targets: Sequence[TargetAmount]
) -> Iterator[tuple[Decimal, int]]:
    """Each amount with its eligible days: from its own day to the day before the next one's."""
    in_order = sorted(targets, key=lambda target: target.from_day or date.min)
    starts = [max(target.from_day or period.start, period.start) for target in in_order]
    ends = [start - _ONE_DAY for start in starts[1:]] + [period.last_day]
    for target, start, end in zip(in_order, starts, ends, strict=True):
        yield target.amount, days_within(spans, start, min(end, period.last_day))
