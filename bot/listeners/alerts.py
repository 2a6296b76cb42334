"""Turning the pages of the lists of alerts that HR gets."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks.actions import ALERTS_PAGE, AlertsRef
from bot.blocks.alerts import alert_held, alert_shadow
from bot.blocks.paging import PageRef, turning
from bot.context import Asker
from bot.listeners.answering import pressed_value, replace_message
from domain.watch.hr_lists import alerts_for_hr
from domain.watch.model import AlertState


def register(app: App) -> None:
    app.action(turning(ALERTS_PAGE))(turn_page)


def turn_page(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    page = PageRef.parse(pressed_value(body))
    which = AlertsRef.parse(page.of)
    with asker.services.database.reading() as session:
        facts = alerts_for_hr(session, asker.viewer, which.unit_path, which.month, which.state)
    draw = alert_held if which.state is AlertState.HELD else alert_shadow
    replace_message(body, draw(asker.writer, facts, page.number))
    ack()
