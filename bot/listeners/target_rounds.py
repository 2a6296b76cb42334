"""Rounds of targets: opened by HR, split by those who lead a unit, published whole. By buttons and forms."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import target_rounds as blocks
from bot.blocks.actions import RoundRef
from bot.blocks.inputs import given, short_key, written
from bot.blocks.primitives import Block, Writer
from bot.blocks.target_proposals import propose_form
from bot.blocks.target_rounds import AMOUNT, FOR_UNIT, INDICATOR, REASON, SEASON, SPAN, STEP
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value, replace_window
from bot.listeners.wishes import plain_number
from domain.clock import today
from domain.errors import N_, BadField, BadInput
from domain.periods import PeriodNotUnderstood
from domain.targets import rounds
from domain.targets.model import How
from domain.targets.round_views import RoundView, open_round_by_id, round_view, settable
from domain.targets.rules_span import Season, Span, parse_span
from domain.targets.rules_tree import Owner

FormOf = Callable[[Writer, RoundView], Block]


def register(app: App) -> None:
    app.action(blocks.LOOK)(_opens(blocks.round_window))
    app.action(blocks.UNIT)(show_another)
    app.action(blocks.BY_HEADCOUNT)(_splits(How.HEADCOUNT))
    app.action(blocks.BY_HISTORY)(_splits(How.HISTORY))
    app.action(blocks.BY_SHARE)(_opens(blocks.share_form))
    app.action(blocks.BY_HAND)(_opens(blocks.split_form))
    app.action(blocks.PROPOSE)(_opens(propose_form))
    app.action(blocks.PUBLISH)(_opens(blocks.publish_form))
    app.action(blocks.DROP)(drop)
    app.action(blocks.NEW)(offer_new)
    app.view(blocks.SPLIT_FORM)(split_by_hand)
    app.view(blocks.SHARE_FORM)(split_by_share)
    app.view(blocks.PUBLISH_FORM)(publish)
    app.view(blocks.NEW_FORM)(begin)


def _opens(draw: FormOf) -> Callable[..., None]:
    def open_it(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        shown = look(asker, RoundRef.parse(pressed_value(body)))
        open_window(asker.slack, body, draw(asker.writer, shown))
        ack()

    return open_it


def show_another(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Another unit in the same window."""
    asker: Asker = context["asker"]
    shown = look(asker, RoundRef.parse(pressed_value(body)))
    replace_window(asker.slack, body, blocks.round_window(asker.writer, shown))
    ack()


