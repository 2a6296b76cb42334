"""The Home tab: the own card, and what one can ask for."""

from bot.blocks.help import commands
from bot.blocks.primitives import Block, Mrkdwn, Writer, bold, context, divider, home, section
from bot.blocks.ranking import ranking
from bot.blocks.score import score_blocks
from domain.scoring.rankings import RankingView
from domain.scoring.views import ScoreView
from domain.settings import CommandNames
from domain.watch.rules import Streak


def home_with_card(
    writer: Writer, names: CommandNames, name: str, view: ScoreView, streak: Streak | None
) -> Block:
    return home(
        writer, [_greeting(writer, name), *score_blocks(writer, view, streak), *_footer(writer, names)]
    )


def home_with_ranking(writer: Writer, names: CommandNames, name: str, view: RankingView) -> Block:
    """For those without a card of their own who look after others."""
    shown = ranking(writer, view).blocks
    return home(writer, [_greeting(writer, name), *shown, *_footer(writer, names)])


def home_with_nothing(writer: Writer, names: CommandNames, name: str) -> Block:
    nothing = section(writer.text("There is no card of your own here, and no unit that you look after."))
    return home(writer, [_greeting(writer, name), nothing, *_footer(writer, names)])


def home_for_unknown(writer: Writer, reason: Mrkdwn) -> Block:
    return home(writer, [section(bold(writer.text("Pacesetter"))), section(reason)])


def _greeting(writer: Writer, name: str) -> Block:
    return section(bold(writer.text("Hello {name}", name=name)))


def _footer(writer: Writer, names: CommandNames) -> list[Block]:
    note = writer.text("Only you see this page.")
    return [
        divider(),
        section(bold(writer.text("What you can type")), *commands(writer, names)),
        context(note),
    ]
