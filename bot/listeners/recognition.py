"""Whether a winner wants to be named."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import recognition as blocks
from bot.blocks.actions import FileRef
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value
from domain.errors import NotAllowed
from domain.recognition.service import choose_to_be_named


def register(app: App) -> None:
    app.action(blocks.NAME_ME)(name_me)
    app.action(blocks.NAME_ME_NOT)(name_me_not)


def name_me(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _choose(ack, body, context["asker"], wanted=True)


def name_me_not(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _choose(ack, body, context["asker"], wanted=False)


def _choose(ack: Ack, body: dict[str, Any], asker: Asker, *, wanted: bool) -> None:
    if FileRef.parse(pressed_value(body)).id != asker.viewer.person_id:
        raise NotAllowed("Only the person who was asked may answer.")
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            choose_to_be_named(session, asker.services.clock, asker.viewer, wanted)
    open_window(asker.slack, body, blocks.chosen_window(asker.writer, wanted=wanted))
    ack()
