"""Closing, from /hr: the checklist of a period, locking it, restating a card."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import closing as blocks
from bot.blocks.actions import period_of
from bot.blocks.closing import BECAUSE, EMPLOYEE, PERIOD
from bot.blocks.hr import Section
from bot.blocks.inputs import written
from bot.blocks.paging import ROWS_WITH_BUTTONS, Page, PageRef, page_of, turning
from bot.blocks.primitives import Block, Message
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value, replace_window
from domain import access
from domain.closing.locking import ask_for_lock, lock_progress
from domain.closing.restating import last_version, restate_card
from domain.closing.service import close_view, last_locked_month, months_to_close
from domain.errors import BadField, NotAllowed, NotFound, Refusal
from domain.people.model import Person
from domain.people.service import person_by_employee_id
from domain.periods import Period, PeriodNotUnderstood, parse_human
from domain.scoring.views import company_day


def register(app: App) -> None:
    app.action(blocks.LOOK)(look)
    app.action(blocks.AGAIN)(look_again)
    app.action(blocks.MONTHS)(show_months)
    app.action(turning(blocks.MONTHS_PAGE))(turn_months)
    app.action(blocks.LOCK)(offer_lock)
    app.action(blocks.RESTATE)(offer_restating)
    app.view(blocks.LOCK_FORM)(lock)
    app.view(blocks.RESTATE_FORM)(restate)


def part(session: Session, asker: Asker) -> Section:
    """The oldest of the months that wait, and the one that was locked last."""
    clock = asker.services.clock
    last, months = last_locked_month(session), months_to_close(session, clock)
    shown = [*months[: blocks.MONTHS_SHOWN], *([last] if last else [])]
    views = [close_view(session, clock, asker.viewer, period) for period in shown]
    return blocks.close_part(asker.writer, views, len(months))


def answer(session: Session, asker: Asker, period: Period) -> Message:
    """To `/hr 2026-06`."""
    view = close_view(session, asker.services.clock, asker.viewer, period)
    return blocks.close_message(asker.writer, view, lock_progress(session, asker.viewer, period))


def look(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    open_window(asker.slack, body, _window(asker, period_of(pressed_value(body))))
    ack()


def look_again(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    window = _window(asker, period_of(pressed_value(body)))
    if body.get("view"):
        replace_window(asker.slack, body, window)
    else:
        open_window(asker.slack, body, window)
    ack()


def show_months(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    open_window(asker.slack, body, _months_window(asker, 1))
    ack()


def turn_months(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    replace_window(asker.slack, body, _months_window(asker, PageRef.parse(pressed_value(body)).number))
    ack()


def offer_lock(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    period = period_of(pressed_value(body))
    with asker.services.database.reading() as session:
        view = close_view(session, asker.services.clock, asker.viewer, period)
    open_window(asker.slack, body, blocks.lock_form(asker.writer, view))
    ack()


def lock(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    period = period_of(body["view"]["private_metadata"])
    because = written(body["view"], BECAUSE)
    try:
        with asker.services.database.writing() as session:
            if asker.asks_for_the_first_time(session):
                clock = asker.services.clock
                ask_for_lock(session, clock, asker.viewer, period, because, asker.correlation_id)
    except BadField as refused:
        if not _asks_for(body["view"], refused.field):  # something was opened since the form was drawn
            ack(response_action="update", view=_lock_form(asker, period))
            return
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    ack(response_action="update", view=_window(asker, period))


def offer_restating(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    open_window(asker.slack, body, blocks.restate_form(asker.writer))
    ack()


def restate(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    try:
        with asker.services.database.writing() as session:
            person, period = _named_card(session, asker, body["view"])
            if asker.asks_for_the_first_time(session):
                because = written(body["view"], BECAUSE)
                _restate(session, asker, person, period, because)
            version = last_version(session, person.id, period)
    except BadField as refused:
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    ack(response_action="update", view=blocks.restated(asker.writer, person.name, period, version))


def _restate(session: Session, asker: Asker, person: Person, period: Period, because: str) -> None:
    """Raises BadField: whatever is refused, the form stays open, with the reason that was written."""
    try:
        restate_card(session, asker.services.clock, asker.viewer, person.id, period, because)
    except BadField:
        raise
    except NotAllowed as refused:
        raise BadField(EMPLOYEE, refused.sentence, **refused.values) from None
    except Refusal as refused:
        raise BadField(PERIOD, refused.sentence, **refused.values) from None


def _named_card(session: Session, asker: Asker, view: dict[str, Any]) -> tuple[Person, Period]:
    """Raises BadField."""
    try:
        person = person_by_employee_id(session, written(view, EMPLOYEE).strip())
    except NotFound as unknown:
        raise BadField(EMPLOYEE, unknown.sentence, **unknown.values) from None
    try:
        period = parse_human(written(view, PERIOD), company_day(asker.viewer, asker.services.clock))
    except PeriodNotUnderstood as unknown:
        raise BadField(PERIOD, unknown.sentence, **unknown.values) from None
    return person, period


def _asks_for(view: dict[str, Any], field: str) -> bool:
    return field in view["state"]["values"]


def _lock_form(asker: Asker, period: Period) -> Block:
    with asker.services.database.reading() as session:
        view = close_view(session, asker.services.clock, asker.viewer, period)
    return blocks.lock_form(asker.writer, view)


def _months_window(asker: Asker, number: int) -> Block:
    """Only the months of the page are looked through."""
    access.require_hr(asker.viewer)
    clock = asker.services.clock
    with asker.services.database.reading() as session:
        page = page_of(months_to_close(session, clock), number, ROWS_WITH_BUTTONS)
        views = tuple(close_view(session, clock, asker.viewer, period) for period in page.items)
    return blocks.months_window(asker.writer, Page(views, page.number, page.of, page.first, page.total))


def _window(asker: Asker, period: Period) -> Block:
    with asker.services.database.reading() as session:
        view = close_view(session, asker.services.clock, asker.viewer, period)
        progress = lock_progress(session, asker.viewer, period)
    return blocks.close_window(asker.writer, view, progress)