def split_by_share(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """A field that is left empty gets nothing."""
    asker: Asker = context["asker"]
    ref, shares = _typed_parts(ack, body, asker)
    if shares is None:
        return
    try:
        _split(asker, ref, How.SHARE, shares)
    except BadInput as refused:
        first = blocks.part_id(look(asker, ref).parts[0])
        ack(response_action="errors", errors={first: asker.writer.language.refusal(refused)})
        return
    ack(response_action="update", view=blocks.round_window(asker.writer, look(asker, ref)))


def split_by_hand(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """All the amounts or none; a field that is left empty keeps what it had."""
    asker: Asker = context["asker"]
    ref, wanted = _typed_parts(ack, body, asker)
    if wanted is None:
        return
    try:
        _set_amounts(asker, ref, wanted)
    except rounds.NotAnAmount as refused:
        named = f"{refused.owner.kind}.{refused.owner.id}"
        ack(response_action="errors", errors={named: asker.writer.language.refusal(refused)})
        return
    ack(response_action="update", view=blocks.round_window(asker.writer, look(asker, ref)))


def _typed_parts(
    ack: Ack, body: dict[str, Any], asker: Asker
) -> tuple[RoundRef, dict[Owner, Decimal] | None]:
    """The numbers of the fields that are filled in; None where one is none, which is told at its field."""
    view = body["view"]
    ref = RoundRef.parse(view["private_metadata"])
    parts = {blocks.part_id(part): part.owner for part in look(asker, ref).parts}
    typed = {name: plain_number(written(view, name)) for name in parts if written(view, name)}
    errors = {name: _write_a_number(asker) for name, number in typed.items() if number is None or number < 0}
    if errors:
        ack(response_action="errors", errors=errors)
        return ref, None
    return ref, {parts[name]: number for name, number in typed.items() if number is not None}


def publish(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = body["view"]
    ref, because = RoundRef.parse(view["private_metadata"]), written(view, REASON).strip() or None
    changed = 0
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            round_ = open_round_by_id(session, ref.round_id)
            changed = rounds.publish(session, asker.services.clock, asker.viewer, round_, because)
    ack(response_action="update", view=blocks.published(asker.writer, changed))


def drop(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = RoundRef.parse(pressed_value(body))
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            rounds.drop(session, asker.services.clock, asker.viewer, open_round_by_id(session, ref.round_id))
    replace_window(asker.slack, body, blocks.dropped(asker.writer))
    ack()


def offer_new(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    with asker.services.database.reading() as session:
        may_be_set = settable(session, asker.services.clock, asker.viewer)
    open_window(asker.slack, body, blocks.new_form(asker.writer, may_be_set))
    ack()


def begin(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = body["view"]
    try:
        span = _span(written(view, SPAN).strip(), today(asker.services.clock, asker.viewer.company_zone))
        season = _season(span, written(view, SEASON))
        amount, step = _number(written(view, AMOUNT), AMOUNT), _number(written(view, STEP) or "1", STEP)
        with asker.services.database.writing() as session:
            begun = rounds.open_round(
                session,
                asker.services.clock,
                asker.viewer,
                _indicator(session, asker, given(view, INDICATOR)),
                span,
                amount,
                unit_id=_unit(given(view, FOR_UNIT)),
                season=season,
                step=step,
            )
            ref = RoundRef(begun.id, begun.unit_id)
    except BadField as refused:
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    except rounds.NotAnAmount as refused:
        ack(response_action="errors", errors={AMOUNT: asker.writer.language.refusal(refused)})
        return
    except BadInput as refused:
        ack(response_action="errors", errors={SPAN: asker.writer.language.refusal(refused)})
        return
    shown = blocks.round_window(asker.writer, look(asker, ref))
    ack(response_action="update", view=shown)


def _splits(how: How) -> Callable[..., None]:
    def split_unit(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        ref = RoundRef.parse(pressed_value(body))
        _split(asker, ref, how)
        replace_window(asker.slack, body, blocks.round_window(asker.writer, look(asker, ref)))
        ack()

    return split_unit


def _split(asker: Asker, ref: RoundRef, how: How, shares: dict[Owner, Decimal] | None = None) -> None:
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            round_ = open_round_by_id(session, ref.round_id)
            rounds.split(session, asker.services.clock, asker.viewer, round_, ref.unit_id, how, shares)


def _set_amounts(asker: Asker, ref: RoundRef, amounts: dict[Owner, Decimal]) -> None:
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            round_ = open_round_by_id(session, ref.round_id)
            rounds.set_amounts(session, asker.services.clock, asker.viewer, round_, amounts)


def look(asker: Asker, ref: RoundRef) -> RoundView:
    """The unit of the round as it stands."""
    with asker.services.database.reading() as session:
        return round_view(session, asker.services.clock, asker.viewer, ref.round_id, ref.unit_id or None)


def _indicator(session: Session, asker: Asker, key: str | None) -> str:
    """The one that was chosen; the name may be longer than a list's values."""
    for name in settable(session, asker.services.clock, asker.viewer).indicators:
        if short_key(name) == key:
            return name
    raise BadField(INDICATOR, N_("Choose what."))


def _unit(chosen: str | None) -> int:
    if chosen is None or not chosen.isdecimal():
        raise BadField(FOR_UNIT, N_("Choose a unit."))
    return int(chosen)


def _span(text: str, day: date) -> Span:
    try:
        return parse_span(text, day) if text else Span.parse(text)
    except (ValueError, PeriodNotUnderstood):
        raise BadField(SPAN, N_("Write a year, a quarter or a month: 2026, 2026-Q4 or 2026-10.")) from None


def _season(span: Span, text: str) -> Season | None:
    if not text.strip():
        return None
    weights = [plain_number(part.strip()) for part in text.replace("，", ",").split(",")]
    try:
        return Season.of(span, [weight for weight in weights if weight is not None])
    except ValueError:
        sentence = N_(
            "Write a weight of 0 or more for each of the {months} months, with commas: 1, 0.8, 1.2."
        )
        raise BadField(SEASON, sentence, months=len(span.months)) from None


def _number(text: str, field: str) -> Decimal:
    number = plain_number(text)
    if number is None or number < 0 or (field == STEP and not number):
        raise BadField(field, N_("Write a number of at least 0, such as 75000."))
    return number


def _write_a_number(asker: Asker) -> str:
    return asker.writer.language.text("Write a number of at least 0, such as 75000.")
