"""Pay: the own statement, from a locked card; as a file, by a worker."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import pay as blocks
from bot.blocks.actions import CardRef
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value
from domain.incentives.files import ask_for_statement
from domain.incentives.statements import look, statement


def register(app: App) -> None:
    app.action(blocks.PAY)(show)
    app.action(blocks.PAY_FILE)(send_file)


def show(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = CardRef.parse(pressed_value(body))
    database, is_own = asker.services.database, ref.person_id == asker.viewer.person_id
    with database.reading() if is_own else database.writing() as session:  # others' looks are written down
        shown = look(session, asker.services.clock, asker.viewer, ref.person_id, ref.period)
    open_window(asker.slack, body, blocks.statement_window(asker.writer, shown))
    ack()


def send_file(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = CardRef.parse(pressed_value(body))
    with asker.services.database.writing() as session:
        statement(session, asker.viewer, ref.person_id, ref.period)
        if asker.asks_for_the_first_time(session):
            clock, viewer = asker.services.clock, asker.viewer
            ask_for_statement(session, clock, viewer, ref.period, ref.person_id, asker.correlation_id)
    open_window(asker.slack, body, blocks.on_its_way(asker.writer, ref.period))
    ack()
