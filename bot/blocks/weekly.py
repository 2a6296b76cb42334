"""The card that comes when a week begins: last week in a line, the month so far, and where it is heading."""

from collections.abc import Iterator

from bot.blocks import wording
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    bold,
    context,
    divider,
    join,
    message,
    mrkdwn,
    section,
)
from bot.blocks.projection import projection_blocks
from bot.blocks.score import card_actions, in_short, is_blank, nothing_yet, pace_so_far, score_so_far
from domain.scoring.rules_cards import LineKind, LineStatus
from domain.scoring.rules_streaks import Streak
from domain.scoring.views import CardView
from domain.weekly.views import WeeklyCard


def weekly_card(writer: Writer, view: WeeklyCard) -> Message:
    heading = writer.text("Your card for {week}", week=view.week)
    blocks = [section(bold(heading), *_last_week(writer, view)), divider(), *_month(writer, view)]
    if view.streak is not None:
        blocks.append(section(_missed(writer, view.streak)))
    blocks += [card_actions(writer, view.month.card), context(switch_off(writer))]
    return message(writer, join([heading, in_short(writer, view.month)], " · "), blocks)


def switch_off(writer: Writer) -> Mrkdwn:
    return writer.text("To have it at another time or not at all: Preferences, on the Home tab.")


def _last_week(writer: Writer, view: WeeklyCard) -> Iterator[Mrkdwn]:
    """One line."""
    card = view.last_week
    if card is None:
        return
    if card.score is None:
        reason = wording.card_reason(writer, card, card.detail.get("unscored_because"))
        yield writer.text("Last week, {week}: no score. {reason}", week=card.period, reason=reason)
    else:
        parts = [writer.text("Last week, {week}: score {score}", week=card.period, score=card.score)]
        yield join([*parts, *_readings(writer, card)], " · ")


def _readings(writer: Writer, card: CardView) -> Iterator[Mrkdwn]:
    for line in card.lines:
        if (
            line.kind == LineKind.INDICATOR
            and line.status == LineStatus.ASSESSED
            and line.reading is not None
        ):
            reading = wording.reading(writer, line, line.reading)
            yield join([writer.label(line.name), mrkdwn(reading)], " ")


def _month(writer: Writer, view: WeeklyCard) -> list[Block]:
    card = view.month.card
    if is_blank(card):
        return [section(nothing_yet(writer, card))]
    return [
        *pace_so_far(writer, card),
        *projection_blocks(writer, card, view.projection),
        *score_so_far(writer, card),
    ]


def _missed(writer: Writer, streak: Streak) -> Mrkdwn:
    """What was, and the way out of it."""
    return writer.plural(
        "{months} counts as missed. The next month that is met starts afresh.",
        "{months} count as missed. The next month that is met starts afresh.",
        streak.length,
        months=streak.missed,
    )
