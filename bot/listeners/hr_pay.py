"""Pay, from /hr: handing a payroll over, anybody's statement, personal terms. Each click is allowed anew."""

from datetime import date
from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import hr_pay as blocks
from bot.blocks.actions import out_of_date, period_of
from bot.blocks.hr import Section
from bot.blocks.hr_pay import EMPLOYEE, PERIOD
from bot.blocks.inputs import given, written
from bot.blocks.pay import statement_window
from bot.blocks.primitives import Block
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value
from bot.listeners.wishes import plain_number
from domain import access
from domain.errors import N_, BadField, NotAllowed, NotFound
from domain.incentives.files import PayFile, ask_for_file
from domain.incentives.model import TermKind
from domain.incentives.payroll import payroll
from domain.incentives.payrolls import month_of_pay, months_of_pay
from domain.incentives.statements import statement
from domain.incentives.terms import BECAUSE, KIND, SINCE, VALUE, set_term
from domain.people.model import Person
from domain.people.service import person_by_employee_id
from domain.periods import Period, PeriodNotUnderstood, parse_human
from domain.scoring.views import company_day

MOST_SHOWN = 3


def register(app: App) -> None:
    app.action(blocks.HAND_OVER)(offer_handing_over)
    app.action(blocks.STATEMENT)(offer_statement)
    app.action(blocks.TERM)(offer_term)
    app.view(blocks.HAND_OVER_FORM)(hand_payroll_over)
    app.view(blocks.STATEMENT_FORM)(show_statement)
    app.view(blocks.TERM_FORM)(record_term)


def part(session: Session, asker: Asker) -> Section:
    return blocks.pay_part(asker.writer, months_of_pay(session, MOST_SHOWN))


def offer_handing_over(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    period = period_of(pressed_value(body))
    with asker.services.database.reading() as session:
        month = month_of_pay(session, period)
    open_window(asker.slack, body, blocks.hand_over_form(asker.writer, month))
    ack()


def hand_payroll_over(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    period = period_of(body["view"]["private_metadata"])
    clock = asker.services.clock
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            payroll(session, clock, asker.viewer, period)
            ask_for_file(session, clock, PayFile(asker.viewer.person_id, period), asker.correlation_id)
        month = month_of_pay(session, period)
    ack(response_action="update", view=blocks.handed_over(asker.writer, month))


def offer_statement(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    open_window(asker.slack, body, blocks.statement_form(asker.writer))
    ack()


def show_statement(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    view = _ours(body["view"])
    try:
        with asker.services.database.reading() as session:
            person = _person(session, view)
            period = _period(asker, view, PERIOD)
            window = _statement(session, asker, person, period)
    except BadField as refused:
        _refuse(ack, asker, refused)
        return
    ack(response_action="update", view=window)


def _statement(session: Session, asker: Asker, person: Person, period: Period) -> Block:
    try:
        return statement_window(asker.writer, statement(session, asker.viewer, person.id, period))
    except NotAllowed as refused:
        raise BadField(EMPLOYEE, refused.sentence, **refused.values) from None
    except NotFound as nothing:
        return blocks.no_statement(asker.writer, person.name, nothing)


def offer_term(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    open_window(asker.slack, body, blocks.term_form(asker.writer))
    ack()


def record_term(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    view = _ours(body["view"])
    try:
        with asker.services.database.writing() as session:
            person = _person(session, view)
            kind, value = _kind(view), _value(view)
            since = _period(asker, view, SINCE).start
            if asker.asks_for_the_first_time(session):
                _set_term(session, asker, person, kind, value, since, written(view, BECAUSE))
    except BadField as refused:
        _refuse(ack, asker, refused)
        return
    ack(response_action="update", view=blocks.term_recorded(asker.writer, person.name))


def _set_term(
    session: Session,
    asker: Asker,
    person: Person,
    kind: TermKind,
    value: Decimal | None,
    since: date,
    because: str,
) -> None:
    try:
        set_term(session, asker.services.clock, asker.viewer, person.id, kind, value, since, because)
    except NotAllowed as refused:
        raise BadField(EMPLOYEE, refused.sentence, **refused.values) from None


def _ours(view: dict[str, Any]) -> dict[str, Any]:
    """Raises BadInput for a window that has not come from here."""
    if view["private_metadata"] != blocks.NEW:
        raise out_of_date()
    return view


def _person(session: Session, view: dict[str, Any]) -> Person:
    """Raises BadField."""
    try:
        return person_by_employee_id(session, written(view, EMPLOYEE).strip())
    except NotFound as unknown:
        raise BadField(EMPLOYEE, unknown.sentence, **unknown.values) from None


def _period(asker: Asker, view: dict[str, Any], field: str) -> Period:
    """Raises BadField."""
    try:
        return parse_human(written(view, field), company_day(asker.viewer, asker.services.clock))
    except PeriodNotUnderstood as unknown:
        raise BadField(field, unknown.sentence, **unknown.values) from None


def _kind(view: dict[str, Any]) -> TermKind:
    chosen = given(view, KIND)
    if chosen not in set(TermKind):
        raise BadField(KIND, N_("Choose one of the list."))
    return TermKind(chosen)


def _value(view: dict[str, Any]) -> Decimal | None:
    text = written(view, VALUE)
    if not text:
        return None
    value = plain_number(text)
    if value is None:
        raise BadField(VALUE, N_("Write a number of at least 0, such as 0.025."))
    return value


def _refuse(ack: Ack, asker: Asker, refused: BadField) -> None:
    ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
