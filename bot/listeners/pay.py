"""Pay: the own statement, from a locked card; as a file, by a worker."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import pay as blocks
from bot.blocks.actions import CardRef
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value
from domain.incentives.files import PayFile, ask_for_file
from domain.incentives.statements import statement


def register(app: App) -> None:
    app.action(blocks.PAY)(show)
    app.action(blocks.PAY_FILE)(send_file)


def show(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = CardRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        shown = statement(session, asker.viewer, ref.person_id, ref.period)
    open_window(asker.slack, body, blocks.statement_window(asker.writer, shown))
    ack()


def send_file(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = CardRef.parse(pressed_value(body))
    with asker.services.database.writing() as session:
        statement(session, asker.viewer, ref.person_id, ref.period)
        if asker.asks_for_the_first_time(session):
            wanted = PayFile(asker.viewer.person_id, ref.period, ref.person_id)
            ask_for_file(session, asker.services.clock, wanted, asker.correlation_id)
    open_window(asker.slack, body, blocks.on_its_way(asker.writer, ref.period))
    ack()
