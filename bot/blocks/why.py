"""The answer to *Why?*: how every number of a card came about, in plain words."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.blocks import wording
from bot.blocks.card_notes import certainty, note_blocks
from bot.blocks.disputes import mark
from bot.blocks.primitives import (
    Block,
    Mrkdwn,
    Writer,
    bold,
    context,
    divider,
    join,
    modal,
    section,
    sections,
)
from domain.periods import Period
from domain.scoring.rules_cards import CardStatus, LineKind, LineStatus
from domain.scoring.rules_exact import half_up
from domain.scoring.views import CardView, LineView

_FULL = Decimal(1)
MOST_NOTES = 30


def why(writer: Writer, card: CardView) -> Block:
    """A modal: the lines, their sum, the tier, the place."""
    blocks = [section(bold(wording.card_title(writer, card)))]
    for line in card.lines:
        blocks += sections(_explained(writer, card, line))
    blocks += [divider(), *sections(_sum(writer, card)), *sections(_tier(writer, card))]
    blocks += [*sections(_place(writer, card)), *note_blocks(writer, card, most=MOST_NOTES)]
    locked = [certainty(writer, card)] if card.locked else []
    blocks.append(context(*locked, _rules(writer, card)))
    return modal(writer, writer.language.text("Why this score?"), blocks)


def _explained(writer: Writer, card: CardView, line: LineView) -> Iterator[Mrkdwn]:
    if line.kind == LineKind.FLOOR:
        yield bold(writer.text("Floor"))
        yield writer.text(
            "The parts would add up to less than 0. A score is never below 0, so this adds {points}.",
            points=line.contribution or Decimal(0),
        )
        return
    name, due_on = bold(writer.label(line.name)), card.disputed.get(line.name)
    yield name if due_on is None else join([name, mark(writer, due_on)], " ")
    if line.status != LineStatus.ASSESSED:
        yield from _not_counted(writer, line)
    elif line.kind == LineKind.DEDUCTION:
        yield from _deduction(writer, line)
    else:
        yield from _indicator(writer, card, line)


def _not_counted(writer: Writer, line: LineView) -> Iterator[Mrkdwn]:
    reason = wording.line_reason(writer, line)
    if line.weight is None:
        yield writer.text("Takes nothing off: {reason}.", reason=reason)
    else:
        yield writer.text(
            "Counts for nothing: {reason}. Its weight of {weight} drops out.",
            reason=reason,
            weight=line.weight,
        )
    yield from _baseline(writer, line)
    yield from _nameless(writer, line)


def _indicator(writer: Writer, card: CardView, line: LineView) -> Iterator[Mrkdwn]:
    if line.target is not None:
        yield from _target(writer, line)
    yield from _baseline(writer, line, card.eligible_days)
    yield _reading(writer, line)
    yield from _nameless(writer, line)
    if line.points is None:
        return
    yield _curve(writer, line)
    if line.detail["weighed_by_tier"]:
        yield _starting_tier(writer, card, line)
    if line.contribution is not None:
        yield writer.text(
            "Contribution: weight {weight} × {points} points ÷ {total} (all weights that count) "
            "= {contribution}",
            weight=line.weight,
            points=writer.language.number(line.points, 4),
            total=Decimal(card.detail["assessed_weight"]),
            contribution=line.contribution,
        )


def _target(writer: Writer, line: LineView) -> Iterator[Mrkdwn]:
    parts = line.detail.get("target_parts", [])
    for part in parts:
        for amount, days in part["amounts"]:
            yield _target_part(writer, part, Decimal(amount), days)
    if sum(len(part["amounts"]) for part in parts) > 1:
        yield writer.text("Target: together {target}", target=line.target)


def _baseline(writer: Writer, line: LineView, days: int | None = None) -> Iterator[Mrkdwn]:
    """What the months before came to and, of so many days in the period, the target that it makes."""
    baseline = line.detail.get("baseline")
    if baseline is None:
        return
    shown = {
        "first": date.fromisoformat(baseline["first"]),
        "last": date.fromisoformat(baseline["last"]),
        "amount": writer.language.number(Decimal(baseline["amount"]), 4),
        "eligible": baseline["eligible_days"],
        "days": baseline["days"],
    }
    yield writer.text(
        "The months before, {first} to {last}: {amount} achieved on {eligible} of {days} days that count",
        **shown,
    )
    if line.target is not None and days is not None:
        yield writer.text(
            "Target: {amount} ÷ {eligible} days × {now} days that count now = {target}",
            now=days,
            target=line.target,
            **shown,
        )
    else:
        yield writer.text("There must be more than 0 achieved, and half of the days must count.")


def _nameless(writer: Writer, line: LineView) -> Iterator[Mrkdwn]:
    count = line.detail.get("nameless", 0)
    if count:
        yield writer.plural(
            "{n} purchase names no customer and is left out.",
            "{n} purchases name no customer and are left out.",
            count,
        )


def _starting_tier(writer: Writer, card: CardView, line: LineView) -> Mrkdwn:
    if card.starting_tier is None:
        return writer.text(
            "Weight: {weight}, as for everybody without a tier from a locked month before.",
            weight=line.weight,
        )
    return writer.text(
        "Weight: {weight}, for the last tier in a locked month before was {tier}.",
        weight=line.weight,
        tier=card.starting_tier,
    )


def _target_part(writer: Writer, part: dict[str, Any], amount: Decimal, days: int) -> Mrkdwn:
    ramp = Decimal(part["ramp"])
    shown = {
        "period": Period.parse(part["period"]),
        "amount": amount,
        "eligible": days,
        "days": part["days"],
        "target": half_up(Fraction(amount) * Fraction(ramp) * days / part["days"], 2),
    }
    if ramp == _FULL:
        return writer.text(
            "Target, {period}: {amount} × {eligible} of {days} days that count = {target}", **shown
        )
    return writer.text(
        "Target, {period}: {amount} × {ramp} (ramp after hiring) × {eligible} of {days} days that count "
        "= {target}",
        ramp=writer.language.percent(ramp),
        **shown,
    )


def _reading(writer: Writer, line: LineView) -> Mrkdwn:
    shown = wording.reading(writer, line, line.reading or Decimal(0), places=4)
    if line.target is not None:
        return writer.text(
            "Reading: {actual} achieved ÷ {target} target = {reading}",
            actual=writer.language.number(line.actual or Decimal(0), 4),
            target=line.target,
            reading=shown,
        )
    numerator, denominator = line.detail["measures"]
    return writer.text(
        "Reading: {actual} ({numerator}) ÷ {below} ({denominator}) = {reading}",
        actual=writer.language.number(line.actual or Decimal(0), 4),
        numerator=writer.label(numerator),
        below=writer.language.number(line.denominator or Decimal(0), 4),
        denominator=writer.label(denominator),
        reading=shown,
    )


def _curve(writer: Writer, line: LineView) -> Mrkdwn:
    points = writer.language.number(line.points or Decimal(0), 4)
    (left, left_points), (right, right_points) = (
        (Decimal(reading), Decimal(at)) for reading, at in line.detail["segment"]
    )
    start = wording.reading(writer, line, left)
    if left == right and (line.reading or 0) < left:
        return writer.text("Points: below {start} the curve is flat: {points}", start=start, points=points)
    if left == right:
        return writer.text("Points: from {start} on the curve is flat: {points}", start=start, points=points)
    return writer.text(
        "Points: on the straight line from {start} ({left} points) to {end} ({right} points): {points}",
        start=start,
        left=left_points,
        end=wording.reading(writer, line, right),
        right=right_points,
        points=points,
    )


def _deduction(writer: Writer, line: LineView) -> Iterator[Mrkdwn]:
    shown = {
        "count": line.actual,
        "points": writer.language.number(line.points or Decimal(0), 4),
        "uncapped": writer.language.number(Decimal(line.detail["uncapped"] or 0), 4),
        "taken": abs(line.contribution or Decimal(0)),
    }
    cap = line.detail["cap"]
    if cap is None:
        yield writer.text("{count} recorded × {points} points = {uncapped}; takes off {taken}", **shown)
    else:
        yield writer.text(
            "{count} recorded × {points} points = {uncapped}, at most {cap}; takes off {taken}",
            cap=Decimal(cap),
            **shown,
        )


def _sum(writer: Writer, card: CardView) -> Iterator[Mrkdwn]:
    if card.score is None:
        reason = wording.card_reason(writer, card, card.detail.get("unscored_because"))
        yield join([bold(writer.text("No score.")), reason], " ")
        return
    parts = [line.contribution for line in card.lines if line.contribution is not None]
    yield writer.text("*Score:* {parts} = {score}", parts=_added(writer, parts), score=card.score)


def _added(writer: Writer, parts: Iterable[Decimal]) -> str:
    """35.81 + 12.00 − 10.00"""
    text = ""
    for part in parts:
        number = writer.language.number(abs(part))
        sign = "−" if part < 0 else "+"
        text = f"{text} {sign} {number}" if text else (f"−{number}" if part < 0 else number)
    return text


def _tier(writer: Writer, card: CardView) -> Iterator[Mrkdwn]:
    if card.score is None:
        return
    if card.status is CardStatus.RUNNING:
        yield writer.text("*Tier:* none before the period has ended.")
        return
    reached = card.detail["tier_before_gates"]
    band = next(tier for tier in card.tiers if tier.name == reached)
    yield writer.text(
        "*Tier:* {score} reaches {tier}, which starts at {start}.",
        score=card.score,
        tier=reached,
        start=band.from_score,
    )
    for gate in card.detail["gates"]:
        if gate["lowered"]:
            yield wording.gate(writer, card, gate)


def _place(writer: Writer, card: CardView) -> Iterator[Mrkdwn]:
    if card.score is None:
        return
    if not card.ranks:
        reason = wording.card_reason(writer, card, card.detail.get("unranked_because"))
        yield join([bold(writer.text("No place.")), reason], " ")
        return
    yield writer.text(
        "*Place:* counted within each unit among those with the same plan. Equal scores share a place, "
        "and the next place is skipped."
    )
    for rank in reversed(card.ranks):
        place = wording.place(writer, rank)
        yield place or writer.text("{unit}: not shown, fewer than 5 people are ranked.", unit=rank.unit_name)


def _rules(writer: Writer, card: CardView) -> Mrkdwn:
    steps = writer.text(
        "Rounded half up: targets and contributions to 2 decimals, points to 4, the reading only where it is "
        "shown."
    )
    if card.as_of_day is None:
        return steps
    return join([steps, writer.text("Data up to {day}.", day=card.as_of_day)], " ")
