"""Where a running period ends if it goes on as it went: below the pace, and said to be no more than that."""

from collections.abc import Iterator

from bot.blocks import wording
from bot.blocks.primitives import Block, Mrkdwn, Writer, bold, context, join, section
from domain.scoring.rules_cards import LineKind
from domain.scoring.rules_projection import Forecast, NoProjection, ProjectedLine, Projection
from domain.scoring.views import CardView


def projection_blocks(writer: Writer, card: CardView, projection: Forecast | None) -> list[Block]:
    """Nothing where the card itself says why it has no score."""
    if isinstance(projection, Projection):
        return [
            section(bold(_heading(writer, card)), *_lines(writer, card, projection)),
            context(
                writer.text(
                    "A projection from the pace so far, with ratios, balances and deductions as they are "
                    "now. It is no tier, and nobody is judged by it."
                )
            ),
        ]
    if projection is NoProjection.TOO_EARLY:
        early = writer.text(
            "It is too early to project the end of {period}: that takes its fifth working day, and five days "
            "that count for you.",
            period=card.period,
        )
        return [context(early)]
    return []


def _heading(writer: Writer, card: CardView) -> Mrkdwn:
    return writer.text("If {period} goes on like this", period=card.period)


def _lines(writer: Writer, card: CardView, projection: Projection) -> Iterator[Mrkdwn]:
    on_card = {line.name: line for line in card.lines if line.kind == LineKind.INDICATOR}
    shown = [
        (line, wording.reading(writer, on_card[line.name], line.reading))
        for line in projection.lines
        if line.reading is not None
    ]
    yield from (_at_the_end(writer, line, reading) for line, reading in shown if not line.carried)
    carried = [join([writer.label(line.name), reading], " ") for line, reading in shown if line.carried]
    if carried:
        yield writer.text("As they stand: {lines}", lines=writer.listed(carried))
    yield writer.text(
        "Score {score}, which would be worth tier {tier}", score=projection.score, tier=projection.tier or "–"
    )


def _at_the_end(writer: Writer, line: ProjectedLine, reading: str) -> Mrkdwn:
    result = writer.text(
        "{reading} of target ({actual} of {target})", reading=reading, actual=line.actual, target=line.target
    )
    return join([bold(writer.label(line.name)), result], " ")
