"""What a card says of its lock, its versions, and of records that came too late."""

from collections.abc import Iterator

from bot.blocks.primitives import Block, Mrkdwn, Writer, bold, join, sections
from domain.closing.model import AdjustmentReason
from domain.closing.rules_notes import Adjusted, Adjustments, CardNotes, Version
from domain.scoring.views import CardView

SHOWN_ON_CARD = 3


def note_blocks(writer: Writer, card: CardView, most: int = SHOWN_ON_CARD) -> list[Block]:
    """Its versions, and its adjustments, `most` of each kind; nothing where it has none."""
    notes = card.notes
    if notes is None:
        return []
    blocks: list[Block] = []
    if notes.versions:
        blocks += sections(_versions(writer, notes))
    if notes.late.total:
        blocks += sections(_late(writer, notes.late, most))
    if notes.booked.total:
        blocks += sections(_booked(writer, notes.booked, most))
    return blocks


def certainty(writer: Writer, card: CardView) -> Mrkdwn:
    """Whether the card may still change; by whom and when it was locked, under which version of the plan."""
    if not card.locked:
        return writer.text("Provisional: this card may change until HR locks the period.")
    if card.notes is None or card.notes.locked_on is None:
        return writer.text("Locked: this card does not change any more.")
    return writer.text(
        "Locked by {person} on {day}: this card does not change any more. Plan {plan}, version {version}.",
        person=card.notes.locked_by or "–",
        day=card.notes.locked_on,
        plan=card.plan_name,
        version=card.notes.plan_version,
    )


def _versions(writer: Writer, notes: CardNotes) -> Iterator[Mrkdwn]:
    yield bold(writer.text("Restated"))
    for version in notes.versions:
        yield _version(writer, version)
    yield writer.text("The last version counts. Places stay those of the lock.")


def _version(writer: Writer, version: Version) -> Mrkdwn:
    if version.score is None:
        result = writer.text("no score")
    else:
        result = writer.text("score {score}, tier {tier}", score=version.score, tier=version.tier or "–")
    shown = {"number": version.number, "day": version.on, "person": version.by, "result": result}
    if version.because is None:
        return writer.text("Version {number}, locked on {day} by {person}: {result}.", **shown)
    told = writer.text("Version {number}, restated on {day} by {person}: {result}.", **shown)
    return join([told, writer.text("“{note}”", note=version.because)], " ")


def _late(writer: Writer, late: Adjustments, most: int) -> Iterator[Mrkdwn]:
    yield bold(
        writer.plural(
            "{n} record came or changed after the lock",
            "{n} records came or changed after the lock",
            late.total,
        )
    )
    yield writer.text("It changes nothing on this card, and is booked in a later period.")
    for one in late.shown[:most]:
        yield _adjusted(writer, one, writer.text("booked in {period}", period=one.booked))
    yield from _more(writer, late, most)


def _booked(writer: Writer, booked: Adjustments, most: int) -> Iterator[Mrkdwn]:
    yield bold(
        writer.plural(
            "{n} record of a locked period is booked here",
            "{n} records of locked periods are booked here",
            booked.total,
        )
    )
    yield writer.text("It changes nothing on this card: it counts for money alone.")
    for one in booked.shown[:most]:
        yield _adjusted(writer, one, writer.text("of {period}", period=one.locked))
    yield from _more(writer, booked, most)


def _adjusted(writer: Writer, one: Adjusted, period: Mrkdwn) -> Mrkdwn:
    return writer.text(
        "{measure}, {day}: {before} → {after}, {reason}, {period} (record {record})",
        measure=writer.label(one.measure),
        day=one.occurred_on,
        before=writer.language.number(one.old_value, 4),
        after=writer.language.number(one.new_value, 4),
        reason=_reason(writer, one.reason),
        period=period,
        record=one.record,
    )


def _reason(writer: Writer, reason: AdjustmentReason) -> Mrkdwn:
    match reason:
        case AdjustmentReason.LATE:
            return writer.text("came late")
        case AdjustmentReason.CORRECTED:
            return writer.text("corrected")
        case AdjustmentReason.WITHDRAWN:
            return writer.text("withdrawn")


def _more(writer: Writer, adjustments: Adjustments, most: int) -> Iterator[Mrkdwn]:
    more = adjustments.total - len(adjustments.shown[:most])
    if more:
        yield writer.plural("And {n} more.", "And {n} more.", more)
