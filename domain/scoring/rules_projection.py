"""Where a running period ends if it goes on as it went: a forecast, and nothing anybody is judged by. Pure.

The pace is a result over the target due by now, and the target grows with the days that count for the
person: employed, not on leave. So a result keeps its pace where it is multiplied by the whole period's target
over the target due by now. Leaves and leavings that are known already count, and a target that changes in
between. Balances and ratios are carried forward as they stand, and so are deductions: nobody is expected to
break a rule once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.scoring.rules_cards import Card
from domain.scoring.rules_targets import days_within, eligible_spans
from domain.scoring.rules_what_if import Case, at_pace, indicator_lines, whole

LEAST_DAYS = 5
"""Days that count for the person before there is a projection, unless the period has no more of them."""


class NoProjection(StrEnum):
    """Why nothing can be said of a period's end yet."""

    NO_DAY = "no_day"
    """No day that counts for the person has been reported."""
    TOO_EARLY = "too_early"
    """Ranks so far are not shown yet either, or the person has been here for too few days."""
    NO_SCORE = "no_score"


@dataclass(frozen=True, slots=True)
class ProjectedLine:
    """An indicator now and at the period's end. Readings are printed, to 6 places."""

    name: str
    so_far: Decimal | None
    actual: Decimal | None
    """At the end; of a ratio, the numerator as it stands."""
    target: Decimal | None
    """The whole period's; None for a ratio and where there is none."""
    reading: Decimal | None
    carried: bool
    """Not projected, but as it stands now."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The period's end by the engine: every number as the card would have it."""

    lines: tuple[ProjectedLine, ...]
    score: Decimal | None
    tier: str | None
    """What the score would be worth, gates included. A word for the forecast, no tier of anybody's."""


Forecast = Projection | NoProjection


def project(so_far: Case, *, before_fifth_working_day: bool) -> Forecast:
    """`so_far` ends with the last day that is known: the case of a running card."""
    window, person = so_far.window, so_far.person
    if window.last is None:
        return NoProjection.NO_DAY
    period = window.period
    elapsed = days_within(
        eligible_spans(person.employment, person.leaves, period.start, window.last), period.start, window.last
    )
    in_all = days_within(
        eligible_spans(person.employment, person.leaves, period.start, period.last_day),
        period.start,
        period.last_day,
    )
    if not elapsed:
        return NoProjection.NO_DAY
    if elapsed < in_all and (before_fifth_working_day or elapsed < LEAST_DAYS):
        return NoProjection.TOO_EARLY
    now = so_far.as_it_is
    end = at_pace(Case(so_far.plan, whole(window), person), window)
    if now.score is None or end.as_it_is.score is None:
        return NoProjection.NO_SCORE
    return Projection(tuple(_lines(so_far, now, end.as_it_is)), end.as_it_is.score, end.as_it_is.tier)


def _lines(so_far: Case, now: Card, end: Card) -> Iterator[ProjectedLine]:
    for line, then in indicator_lines(so_far.plan, now, end):
        yield ProjectedLine(
            name=line.name,
            so_far=line.actual,
            actual=then.actual,
            target=then.target.amount if then.target else None,
            reading=then.printed_reading,
            carried=line.target is None or line.measures[0] in so_far.plan.stocks,
        )
