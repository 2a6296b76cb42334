"""The answer to /myscore: one card, and for a running one the last closed card before it."""

from collections.abc import Iterable
from decimal import Decimal

from bot.blocks import wording
from bot.blocks.actions import CardRef, card_buttons, share_button
from bot.blocks.card_notes import certainty, note_blocks
from bot.blocks.disputes import lines_button, mark
from bot.blocks.pay import pay_button
from bot.blocks.person_file import file_button
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    context,
    divider,
    join,
    message,
    mrkdwn,
    section,
    sections,
)
from bot.blocks.projection import projection_blocks
from domain.scoring.rules_cards import CardStatus, LineKind, LineStatus, Miss
from domain.scoring.rules_projection import Forecast
from domain.scoring.rules_streaks import Streak
from domain.scoring.views import CardView, LineView, ScoreView


def score(
    writer: Writer, view: ScoreView, streak: Streak | None, projection: Forecast | None = None
) -> Message:
    """The reader's own card, and the missed months in a row that are not over yet."""
    return message(writer, in_short(writer, view), score_blocks(writer, view, streak, projection))


def score_blocks(
    writer: Writer, view: ScoreView, streak: Streak | None, projection: Forecast | None = None
) -> list[Block]:
    if is_blank(view.card):
        blocks = _blank(writer, view)
    elif view.card.status is CardStatus.RUNNING:
        blocks = _running(writer, view, projection)
    else:
        blocks = _closed(writer, view.card)
    if streak is not None:
        blocks.append(context(_in_a_row(writer, streak)))
    return blocks


def is_blank(card: CardView) -> bool:
    """Whether the period runs, and nothing is known of its first day yet."""
    return card.status is CardStatus.RUNNING and card.as_of_day is None


def _blank(writer: Writer, view: ScoreView) -> list[Block]:
    """One sentence about the period that runs, below the last closed card."""
    if view.last_closed is None:
        return [section(nothing_yet(writer, view.card))]
    return [*_closed(writer, view.last_closed), divider(), section(nothing_yet(writer, view.card))]


def nothing_yet(writer: Writer, card: CardView) -> Mrkdwn:
    return writer.text(
        "{period} has nothing to show yet: {measures} not reported for its first day.",
        period=card.period,
        measures=wording.listed_names(writer, card.detail["missing"]),
    )


def _closed(writer: Writer, card: CardView) -> list[Block]:
    blocks = [section(_title(writer, card)), section(*_result(writer, card))]
    blocks += _places(writer, card)
    blocks += [divider(), *sections(_marked(writer, card, line, _line(writer, line)) for line in card.lines)]
    if miss := _miss(writer, card):
        blocks.append(section(miss))
    blocks += [*note_blocks(writer, card), card_actions(writer, card), context(certainty(writer, card))]
    return blocks


def _running(writer: Writer, view: ScoreView, projection: Forecast | None) -> list[Block]:
    """Pace first, then the last closed card; what there is of a score comes last, nobody is judged by it."""
    card = view.card
    blocks = [*pace_so_far(writer, card), *projection_blocks(writer, card, projection)]
    if view.last_closed is not None:
        closed = view.last_closed
        blocks += [
            divider(),
            section(_title(writer, closed), *_result(writer, closed)),
            *_places(writer, closed),
            *note_blocks(writer, closed),
            card_actions(writer, closed),
            divider(),
        ]
    blocks += [*score_so_far(writer, card), *note_blocks(writer, card), card_actions(writer, card)]
    blocks.append(
        context(writer.text("While {period} runs there is no tier and no miss.", period=card.period))
    )
    return blocks


def pace_so_far(writer: Writer, card: CardView) -> list[Block]:
    covered = writer.text("Pace so far, from data up to {day}.", day=card.as_of_day)
    indicators = [line for line in card.lines if line.kind == LineKind.INDICATOR]
    lines = sections(_marked(writer, card, line, _pace(writer, line)) for line in indicators)
    return [section(_title(writer, card), covered), *lines]


def score_so_far(writer: Writer, card: CardView) -> list[Block]:
    """With places, and what was taken off."""
    taken_off = [line for line in card.lines if line.kind != LineKind.INDICATOR and line.contribution]
    return [
        section(*_result(writer, card)),
        *_places(writer, card),
        *sections(_marked(writer, card, line, _line(writer, line)) for line in taken_off),
    ]


def in_short(writer: Writer, view: ScoreView) -> Mrkdwn:
    """For notifications and screen readers."""
    card = view.last_closed if is_blank(view.card) and view.last_closed else view.card
    if card.score is None:
        return writer.text("{period}: no score", period=card.period)
    if card.status is CardStatus.RUNNING:
        return writer.text("{period}: score {score} so far", period=card.period, score=card.score)
    return writer.text(
        "{period}: score {score}, tier {tier}", period=card.period, score=card.score, tier=card.tier or "–"
    )


def _title(writer: Writer, card: CardView) -> Mrkdwn:
    return bold(writer.language.period(card.period))


