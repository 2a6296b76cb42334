"""/myscore, and the buttons Why? and History on a card."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import actions
from bot.blocks.actions import CardRef
from bot.blocks.former_cards import former_card as blocks_of_former
from bot.blocks.help import help_message, not_scored
from bot.blocks.history import history
from bot.blocks.primitives import Message
from bot.blocks.score import score
from bot.blocks.why import why
from bot.context import Asker
from bot.listeners.answering import answer_command, asks_for_help, open_window, pressed_value, typed
from bot.listeners.what_if import typed_what_if
from bot.listeners.wishes import what_is_wished
from domain.closing.card_notes import noted, with_notes
from domain.closing.former import former_card, former_months
from domain.disputes.views import marked, with_marks
from domain.errors import NotFound
from domain.people.model import Role
from domain.periods import Period, parse_human
from domain.scoring import histories, views
from domain.scoring.chart_requests import ChartKind, ChartRequest, ask_for_chart
from domain.scoring.histories import HistoryView
from domain.scoring.projections import projection_of
from domain.settings import CommandNames
from domain.watch.own_streak import own_streak


def register(app: App, names: CommandNames) -> None:
    app.command(names.my_score)(my_score)
    app.action(actions.WHY)(explain)
    app.action(actions.HISTORY)(look_back)


def my_score(ack: Ack, command: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    text = typed(command)
    if asks_for_help(text):
        answer_command(ack, help_message(asker.writer, asker.names, asker.names.my_score))
        return
    viewer, clock = asker.viewer, asker.services.clock
    wish = what_is_wished(text)
    with asker.services.database.reading() as session:
        named = text if wish is None else ""
        period = parse_human(named, views.company_day(viewer, clock)) if named else None
        if viewer.role is not Role.REP and not views.was_ever_scored(session, viewer.person_id):
            sees_rankings = viewer.role is not Role.ADMIN
            answer_command(ack, not_scored(asker.writer, asker.names, sees_rankings=sees_rankings))
            return
        if wish is not None:
            answer_command(ack, typed_what_if(asker, session, wish))
            return
        answer = _own_card(session, asker, period)
    answer_command(ack, answer)


def _own_card(session: Session, asker: Asker, period: Period | None) -> Message:
    """Of a period that was scored elsewhere, what the former system said."""
    viewer, clock = asker.viewer, asker.services.clock
    try:
        view = marked(session, noted(session, views.my_score(session, viewer, clock, period)))
    except NotFound:
        former = None if period is None else former_card(session, viewer, period, viewer.person_id)
        if former is None:
            raise
        return blocks_of_former(asker.writer, former)
    streak, projection = own_streak(session, viewer), projection_of(session, view.card)
    return score(asker.writer, view, streak, projection)


def explain(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    card = CardRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        clock = asker.services.clock
        explained = views.why(session, asker.viewer, clock, card.period, card.person_id)
        explained = with_marks(session, with_notes(session, explained))
    open_window(asker.slack, body, why(asker.writer, explained))
    ack()


def look_back(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """The numbers at once, the chart as a message later."""
    asker: Asker = context["asker"]
    card = CardRef.parse(pressed_value(body))
    viewer, clock = asker.viewer, asker.services.clock
    request = ChartRequest(ChartKind.HISTORY, viewer.person_id, person_id=card.person_id)
    with asker.services.database.reading() as session:
        former = former_months(session, viewer, card.person_id)
        try:
            view = histories.history(session, viewer, clock, card.person_id)
        except NotFound:
            if not former:
                raise
            view = HistoryView(former[0].person, (), ())
    if view.points:
        with asker.services.database.writing() as session:
            if asker.asks_for_the_first_time(session):
                ask_for_chart(session, clock, request, asker.correlation_id)
    open_window(asker.slack, body, history(asker.writer, view, former))
    ack()
