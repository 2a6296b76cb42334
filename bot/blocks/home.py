"""The Home tab: the own card, and what one can ask for."""

from collections.abc import Sequence

from bot.blocks.help import commands
from bot.blocks.preferences import preferences_button
from bot.blocks.primitives import Block, Mrkdwn, Writer, bold, context, divider, home, section
from bot.blocks.ranking import ranking
from bot.blocks.score import score_blocks
from domain.scoring.rankings import RankingView
from domain.scoring.rules_projection import Forecast
from domain.scoring.rules_streaks import Streak
from domain.scoring.views import ScoreView
from domain.settings import CommandNames


def home_with_card(
    writer: Writer,
    names: CommandNames,
    name: str,
    view: ScoreView,
    streak: Streak | None,
    projection: Forecast | None = None,
    more: Sequence[Block] = (),
) -> Block:
    """`more`: what the person has to look after besides."""
    return _page(writer, names, name, [*score_blocks(writer, view, streak, projection), *more])


def home_with_ranking(
    writer: Writer,
    names: CommandNames,
    name: str,
    view: RankingView,
    page: int = 1,
    more: Sequence[Block] = (),
) -> Block:
    """For those without a card of their own who look after others."""
    return _page(writer, names, name, [*ranking(writer, view, page).blocks, *more])


def home_with_nothing(writer: Writer, names: CommandNames, name: str, more: Sequence[Block] = ()) -> Block:
    nothing = section(writer.text("There is no card of your own here, and no unit that you look after."))
    return _page(writer, names, name, [nothing, *more])


def home_for_unknown(writer: Writer, reason: Mrkdwn) -> Block:
    return home(writer, [section(bold(writer.text("Pacesetter"))), section(reason)])


def _page(writer: Writer, names: CommandNames, name: str, blocks: Sequence[Block]) -> Block:
    return home(writer, [_greeting(writer, name), *blocks, *_footer(writer, names)])


def _greeting(writer: Writer, name: str) -> Block:
    return section(bold(writer.text("Hello {name}", name=name)), button=preferences_button(writer))


def _footer(writer: Writer, names: CommandNames) -> list[Block]:
    note = writer.text("Only you see this page.")
    return [
        divider(),
        section(bold(writer.text("What you can type")), *commands(writer, names)),
        context(note),
    ]
