"""Pay, from /hr: handing a payroll over, anybody's statement, personal terms. Each click is allowed anew."""

from collections.abc import Callable
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
from domain import access
from domain.errors import N_, BadField, NotAllowed, NotFound
from domain.incentives.files import ask_for_payroll
from domain.incentives.payrolls import month_of_pay, months_of_pay
from domain.incentives.rules_terms import VALUE, TermKind, term_value
from domain.incentives.statements import look
from domain.incentives.terms import BECAUSE, KIND, SINCE, set_term
from domain.people.model import Person
from domain.people.service import person_by_employee_id
from domain.periods import Period, PeriodKind, PeriodNotUnderstood, parse_human, parse_planned
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
    return blocks.pay_part(asker.writer, months_of_pay(session, asker.viewer, MOST_SHOWN))


def offer_handing_over(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    period = period_of(pressed_value(body))
    with asker.services.database.reading() as session:
        access.require_payroll(session, asker.viewer, period)
        month = month_of_pay(session, asker.viewer, period)
    open_window(asker.slack, body, blocks.hand_over_form(asker.writer, month))
    ack()


def hand_payroll_over(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    period = period_of(body["view"]["private_metadata"])
    clock = asker.services.clock
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            ask_for_payroll(session, clock, asker.viewer, period, asker.correlation_id)
    ack(response_action="update", view=blocks.handing_over(asker.writer, period))


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
        period = _month(asker, view, PERIOD, parse_human)
        with asker.services.database.writing() as session:  # looks are written down
            person = _person(session, view)
            window = _statement(session, asker, person, period)
    except BadField as refused:
        _refuse(ack, asker, refused)
        return
    ack(response_action="update", view=window)


def _statement(session: Session, asker: Asker, person: Person, period: Period) -> Block:
    try:
        shown = look(session, asker.services.clock, asker.viewer, person.id, period)
        return statement_window(asker.writer, shown)
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
        kind = _kind(view)
        value, month = _value(view, kind), _month(asker, view, SINCE, parse_planned)
        with asker.services.database.writing() as session:
            person = _person(session, view)
            if asker.asks_for_the_first_time(session):
                _set_term(session, asker, person, kind, value, month.start, written(view, BECAUSE))
    except BadField as refused:
        _refuse(ack, asker, refused)
        return
    ack(response_action="update", view=blocks.term_recorded(asker.writer, person.name, kind, value, month))


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


def _month(asker: Asker, view: dict[str, Any], field: str, parse: Callable[[str, date], Period]) -> Period:
    """Raises BadField."""
    try:
        period = parse(written(view, field), company_day(asker.viewer, asker.services.clock))
    except PeriodNotUnderstood as unknown:
        raise BadField(field, unknown.sentence, **unknown.values) from None
    if period.kind is not PeriodKind.MONTH:
        raise BadField(field, N_("Pay goes by months: write one, such as 2026-08."))
    return period


def _kind(view: dict[str, Any]) -> TermKind:
    chosen = given(view, KIND)
    if chosen not in set(TermKind):
        raise BadField(KIND, N_("Choose one of the list."))
    return TermKind(chosen)


def _value(view: dict[str, Any], kind: TermKind) -> Decimal | None:
    """None, where nothing is written, for the plan's own. Raises BadField."""
    text = written(view, VALUE).strip()
    return term_value(kind, text) if text else None


def _refuse(ack: Ack, asker: Asker, refused: BadField) -> None:
    ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
