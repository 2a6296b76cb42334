"""Recognition: who was best of a month, as far as they want to be named, and whether they do."""

import re
from collections.abc import Sequence

from bot.blocks.actions import FileRef
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    message,
    modal,
    mrkdwn,
    section,
    sections,
)
from domain.periods import Period
from domain.recognition.model import AwardKind
from domain.recognition.service import Named

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,20}")
NAME_ME, NAME_ME_NOT = "recognition.name_me", "recognition.name_me_not"


def named_message(writer: Writer, month: Period, lines: Sequence[Named]) -> Message:
    """To a channel: names alone, no figures. Nothing is said of those who do not want to be named."""
    heading = writer.text("Well done: the best of {month}", month=month)
    if not lines:  # those who were named have changed their minds
        nobody = writer.text("Nobody is named here any more.")
        return message(writer, heading, [section(bold(heading)), section(nobody)])
    small = context(writer.text("Named are those who want to be: you choose it on the Home tab."))
    return message(
        writer, heading, [section(bold(heading)), *sections(_line(writer, one) for one in lines), small]
    )


def asked_message(
    writer: Writer, person_id: int, month: Period, won: Sequence[Named], channel: str
) -> Message:
    """To a winner, once."""
    heading = writer.text("Well done in {month}!", month=month)
    question = writer.text(
        "Would you like to be named when you are among the best of a month? Then {channel} reads your name, "
        "your unit and what you were best at, with no figures. Nobody is named who does not want it.",
        channel=_channel(channel),
    )
    later = writer.text("I ask only once. You can change it at any time in the preferences on the Home tab.")
    buttons = actions(
        button(writer.language.text("Name me"), NAME_ME, str(FileRef(person_id))),
        button(writer.language.text("Do not name me"), NAME_ME_NOT, str(FileRef(person_id))),
    )
    lines = [section(bold(heading)), *sections(_own(writer, one) for one in won)]
    return message(writer, heading, [*lines, section(question), buttons, context(later)])


def chosen_window(writer: Writer, *, wanted: bool) -> Block:
    said = (
        writer.text("You are named from now on when you are among the best of a month.")
        if wanted
        else writer.text("You are not named.")
    )
    later = writer.text("You can change it at any time in the preferences on the Home tab.")
    return modal(writer, writer.language.text("Recognition"), [section(said), context(later)])


def award(writer: Writer, kind: AwardKind, indicator: str, unit: str) -> Mrkdwn:
    """What was won."""
    if kind is AwardKind.CLIMBER:
        return writer.text("gained most places in {unit}", unit=unit)
    return writer.text("best of {unit} at {indicator}", unit=unit, indicator=writer.label(indicator))


def _channel(id_or_name: str) -> Mrkdwn:
    """As Slack shows it: an id by its name, with a link."""
    if _CHANNEL_ID.fullmatch(id_or_name):
        return Mrkdwn(f"<#{id_or_name}>")
    return mrkdwn(f"#{id_or_name.removeprefix('#')}")


def _line(writer: Writer, one: Named) -> Mrkdwn:
    return writer.text(
        "*{people}*: {award}",
        people=writer.listed(one.people),
        award=award(writer, one.kind, one.indicator, one.unit),
    )


def _own(writer: Writer, one: Named) -> Mrkdwn:
    return writer.text("You: {award}", award=award(writer, one.kind, one.indicator, one.unit))
