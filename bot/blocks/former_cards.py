"""A card of a former system, marked as such."""

from collections.abc import Iterator

from bot.blocks.primitives import Message, Mrkdwn, Writer, bold, context, join, message, section
from domain.closing.former import FormerCardView


def former_card(writer: Writer, view: FormerCardView) -> Message:
    """The answer to /myscore for a period that was scored elsewhere."""
    heading = writer.text("{period}, from the former system", period=view.period)
    blocks = [section(bold(heading), *_told(writer, view))]
    note = writer.text(
        "It was not computed here, and nothing here follows from it: no place, no missed month, no pay."
    )
    return message(writer, heading, [*blocks, context(note)])


def former_line(writer: Writer, view: FormerCardView) -> Mrkdwn:
    """A month among others."""
    parts = [*_result(writer, view), writer.text("from the former system")]
    return join([bold(writer.language.period(view.period)), join(parts, " · ")], " ")


def _told(writer: Writer, view: FormerCardView) -> Iterator[Mrkdwn]:
    yield join(_result(writer, view), " · ")
    if view.rank is not None and view.out_of is not None:
        yield writer.text("Place {rank} of {out_of}", rank=view.rank, out_of=view.out_of)
    if view.plan is not None:
        yield writer.text("Plan: {plan}", plan=view.plan)
    if view.note is not None:
        yield writer.text("“{note}”", note=view.note)


def _result(writer: Writer, view: FormerCardView) -> Iterator[Mrkdwn]:
    if view.score is not None:
        yield writer.text("score {score}", score=writer.language.number(view.score, 4))
    if view.tier is not None:
        yield writer.text("tier {tier}", tier=view.tier)
