"""Sources: having one read again, and the window with its details. The right is asked at every click."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import sources as blocks
from bot.blocks.paging import PageRef, turning
from bot.blocks.primitives import Block
from bot.context import Asker
from bot.listeners.answering import is_on_home, open_window, pressed_value, replace_window
from bot.listeners.home import refresh_home
from domain.sources.asking import ask_for_run
from domain.sources.health import runs_of, source_for


def register(app: App) -> None:
    app.action(blocks.RUN_AGAIN)(run_again)
    app.action(blocks.DETAILS)(show_details)
    app.action(turning(blocks.DETAILS_PAGE))(turn_page)


def run_again(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """The Home tab says at once that it runs; the worker that reads it brings up to date what others see."""
    asker: Asker = context["asker"]
    name, clock = pressed_value(body), asker.services.clock
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            ask_for_run(session, clock, asker.viewer, name, asker.correlation_id)
    if is_on_home(body):
        refresh_home(asker)
    ack()


def show_details(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    open_window(asker.slack, body, _details(asker, pressed_value(body)))
    ack()


def turn_page(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    page = PageRef.parse(pressed_value(body))
    replace_window(asker.slack, body, _details(asker, page.of, page.number))
    ack()


def _details(asker: Asker, name: str, page: int = 1) -> Block:
    with asker.services.database.reading() as session:
        health = source_for(session, asker.services.clock, asker.viewer, name)
        runs = runs_of(session, name, blocks.LATEST_RUNS)
    return blocks.details(asker.writer, asker.zone, health, runs, page)
