"""The answer to *History*: the last months at a glance, while the chart is on its way."""

from collections.abc import Sequence

from bot.blocks.former_cards import former_line
from bot.blocks.primitives import Block, Mrkdwn, Writer, bold, context, join, modal, section, sections
from domain.closing.former import FormerCardView
from domain.scoring.histories import HistoryPoint, HistoryView
from domain.scoring.rules_cards import CardStatus, Miss


def history(writer: Writer, view: HistoryView, former: Sequence[FormerCardView] = ()) -> Block:
    """A modal, the latest month first; below ours those of a former system."""
    heading = writer.text(
        "{person} ({employee_id})", person=view.person.name, employee_id=view.person.employee_id
    )
    blocks = [
        section(bold(heading)),
        *sections(_point(writer, point) for point in reversed(view.points)),
        *sections(former_line(writer, card) for card in reversed(former)),
        *([context(chart_is_coming(writer))] if view.points else []),
    ]
    return modal(writer, writer.language.text("History"), blocks)


def chart_is_coming(writer: Writer) -> Mrkdwn:
    return writer.text("The chart is being drawn. It comes to your direct messages with Pacesetter.")


def charts_are_coming(writer: Writer) -> Mrkdwn:
    return writer.text("The charts are being drawn. They come to your direct messages with Pacesetter.")


def _point(writer: Writer, point: HistoryPoint) -> Mrkdwn:
    parts = [_result(writer, point)]
    if point.miss == Miss.MISS:
        parts.append(writer.text("missed"))
    elif point.miss == Miss.EXEMPT:
        parts.append(writer.text("does not count"))
    if not point.locked:
        parts.append(writer.text("provisional"))
    return join([bold(writer.language.period(point.period)), join(parts, " · ")], " ")


def _result(writer: Writer, point: HistoryPoint) -> Mrkdwn:
    if point.score is not None:
        return writer.text("score {score}, tier {tier}", score=point.score, tier=point.tier or "–")
    if point.status is CardStatus.INCOMPLETE:
        return writer.text("data incomplete")
    return writer.text("not assessed")
