"""The Home tab: the own card, and what one can ask for."""

from bot.blocks.help import commands
from bot.blocks.primitives import Block, Mrkdwn, Writer, bold, context, divider, home, section
from bot.blocks.score import score_blocks
from domain.scoring.views import ScoreView


def home_with_card(writer: Writer, name: str, view: ScoreView) -> Block:
    return home(writer, [_greeting(writer, name), *score_blocks(writer, view, own=True), *_footer(writer)])


def home_without_card(writer: Writer, name: str, reason: Mrkdwn) -> Block:
    """For those without a card of their own; `reason` says why there is none."""
    return home(writer, [_greeting(writer, name), section(reason), *_footer(writer)])


def home_for_unknown(writer: Writer, reason: Mrkdwn) -> Block:
    return home(writer, [section(bold(writer.text("Pacesetter"))), section(reason)])


def _greeting(writer: Writer, name: str) -> Block:
    return section(bold(writer.text("Hello {name}", name=name)))


def _footer(writer: Writer) -> list[Block]:
    note = writer.text("Only you see this page.")
    return [divider(), section(bold(writer.text("What you can type")), *commands(writer)), context(note)]
