"""/ranking."""

from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks.help import help_message
from bot.blocks.ranking import ranking
from bot.context import Asker
from bot.listeners.answering import answer_command, asks_for_help, typed
from bot.listeners.arguments import UnitAndPeriod, parse_unit_and_period
from domain.access import Viewer
from domain.errors import NotFound
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.scoring import rankings, views
from domain.scoring.rankings import RankingView
from domain.settings import CommandNames


def register(app: App, names: CommandNames) -> None:
    app.command(names.ranking)(show_ranking)


def show_ranking(ack: Ack, command: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    text = typed(command)
    if asks_for_help(text):
        answer_command(ack, help_message(asker.writer, asker.names, asker.names.ranking))
        return
    viewer, clock = asker.viewer, asker.services.clock
    with asker.services.database.reading() as session:
        today = views.company_day(session, clock)
        tree = people.unit_tree(session)
        view = _ranking(session, viewer, parse_unit_and_period(text, tree, today), today)
    answer_command(ack, ranking(asker.writer, view))


def _ranking(session: Session, viewer: Viewer, asked: UnitAndPeriod, today: date) -> RankingView:
    unit_path = asked.unit.path if asked.unit else None
    if asked.period is None:
        return current_ranking(session, viewer, unit_path, today)
    return rankings.ranking(session, viewer, asked.period, unit_path)


def current_ranking(session: Session, viewer: Viewer, unit_path: str | None, today: date) -> RankingView:
    """This month's, or the last one's while this one has no places yet. Raises NotAllowed or NotFound."""
    this_month = Period.containing(PeriodKind.MONTH, today)
    try:
        view = rankings.ranking(session, viewer, this_month, unit_path)
    except NotFound:
        return rankings.ranking(session, viewer, this_month.previous(), unit_path)
    return view if view.out_of else rankings.ranking(session, viewer, this_month.previous(), unit_path)
