"""/ranking, and turning its pages."""

from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import actions
from bot.blocks.actions import UnitRef
from bot.blocks.help import help_message
from bot.blocks.paging import PageRef, turning
from bot.blocks.ranking import ranking
from bot.context import Asker
from bot.listeners.answering import (
    answer_command,
    asks_for_help,
    is_on_home,
    pressed_value,
    replace_message,
    typed,
)
from bot.listeners.arguments import UnitAndPeriod, parse_unit_and_period
from bot.listeners.home import publish_home
from domain.access import Viewer
from domain.people import service as people
from domain.scoring import rankings, views
from domain.scoring.rankings import RankingView
from domain.settings import CommandNames


def register(app: App, names: CommandNames) -> None:
    app.command(names.ranking)(show_ranking)
    app.action(turning(actions.RANKING_PAGE))(turn_page)


def show_ranking(ack: Ack, command: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    text = typed(command)
    if asks_for_help(text):
        answer_command(ack, help_message(asker.writer, asker.names, asker.names.ranking))
        return
    viewer, clock = asker.viewer, asker.services.clock
    with asker.services.database.reading() as session:
        today = views.company_day(viewer, clock)
        tree = people.unit_tree(session)
        view = _ranking(session, viewer, parse_unit_and_period(text, tree, today), today)
    answer_command(ack, ranking(asker.writer, view))


def turn_page(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """In the message, or on the Home tab, where the list stands."""
    asker: Asker = context["asker"]
    page = PageRef.parse(pressed_value(body))
    unit = UnitRef.parse(page.of)
    if is_on_home(body):
        publish_home(asker, page.number)
    else:
        with asker.services.database.reading() as session:
            view = rankings.ranking(session, asker.viewer, unit.period, unit.unit_path)
        replace_message(body, ranking(asker.writer, view, page.number))
    ack()


def _ranking(session: Session, viewer: Viewer, asked: UnitAndPeriod, today: date) -> RankingView:
    unit_path = asked.unit.path if asked.unit else None
    if asked.period is None:
        return rankings.current_ranking(session, viewer, today, unit_path)
    return rankings.ranking(session, viewer, asked.period, unit_path)
