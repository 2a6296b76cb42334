"""*What if*: the window, its choices, the form for one's own numbers; pressed or typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import actions
from bot.blocks.actions import CardRef, WhatIfRef
from bot.blocks.inputs import given, short_key
from bot.blocks.own_numbers import (
    ROWS,
    TRY_OWN_FORM,
    amount_id,
    measure_id,
    own_numbers_form,
    trial,
    trial_message,
)
from bot.blocks.primitives import Message, Writer
from bot.blocks.what_if import what_if, what_if_message, working
from bot.context import Asker
from bot.listeners.answering import (
    how_to_go_on,
    open_and_fill,
    open_window,
    pressed_value,
    replace_window,
)
from bot.listeners.wishes import changes_in, plain_number
from domain.periods import Period, PeriodNotUnderstood, parse_human
from domain.scoring import views
from domain.scoring.what_if import OutOfRange, Question, answer, prepare, try_out


def register(app: App) -> None:
    app.action(actions.WHAT_IF)(ask)
    app.action(actions.WHAT_IF_AGAIN)(ask_again)
    app.action(actions.ENDING_CHOICE)(choose)
    app.action(actions.TIER_CHOICE)(choose)
    app.action(actions.TRY_OWN)(offer_form)
    app.view(TRY_OWN_FORM)(work_out)


def typed_what_if(asker: Asker, session: Session, wish: str) -> Message:
    """The answer to `/myscore what if`, with a period, changes, or nothing after it. Raises Refusal."""
    viewer, clock = asker.viewer, asker.services.clock
    today = views.company_day(viewer, clock)
    try:
        period: Period | None = parse_human(wish, today) if wish else None
    except PeriodNotUnderstood:
        question = prepare(session, viewer, clock)
        tried = try_out(session, viewer, question, changes_in(wish, question.plan))
        return trial_message(asker.writer, question, tried)
    return what_if_message(asker.writer, answer(prepare(session, viewer, clock, period)))


def ask(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """The window first, for a click is good for three seconds; then what it shows."""
    asker: Asker = context["asker"]
    card = CardRef.parse(pressed_value(body))
    question = _question(asker, card)
    at_once = working(asker.writer, card)
    open_and_fill(asker.slack, body, at_once, lambda: what_if(asker.writer, answer(question)))
    ack()


def ask_again(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """In the window that was opened, where what was to fill it never came."""
    asker: Asker = context["asker"]
    question = _question(asker, CardRef.parse(pressed_value(body)))
    replace_window(asker.slack, body, what_if(asker.writer, answer(question)))
    ack()


def choose(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Another way for the period to end, or another tier."""
    asker: Asker = context["asker"]
    chosen = WhatIfRef.parse(pressed_value(body))
    question = _question(asker, chosen.card)
    shown = what_if(asker.writer, answer(question, chosen.ending, chosen.tier_level))
    replace_window(asker.slack, body, shown)
    ack()


def offer_form(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    question = _question(asker, CardRef.parse(pressed_value(body)))
    open_window(asker.slack, body, own_numbers_form(asker.writer, question))
    ack()


def work_out(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = body["view"]
    question = _question(asker, CardRef.parse(view["private_metadata"]))
    change, errors = _filled_in(asker.writer, view, question)
    if not errors:
        try:
            with asker.services.database.reading() as session:
                tried = try_out(session, asker.viewer, question, change)
        except OutOfRange as refused:
            errors = {_row_of(view, refused.measure): asker.writer.language.refusal(refused)}
    if errors:
        ack(response_action="errors", errors=errors)
    else:
        ack(response_action=how_to_go_on(body), view=trial(asker.writer, question, tried))


def _question(asker: Asker, card: CardRef) -> Question:
    with asker.services.database.reading() as session:
        return prepare(session, asker.viewer, asker.services.clock, card.period, card.person_id)


def _filled_in(
    writer: Writer, view: Mapping[str, Any], question: Question
) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The changes by measure, and what is wrong by field. The same measure twice adds up."""
    changes: dict[str, Decimal] = {}
    errors: dict[str, str] = {}
    measures = {short_key(measure): measure for measure in question.measures}
    for row in range(ROWS):
        chosen, typed = given(view, measure_id(row)), given(view, amount_id(row))
        measure, more = measures.get(chosen), plain_number(typed or "")
        if row > 0 and chosen is None and not typed:
            continue
        if measure is None:
            errors[measure_id(row)] = writer.language.text("Choose what.")
        elif more is None:
            errors[amount_id(row)] = writer.language.text(
                "Write a number such as 20000 or -3, with at most 12 digits before the point and 4 after it."
            )
        else:
            changes[measure] = changes.get(measure, Decimal(0)) + more
    return changes, errors


def _row_of(view: Mapping[str, Any], measure: str) -> str:
    """The field of the last amount of the measure."""
    return next(
        amount_id(row) for row in reversed(range(ROWS)) if given(view, measure_id(row)) == short_key(measure)
    )
