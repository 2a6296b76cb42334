"""/targets, and the buttons and forms by which owners and those above them agree."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import targets as blocks
from bot.blocks.actions import TargetRef
from bot.blocks.answers import handed_on
from bot.blocks.help import help_message
from bot.blocks.inputs import written
from bot.blocks.primitives import Block, Message, Writer
from bot.blocks.targets import AMOUNT, FROM_DAY, NOTE
from bot.blocks.targets_in_force import own_targets_message, unit_targets_message
from bot.context import Asker
from bot.listeners.answering import answer_command, asks_for_help, open_window, pressed_value, typed
from bot.listeners.spans import read_unit_and_span
from bot.listeners.wishes import plain_number
from domain.access import Viewer
from domain.clock import Clock, today
from domain.errors import N_, BadField, NotAllowed
from domain.people import service as people
from domain.people.model import Role
from domain.settings import CommandNames
from domain.targets import agreement, agreement_views
from domain.targets.agreement_views import AgreementView
from domain.targets.in_force import own_targets, unit_targets
from domain.targets.model import TargetAgreement
from domain.targets.round_views import rounds_in_sight

MOST_SHOWN = 20

Move = Callable[[Session, Clock, Viewer, int], TargetAgreement]
MoveWithAmount = Callable[[Session, Clock, Viewer, int, Decimal, str], TargetAgreement]
FormOf = Callable[[Writer, AgreementView], Block]


def register(app: App, names: CommandNames) -> None:
    app.command(names.targets)(show_targets)
    app.action(blocks.CONFIRM)(confirm)
    app.action(blocks.ESCALATE)(pass_up)
    app.action(blocks.LOOK)(_opens(blocks.target_window))
    app.action(blocks.APPEAL)(_opens(blocks.appeal_form))
    app.action(blocks.REVISE)(_opens(blocks.revise_form))
    app.action(blocks.UPHOLD)(_opens(blocks.uphold_form))
    app.view(blocks.APPEAL_FORM)(appeal)
    app.view(blocks.REVISE_FORM)(revise)
    app.view(blocks.UPHOLD_FORM)(uphold)


def show_targets(ack: Ack, command: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    if asks_for_help(typed(command)):
        answer_command(ack, help_message(asker.writer, asker.names, asker.names.targets))
        return
    with asker.services.database.reading() as session:
        answer = _answer(session, asker, typed(command))
    answer_command(ack, answer)


def _answer(session: Session, asker: Asker, text: str) -> Message:
    if not text:
        return _all_that_waits(session, asker)
    viewer, clock = asker.viewer, asker.services.clock
    day = today(clock, viewer.company_zone)
    asked = read_unit_and_span(text, people.unit_tree(session), day)
    if asked.unit is not None:
        found = unit_targets(session, clock, viewer, asked.unit.id, asked.span)
        return unit_targets_message(asker.writer, asked.unit.path, asked.span.key, found)
    own = own_targets(session, viewer, asked.span)
    views = [agreement_views.view(session, clock, viewer, one) for one in own.agreements[:MOST_SHOWN]]
    return own_targets_message(asker.writer, own, views)


def _all_that_waits(session: Session, asker: Asker) -> Message:
    viewer, clock = asker.viewer, asker.services.clock
    own = agreement_views.own_agreements(session, viewer)[:MOST_SHOWN]
    waiting = agreement_views.appeals_to_judge(session, clock, viewer)[:MOST_SHOWN]
    asked = [agreement_views.view(session, clock, viewer, one) for one in own]
    appeals = [agreement_views.view(session, clock, viewer, one) for one in waiting]
    in_work = rounds_in_sight(session, clock, viewer)
    sets_targets = viewer.role is Role.HR
    return blocks.targets_message(asker.writer, asked, appeals, in_work, sets_targets=sets_targets)


def confirm(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _press(ack, body, context["asker"], agreement.confirm)


def pass_up(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _press(ack, body, context["asker"], agreement.pass_up)


def appeal(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _send_amount(ack, body, context["asker"], agreement.appeal)


def revise(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    day = written(body["view"], FROM_DAY)

    def from_then_on(
        session: Session, clock: Clock, viewer: Viewer, agreement_id: int, amount: Decimal, note: str
    ) -> TargetAgreement:
        return agreement.revise(session, clock, viewer, agreement_id, amount, note, _day(day))

    _send_amount(ack, body, context["asker"], from_then_on)


def uphold(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    note = written(body["view"], NOTE)

    def keep(session: Session, agreement_id: int) -> None:
        agreement.uphold(session, asker.services.clock, asker.viewer, agreement_id, note)

    _send(ack, body, asker, keep)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadField(FROM_DAY, N_("Choose a day from the calendar, or none.")) from None


def _opens(draw: FormOf) -> Callable[..., None]:
    def open_it(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        ref = TargetRef.parse(pressed_value(body))
        open_window(asker.slack, body, draw(asker.writer, _look(asker, ref)))
        ack()

    return open_it


def _press(ack: Ack, body: dict[str, Any], asker: Asker, move: Move) -> None:
    """A move that needs no form: then a window says how it stands."""
    ref = TargetRef.parse(pressed_value(body))
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            move(session, asker.services.clock, asker.viewer, ref.agreement_id)
    try:
        window = blocks.target_window(asker.writer, _look(asker, ref))
    except NotAllowed:  # who was asked to judge, and looks after nobody
        window = handed_on(asker.writer)
    open_window(asker.slack, body, window)
    ack()


def _send_amount(ack: Ack, body: dict[str, Any], asker: Asker, move: MoveWithAmount) -> None:
    amount = plain_number(written(body["view"], AMOUNT))
    note = written(body["view"], NOTE)
    if amount is None:
        sentence = asker.writer.language.text("Write a number of at least 0, such as 75000.")
        ack(response_action="errors", errors={AMOUNT: sentence})
        return

    def settle(session: Session, agreement_id: int) -> None:
        move(session, asker.services.clock, asker.viewer, agreement_id, amount, note)

    _send(ack, body, asker, settle)


def _send(ack: Ack, body: dict[str, Any], asker: Asker, act: Callable[[Session, int], None]) -> None:
    """What cannot be gets its sentence at the field, and the window stays."""
    ref = TargetRef.parse(body["view"]["private_metadata"])
    try:
        with asker.services.database.writing() as session:
            if asker.asks_for_the_first_time(session):
                act(session, ref.agreement_id)
    except BadField as refused:
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    ack(response_action="update", view=blocks.target_window(asker.writer, _look(asker, ref)))


def _look(asker: Asker, ref: TargetRef) -> AgreementView:
    with asker.services.database.reading() as session:
        return agreement_views.view(session, asker.services.clock, asker.viewer, ref.agreement_id)
