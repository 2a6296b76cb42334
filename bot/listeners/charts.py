"""Buttons that ask for a chart: a worker draws it, and it arrives in the asker's direct messages."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import actions
from bot.blocks.actions import CardRef, UnitRef
from bot.blocks.answers import as_modal, refusal
from bot.blocks.history import chart_is_coming
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value
from domain.scoring import rankings, views
from domain.scoring.chart_requests import ChartKind, ChartRequest, ask_for_chart


def register(app: App) -> None:
    app.action(actions.LINES_CHART)(chart_of_lines)
    app.action(actions.RANKING_CHART)(chart_of_ranking)
    app.action(actions.DISTRIBUTION_CHART)(chart_of_distribution)


def chart_of_lines(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    card = CardRef.parse(pressed_value(body))
    viewer, clock = asker.viewer, asker.services.clock
    with asker.services.database.reading() as session:
        views.my_score(session, viewer, clock, card.period, card.person_id)  # refuses who may not see it
    request = ChartRequest(ChartKind.LINES, viewer.person_id, card.period.key, person_id=card.person_id)
    _ask(asker, body, request)
    ack()


def chart_of_ranking(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _unit_chart(body, context["asker"], ChartKind.RANKING, rankings.whole_ranking)
    ack()


def chart_of_distribution(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _unit_chart(body, context["asker"], ChartKind.DISTRIBUTION, rankings.distribution)
    ack()


def _unit_chart(body: dict[str, Any], asker: Asker, kind: ChartKind, look: Callable[..., object]) -> None:
    unit = UnitRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        look(session, asker.viewer, unit.period, unit.unit_path)  # refuses who may not see it
    request = ChartRequest(kind, asker.viewer.person_id, unit.period.key, unit_path=unit.unit_path)
    _ask(asker, body, request)


def _ask(asker: Asker, body: dict[str, Any], request: ChartRequest) -> None:
    with asker.services.database.writing() as session:
        _ask_once(session, asker, request)
    writer = asker.writer
    answer = as_modal(writer, refusal(writer, chart_is_coming(writer)))
    open_window(asker.slack, body, answer)


def _ask_once(session: Session, asker: Asker, request: ChartRequest) -> None:
    if asker.asks_for_the_first_time(session):
        ask_for_chart(session, asker.services.clock, request, asker.correlation_id)
