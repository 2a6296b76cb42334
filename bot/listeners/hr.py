"""/hr: what HR has to see to, each part drawn by its own file. Others get one sentence."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks.help import help_message
from bot.blocks.hr import Section, overview
from bot.context import Asker
from bot.listeners import hr_closing, hr_disputes, hr_pay, hr_plan, person_file
from bot.listeners.answering import answer_command, asks_for_help, typed
from domain import access
from domain.errors import NotFound
from domain.periods import Period, PeriodNotUnderstood, parse_human
from domain.plain import quoted
from domain.scoring.views import company_day
from domain.settings import CommandNames

Part = Callable[[Session, Asker], Section]

PARTS: tuple[Part, ...] = (hr_closing.part, hr_pay.part, hr_plan.part, hr_disputes.part, person_file.part)
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
    period = _period(asker, text) if text else None
    with asker.services.database.reading() as session:
        if period is not None:
            answer = hr_closing.answer(session, asker, period)
        else:
            answer = overview(asker.writer, [part(session, asker) for part in PARTS])
    answer_command(ack, answer)


def _period(asker: Asker, text: str) -> Period:
    try:
        return parse_human(text, company_day(asker.viewer, asker.services.clock))
    except PeriodNotUnderstood:
        raise NotFound(
            "I do not know {text} here: type {command} alone, or with a period.",
            text=quoted(text),
            command=asker.names.hr,
        ) from None
