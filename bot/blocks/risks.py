"""Why somebody is at risk, in words."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from bot.blocks.primitives import Mrkdwn, Writer, join
from bot.blocks.wording import listed_names
from domain.periods import Period
from domain.plans.rules import Bound, Comparison, Gate, Plan
from domain.scoring.rules_risks import (
    AtRisk,
    BehindPace,
    DataIncomplete,
    MissedInARow,
    Risk,
    TierCapped,
    WeakRatio,
)


def reasons(writer: Writer, risk: AtRisk, period: Period) -> list[Mrkdwn]:
    """A line a reason, the most urgent first; `period` is the one that the person's card is of."""
    return [_reason(writer, risk, reason, period) for reason in risk.reasons]


def _reason(writer: Writer, risk: AtRisk, reason: Risk, period: Period) -> Mrkdwn:
    plan, running = risk.member.plan, risk.member.is_running
    match reason:
        case MissedInARow():
            return join(_missed(writer, reason, running), " ")
        case BehindPace():
            return join(_behind_pace(writer, plan, reason, period), " ")
        case TierCapped():
            return _capped(writer, plan, reason, running)
        case WeakRatio():
            return writer.text(
                "{indicator} is {reading}, worth {points} points: by itself tier {tier}.",
                indicator=writer.label(reason.indicator),
                reading=_reading(writer, plan, reason.indicator, reason.reading),
                points=reason.points,
                tier=reason.tier,
            )
        case DataIncomplete():
            return writer.text(
                "Data incomplete: {measures} not reported for every day.",
                measures=listed_names(writer, reason.measures),
            )


def _missed(writer: Writer, reason: MissedInARow, running: bool) -> Iterator[Mrkdwn]:
    yield writer.plural(
        "{n} missed month: {months}.",
        "{n} missed months in a row: {months}.",
        len(reason.months),
        months=reason.months,
    )
    if any(month.next() != following for month, following in pairwise(reason.months)):
        yield writer.text("The months between them do not count.")
    if reason.provisional:
        yield writer.text("Not locked yet: {months}.", months=sorted(reason.provisional))
    if reason.next_miss_alerts and not running:
        yield writer.text("One more brings an alert.")


def _behind_pace(writer: Writer, plan: Plan, reason: BehindPace, period: Period) -> Iterator[Mrkdwn]:
    shown = {
        "indicator": writer.label(reason.indicator),
        "reading": _reading(writer, plan, reason.indicator, reason.reading),
        "bound": _reading(writer, plan, reason.indicator, reason.bound.value),
        "period": period,
    }
    match reason.bound.comparison:
        case Comparison.BELOW:
            yield writer.text(
                "{indicator} at a pace of {reading}, below {bound}: {period} is heading for a miss.", **shown
            )
        case Comparison.ABOVE:
            yield writer.text(
                "{indicator} at a pace of {reading}, above {bound}: {period} is heading for a miss.", **shown
            )
        case Comparison.AT_LEAST:
            yield writer.text(
                "{indicator} at a pace of {reading}, not below {bound}: {period} is heading for a miss.",
                **shown,
            )
    if reason.brings_alert:
        yield writer.text("That makes {count} in a row, and an alert.", count=reason.misses)
    elif reason.misses > 1:
        yield writer.text("That makes {count} in a row.", count=reason.misses)


def _capped(writer: Writer, plan: Plan, reason: TierCapped, running: bool) -> Mrkdwn:
    tiers = {"cap": reason.cap, "reached": reason.reached}
    if reason.gate is None or reason.value is None:
        return writer.text("A gate caps the tier at {cap}; the score reaches {reached}.", **tiers)
    compared = _compared(writer, plan, reason.gate, reason.gate.bound, reason.value)
    if running:
        return writer.text("A gate would cap the tier at {cap}, not {reached}: {why}.", why=compared, **tiers)
    return writer.text("A gate caps the tier at {cap}, not {reached}: {why}.", why=compared, **tiers)


def _compared(writer: Writer, plan: Plan, gate: Gate, bound: Bound, value: Decimal) -> Mrkdwn:
    as_share = plan.gate_reads_as_share(gate)
    write = writer.language.percent if as_share else writer.language.number
    shown = {"name": _gated(writer, plan, gate), "value": write(value), "bound": write(bound.value)}
    match bound.comparison:
        case Comparison.ABOVE:
            return writer.text("{name} is {value}, above {bound}", **shown)
        case Comparison.AT_LEAST:
            return writer.text("{name} is {value}, {bound} or more", **shown)
        case Comparison.BELOW:
            return writer.text("{name} is {value}, below {bound}", **shown)


def _gated(writer: Writer, plan: Plan, gate: Gate) -> Mrkdwn:
    """An indicator's name says more than the two measures it is made of."""
    if gate.ratio:
        of_ratio = next((one.name for one in plan.indicators if one.ratio == gate.ratio), None)
        if of_ratio is None:
            numerator, denominator = map(writer.label, gate.ratio)
            return writer.text("{numerator} ÷ {denominator}", numerator=numerator, denominator=denominator)
        return writer.label(of_ratio)
    return writer.label(gate.indicator or gate.measure or "")


def _reading(writer: Writer, plan: Plan, indicator: str, value: Decimal) -> str:
    if plan.indicator(indicator).reads_as_share:
        return writer.language.percent(value)
    return writer.language.number(value)
