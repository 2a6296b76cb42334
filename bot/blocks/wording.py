"""Phrases that several messages share: readings, reasons, places."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.blocks.primitives import Mrkdwn, Writer
from domain.periods import Period
from domain.plans.rules import Comparison, is_shareable
from domain.scoring.rules_cards import LineReason, Reason
from domain.scoring.rules_exact import half_up
from domain.scoring.views import CardView, LineView, RankView


def card_title(writer: Writer, card: CardView) -> Mrkdwn:
    return writer.text(
        "{person} ({employee_id}), {period}, plan {plan}",
        person=card.person.name,
        employee_id=card.person.employee_id,
        period=card.period,
        plan=card.plan_name,
    )


def reads_as_share(line: LineView) -> bool:
    """Whether a line's reading is a share, to be written in percent."""
    if line.target is not None:
        return True
    return all(is_shareable(Decimal(reading)) for reading, _points in line.detail.get("segment", []))


def reading(writer: Writer, line: LineView, value: Decimal, places: int = 1) -> str:
    """A reading, or an anchor of its curve, as people say it."""
    if reads_as_share(line):
        return writer.language.percent(value, places)
    return writer.language.number(value, places + 1)


def span(writer: Writer, key: str) -> str:
    """A year, a quarter or a month: `2026`, `2026-Q3`, `2026-07`."""
    if key.isdigit():
        return writer.language.text("{year}", year=key)
    return writer.language.period(Period.parse(key))


def listed_names(writer: Writer, names: Iterable[str]) -> Mrkdwn:
    return writer.listed([writer.label(name) for name in names])


def line_reason(writer: Writer, line: LineView) -> Mrkdwn:
    """Why a line counts for nothing."""
    match line.detail.get("reason"):
        case LineReason.NO_TARGET:
            return writer.text("not assessed, there is no target")
        case LineReason.ZERO_TARGET:
            return writer.text("not assessed, the target is 0")
        case LineReason.NO_BASELINE:
            return writer.text("not assessed, the months before are too little to compare with")
        case LineReason.ZERO_DENOMINATOR:
            _, denominator = line.detail["measures"]
            return writer.text("not assessed, {measure} is 0", measure=writer.label(denominator))
        case LineReason.NOT_COVERED:
            missing = listed_names(writer, line.detail["missing"])
            return writer.text("unknown, {measures} not reported for every day", measures=missing)
    return writer.text("not assessed")


def card_reason(writer: Writer, card: CardView, reason: str | None) -> Mrkdwn:
    """A reason the engine gave for a card without score, place, hit or miss, as a sentence."""
    detail: dict[str, Any] = card.detail
    match reason:
        case Reason.NOT_COVERED:
            return writer.text(
                "{measures} not reported for every day of the period, and unknown is not zero.",
                measures=listed_names(writer, detail["missing"]),
            )
        case Reason.NO_ELIGIBLE_DAY:
            return writer.text("No day of the period counts: not employed, or on leave.")
        case Reason.TOO_LITTLE_ASSESSED:
            return writer.text(
                "Too little could be assessed: lines of weight {assessed} out of {total}.",
                assessed=Decimal(detail["assessed_weight"]),
                total=Decimal(detail["total_weight"]),
            )
        case Reason.IN_RAMP:
            return writer.text("The ramp after hiring is not over yet.")
        case Reason.UNDER_HALF_ELIGIBLE:
            return writer.text(
                "Fewer than half of the days count: {eligible} of {days}.",
                eligible=card.eligible_days,
                days=card.days,
            )
        case Reason.MISS_INDICATOR_NOT_ASSESSED:
            return writer.text("The indicator that decides about a miss was not assessed.")
        case Reason.TOO_EARLY:
            return writer.text("Places are shown from the fifth working day of the period on.")
    return writer.text("No reason is known.")


def gate(writer: Writer, card: CardView, detail: dict[str, Any]) -> Mrkdwn:
    """A gate that lowered the tier: what it compared, with what, and the tier it allows at most."""
    line = next((line for line in card.lines if line.name == detail["indicator"]), None)
    bound = Decimal(detail["bound"])
    is_share = reads_as_share(line) if line else detail["ratio"] is not None and is_shareable(bound)
    value = half_up(Fraction(detail["value"]), 6)
    return gate_sentence(
        writer, _gated(writer, detail), detail["comparison"], value, bound, detail["cap"], is_share
    )


def gate_sentence(
    writer: Writer, name: Mrkdwn, comparison: str, value: Decimal, bound: Decimal, cap: str, is_share: bool
) -> Mrkdwn:
    write = writer.language.percent if is_share else writer.language.number
    shown = {"name": name, "value": write(value, 4), "bound": write(bound, 4), "cap": cap}
    match comparison:
        case Comparison.ABOVE:
            return writer.text("Gate: {name} is {value}, above {bound}, so at most tier {cap}.", **shown)
        case Comparison.AT_LEAST:
            return writer.text("Gate: {name} is {value}, {bound} or more, so at most tier {cap}.", **shown)
    return writer.text("Gate: {name} is {value}, below {bound}, so at most tier {cap}.", **shown)


def _gated(writer: Writer, detail: dict[str, Any]) -> Mrkdwn:
    if detail["ratio"]:
        numerator, denominator = map(writer.label, detail["ratio"])
        return writer.text("{numerator} ÷ {denominator}", numerator=numerator, denominator=denominator)
    return writer.label(detail["indicator"] or detail["measure"])


def place(writer: Writer, rank: RankView) -> Mrkdwn | None:
    """None where the unit is too small to show it."""
    if rank.rank is None:
        return None
    return writer.text(
        "Place {rank} of {out_of} in {unit}", rank=rank.rank, out_of=rank.out_of, unit=rank.unit_name
    )
