"""Sharing the own card: the form, the preview, the message that others read, and what is left of it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.blocks.actions import WITHDRAW, CardRef, out_of_date
from bot.blocks.escaping import mention
from bot.blocks.inputs import checkboxes, colleague, form, labelled, option, own_channel
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    divider,
    join,
    message,
    modal,
    mrkdwn,
    section,
    sections,
)
from domain.periods import Period
from domain.plans.rules import is_shareable
from domain.scoring.rules_cards import CardStatus
from domain.scoring.sharing import Part, SharedCard, SharedLine, parts_of
from domain.scoring.views import CardView


@dataclass(frozen=True)
class ShareRef:
    """What a preview was about; as powerless as a CardRef. `digest` is that of the content looked at."""

    card: CardRef
    parts: tuple[str, ...]
    digest: str
    channel: str | None = None
    colleague: str | None = None
    """A Slack id."""

    def __str__(self) -> str:
        return json.dumps([str(self.card), self.parts, self.digest, self.channel, self.colleague])

    @classmethod
    def parse(cls, value: str) -> "ShareRef":
        try:
            card, parts, digest, channel, colleague = json.loads(value)
            texts = [*parts, digest, *(one for one in (channel, colleague) if one is not None)]
            if all(isinstance(one, str) for one in texts):
                return cls(CardRef.parse(card), tuple(parts), digest, channel, colleague)
        except (ValueError, TypeError, AttributeError, RecursionError):
            pass
        raise out_of_date()


SHARE_FORM = "card.share_form"
SHARE_PREVIEW = "card.share_preview"
CHANNEL, COLLEAGUE, PARTS = "channel", "colleague", "parts"


def share_form(writer: Writer, card: CardView) -> Block:
    """Where to, and how much: nothing is chosen beforehand but score and tier."""
    names = {
        Part.SCORE: writer.language.text("Score and tier"),
        Part.LINES: writer.language.text("Each indicator: what it reads and what it adds, no amounts"),
        Part.PLACES: writer.language.text("My places"),
    }
    options = [option(names[part], part.value) for part in parts_of(card)]
    told = writer.text(
        "Your card of {period} is for you, and for those who look after you. Others see it only if you share "
        "it here. You can withdraw it later.",
        period=card.period,
    )
    blocks = [
        section(told),
        labelled(
            CHANNEL,
            writer.language.text("To a channel"),
            own_channel(),
            optional=True,
            hint=writer.language.text("Everybody in the channel will read it. I have to be in it too."),
        ),
        labelled(COLLEAGUE, writer.language.text("Or to one colleague"), colleague(), optional=True),
        labelled(PARTS, writer.language.text("What to show"), checkboxes(options, options[:1])),
    ]
    return form(
        writer,
        writer.language.text("Share my card"),
        writer.language.text("Preview"),
        SHARE_FORM,
        blocks,
        str(CardRef(card.person.id, card.period)),
    )


def share_preview(
    writer: Writer, ref: ShareRef, shown: SharedCard, where: str, readers: Writer, *, changed: bool = False
) -> Block:
    """The message as its readers will see it, and the question whether to send it."""
    asked = writer.text("This is what is posted, in your name. It goes to {where}.", where=where)
    blocks = [section(asked), divider(), *_card(readers, shown), divider()]
    if changed:
        blocks.insert(0, section(bold(writer.text("Your card has changed meanwhile: please look again."))))
    title, send = writer.language.text("Share this?"), writer.language.text("Share")
    return form(writer, title, send, SHARE_PREVIEW, blocks, str(ref))


def shared(writer: Writer, where: str) -> Block:
    """Closes the form below it as well."""
    done = writer.text("Your card is on its way to {where}.", where=where)
    how = writer.text("The button below it takes it back: only you can press it.")
    return {**modal(writer, writer.language.text("Shared"), [section(done, how)]), "clear_on_close": True}


def withdrawn_window(writer: Writer) -> Block:
    done = writer.text("Withdrawn: in a moment the message says no more than that there was a card.")
    return modal(writer, writer.language.text("Withdrawn"), [section(done)])


def shared_card(writer: Writer, facts: dict[str, Any]) -> Message:
    """The message. Facts: SharedCard with `share_id`; `withdrawn`, with no numbers left, once it is."""
    if facts.get("withdrawn"):
        gone = writer.text("{person} has withdrawn this card.", person=mention(facts["slack_id"]))
        return message(writer, gone, [context(gone)])
    shown = SharedCard.from_json(facts)
    take_back = button(writer.language.text("Withdraw"), WITHDRAW, str(facts["share_id"]))
    return message(writer, _heading(writer, shown), [*_card(writer, shown), actions(take_back)])


def share_failed(writer: Writer, facts: dict[str, Any]) -> Message:
    """Facts: `period`, perhaps `channel_name`."""
    period, channel = Period.parse(facts["period"]), facts.get("channel_name")
    if channel:
        told = writer.text(
            "Your card of {period} could not be posted to {channel}: nobody has seen it. Is posting there "
            "restricted?",
            period=period,
            channel=channel,
        )
    else:
        told = writer.text(
            "Your card of {period} could not be sent to your colleague: nobody has seen it.", period=period
        )
    return message(writer, told, [section(told)])


def _heading(writer: Writer, shown: SharedCard) -> Mrkdwn:
    return writer.text("{person}, {period}", person=shown.name, period=Period.parse(shown.period))


def _card(writer: Writer, shown: SharedCard) -> list[Block]:
    blocks = [section(bold(_heading(writer, shown)), *_result(writer, shown))]
    blocks += sections(_line(writer, line) for line in shown.lines)
    places = [
        writer.text(
            "Place {rank} of {out_of} in {unit}", rank=place.rank, out_of=place.out_of, unit=place.unit
        )
        for place in shown.places
    ]
    blocks += sections(places)
    return [*blocks, context(*_small_print(writer, shown))]


def _result(writer: Writer, shown: SharedCard) -> Iterator[Mrkdwn]:
    if shown.score is None:
        return
    score = Decimal(shown.score)
    if shown.status == CardStatus.RUNNING:
        yield writer.text("Score so far: {score}", score=score)
    else:
        yield writer.text("Score {score}, tier {tier}", score=score, tier=shown.tier or "–")


def _line(writer: Writer, line: SharedLine) -> Mrkdwn:
    name = bold(writer.label(line.name))
    adds = Decimal(line.contribution or 0)
    if line.reading is None:
        return join([name, writer.text("takes {points} off the score", points=-adds)], " ")
    brings = writer.text("adds {points} to the score", points=adds)
    return join([name, join([_reading(writer, line), brings], " · ")], " ")


def _reading(writer: Writer, line: SharedLine) -> Mrkdwn:
    reading = Decimal(line.reading or 0)
    if line.of_target:
        return writer.text("{reading} of target", reading=writer.language.percent(reading))
    is_share = all(is_shareable(Decimal(anchor)) for anchor in line.anchors)
    write = writer.language.percent if is_share else writer.language.number
    return mrkdwn(write(reading))


def _small_print(writer: Writer, shown: SharedCard) -> Iterable[Mrkdwn]:
    yield writer.text("Shared by {person}, of their own choice.", person=mention(shown.slack_id))
    if shown.status == CardStatus.RUNNING:
        yield writer.text("The period still runs: nobody is judged by it.")
    elif not shown.locked:
        yield writer.text("Provisional: this card may change until HR locks the period.")
