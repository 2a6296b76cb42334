"""Whether a winner wants to be named."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import recognition as blocks
from bot.context import Asker
from bot.listeners.answering import open_window
from domain.recognition.service import choose_to_be_named


def register(app: App) -> None:
    app.action(blocks.NAME_ME)(name_me)
    app.action(blocks.NAME_ME_NOT)(name_me_not)


def name_me(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _choose(ack, body, context["asker"], wanted=True)


def name_me_not(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _choose(ack, body, context["asker"], wanted=False)


def _choose(ack: Ack, body: dict[str, Any], asker: Asker, *, wanted: bool) -> None:
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            choose_to_be_named(session, asker.services.clock, asker.viewer, wanted)
    open_window(asker.slack, body, blocks.chosen_window(asker.writer, wanted=wanted))
    ack()
