"""The Home tab: the own card, and what one can ask for."""

from collections.abc import Sequence

from bot.blocks.help import commands, operators_commands
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
    *,
    is_operator: bool = False,
) -> Block:
    """`more`: what the person has to look after besides."""
    blocks = [*score_blocks(writer, view, streak, projection), *more]
    can_type = operators_commands(writer, names, has_card=True) if is_operator else commands(writer, names)
    return _page(writer, name, blocks, can_type)


def home_with_ranking(
    writer: Writer,
    names: CommandNames,
    name: str,
    view: RankingView,
    page: int = 1,
    more: Sequence[Block] = (),
) -> Block:
    """For those without a card of their own who look after others."""
    return _page(writer, name, [*ranking(writer, view, page).blocks, *more], commands(writer, names))


def home_with_nothing(
    writer: Writer,
    names: CommandNames,
    name: str,
    more: Sequence[Block] = (),
    *,
    is_operator: bool = False,
) -> Block:
    nothing = section(writer.text("There is no card of your own here, and no unit that you look after."))
    can_type = operators_commands(writer, names, has_card=False) if is_operator else commands(writer, names)
    return _page(writer, name, [nothing, *more], can_type)


def home_for_unknown(writer: Writer, reason: Mrkdwn) -> Block:
    return home(writer, [section(bold(writer.text("Pacesetter"))), section(reason)])


def _page(writer: Writer, name: str, blocks: Sequence[Block], can_type: Sequence[Mrkdwn]) -> Block:
    footer = [
        divider(),
        section(bold(writer.text("What you can type")), *can_type),
        context(writer.text("Only you see this page.")),
    ]
    return home(writer, [_greeting(writer, name), *blocks, *footer])


def _greeting(writer: Writer, name: str) -> Block:
    return section(bold(writer.text("Hello {name}", name=name)), button=preferences_button(writer))