def _in_a_row(writer: Writer, streak: Streak) -> Mrkdwn:
    return writer.plural(
        "Missed and locked: {n} month, {months}.",
        "Missed and locked: {n} months in a row, {months}.",
        streak.length,
        months=streak.missed,
    )


def _result(writer: Writer, card: CardView) -> Iterable[Mrkdwn]:
    if card.score is None:
        yield bold(writer.text("No score"))
        yield wording.card_reason(writer, card, card.detail.get("unscored_because"))
    elif card.status is CardStatus.RUNNING:
        yield bold(writer.text("{period}, score so far: {score}", period=card.period, score=card.score))
    else:
        yield bold(writer.text("Score {score}, tier {tier}", score=card.score, tier=card.tier or "–"))
        yield from (wording.gate(writer, card, gate) for gate in card.detail["gates"] if gate["lowered"])
        if card.next_tier is not None:
            yield writer.text(
                "Next tier: {tier} from {from_score}, {gap} points away.",
                tier=card.next_tier.name,
                from_score=card.next_tier.from_score,
                gap=card.next_tier.from_score - card.score,
            )


def _places(writer: Writer, card: CardView) -> list[Block]:
    if card.score is None:
        return []
    if not card.ranks:
        reason = wording.card_reason(writer, card, card.detail.get("unranked_because"))
        return [section(join([writer.text("No place in the ranking."), reason], " "))]
    shown = [place for rank in reversed(card.ranks) if (place := wording.place(writer, rank))]
    blocks = [section(*shown)] if shown else []
    if len(shown) < len(card.ranks):
        blocks.append(context(writer.text("Units with fewer than 5 ranked people show no places.")))
    return blocks


def _marked(writer: Writer, card: CardView, line: LineView, said: Mrkdwn) -> Mrkdwn:
    """With what its owner has disputed."""
    due_on = card.disputed.get(line.name)
    return said if due_on is None else join([said, mark(writer, due_on)], " · ")


def _line(writer: Writer, line: LineView) -> Mrkdwn:
    name = bold(writer.label(line.name))
    if line.kind == LineKind.FLOOR:
        floor = writer.text(
            "A score is never below 0: {points}",
            points=writer.language.change(line.contribution or Decimal(0)),
        )
        return join([bold(writer.text("Floor")), floor], " ")
    if line.status != LineStatus.ASSESSED:
        return join([name, wording.line_reason(writer, line)], " ")
    if line.kind == LineKind.DEDUCTION:
        return join([name, _taken_off(writer, line)], " ")
    parts = [_achieved(writer, line, line.reading)] if line.reading is not None else []
    if line.points is not None:
        parts.append(writer.text("{points} points", points=line.points))
    if line.contribution is not None:
        parts.append(writer.text("adds {points} to the score", points=line.contribution))
    return join([name, join(parts, " · ")], " ")


def _achieved(writer: Writer, line: LineView, reading: Decimal) -> Mrkdwn:
    shown = wording.reading(writer, line, reading)
    if line.target is None:
        return mrkdwn(shown)
    return writer.text(
        "{reading} of target ({actual} of {target})", reading=shown, actual=line.actual, target=line.target
    )


def _pace(writer: Writer, line: LineView) -> Mrkdwn:
    name = bold(writer.label(line.name))
    if line.status != LineStatus.ASSESSED or line.reading is None:
        return join([name, wording.line_reason(writer, line)], " ")
    shown = wording.reading(writer, line, line.reading)
    if line.target is None:
        return join([name, writer.text("{reading} so far", reading=shown)], " ")
    pace = writer.text(
        "{reading} of the pace ({actual} of {target} due by now)",
        reading=shown,
        actual=line.actual,
        target=line.target,
    )
    return join([name, pace], " ")


def _taken_off(writer: Writer, line: LineView) -> Mrkdwn:
    """A card without a score has nothing to take points off."""
    if line.contribution is None:
        return writer.text("{count} recorded, takes nothing off", count=line.actual)
    points = writer.language.change(line.contribution)
    return writer.text("{count} recorded: {points}", count=line.actual, points=points)


def _miss(writer: Writer, card: CardView) -> Mrkdwn | None:
    match card.miss:
        case Miss.MISS:
            return writer.text("This period counts as missed.")
        case Miss.HIT:
            return writer.text("This period does not count as missed.")
        case Miss.EXEMPT:
            reason = wording.card_reason(writer, card, card.detail.get("exempt_because"))
            return join([writer.text("This period counts neither as missed nor as met."), reason], " ")
    return None


def card_actions(writer: Writer, card: CardView) -> Block:
    ref = CardRef(card.person.id, card.period)
    may_be_shared = card.is_own and card.score is not None
    own = [share_button(writer, ref)] if may_be_shared else []
    own += [lines_button(writer, ref)] if card.is_own and not is_blank(card) else []
    own += [pay_button(writer, ref)] if card.is_own and card.locked and card.pays else []
    others = [] if card.is_own else [file_button(writer, card.person.id, is_own=False)]
    return actions(*card_buttons(writer, ref), *own, *others)
