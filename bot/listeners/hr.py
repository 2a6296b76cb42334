"""/hr: what HR has to see to, each part drawn by its own file. Others get one sentence."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks.help import help_message
from bot.blocks.hr import Section, overview
from bot.context import Asker
from bot.listeners.answering import answer_command, asks_for_help, typed
from domain import access
from domain.errors import NotFound
from domain.plain import quoted
from domain.settings import CommandNames

Part = Callable[[Session, Asker], Section]

PARTS: tuple[Part, ...] = ()
"""In the order in which they stand. A part reads what it needs, and draws its section."""


def register(app: App, names: CommandNames) -> None:
    app.command(names.hr)(show_overview)


def show_overview(ack: Ack, command: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    text = typed(command)
    if asks_for_help(text):
        answer_command(ack, help_message(asker.writer, asker.names, asker.names.hr))
        return
    if text:
        raise NotFound(
            "I do not know {text} here: type {command} alone.", text=quoted(text), command=asker.names.hr
        )
    with asker.services.database.reading() as session:
        parts = [part(session, asker) for part in PARTS]
    answer_command(ack, overview(asker.writer, parts))
