"""Proposals from history: asked for by a form, looked at, and taken by a button."""

from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import target_proposals as blocks
from bot.blocks.actions import ProposalRef, RoundRef
from bot.blocks.inputs import given, written
from bot.blocks.target_proposals import GROWTH, MONTHS, MONTHS_OFFERED
from bot.blocks.target_rounds import round_window
from bot.context import Asker
from bot.listeners.answering import pressed_value, replace_window
from bot.listeners.target_rounds import look
from bot.listeners.wishes import plain_number
from domain.errors import N_, BadField, BadInput
from domain.targets import proposing
from domain.targets.proposing import Terms
from domain.targets.round_views import open_round_by_id


def register(app: App) -> None:
    app.view(blocks.PROPOSE_FORM)(show)
    app.action(blocks.TAKE)(take)


def show(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """What comes of the terms; what cannot be gets its sentence at the field."""
    asker: Asker = context["asker"]
    view = body["view"]
    ref = RoundRef.parse(view["private_metadata"])
    try:
        terms = Terms(_growth(written(view, GROWTH)), _months(given(view, MONTHS)))
        with asker.services.database.reading() as session:
            round_ = open_round_by_id(session, ref.round_id)
            clock = asker.services.clock
            shown = proposing.propose(session, clock, asker.viewer, round_, ref.unit_id, terms)
    except BadField as refused:
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    except BadInput as refused:
        ack(response_action="errors", errors={GROWTH: asker.writer.language.refusal(refused)})
        return
    ack(response_action="update", view=blocks.proposal_window(asker.writer, shown))


def take(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = ProposalRef.parse(pressed_value(body))
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            round_ = open_round_by_id(session, ref.round_id)
            terms = Terms(ref.growth, ref.months)
            proposing.take(session, asker.services.clock, asker.viewer, round_, ref.unit_id, terms)
    shown = look(asker, RoundRef(ref.round_id, ref.unit_id))
    replace_window(asker.slack, body, round_window(asker.writer, shown))
    ack()


def _growth(text: str) -> Decimal:
    growth = plain_number(text)
    if growth is None:
        raise BadField(GROWTH, N_("Write a number of percent, such as 5 or -2.5."))
    return growth


def _months(chosen: str | None) -> int:
    offered = {str(number): number for number in MONTHS_OFFERED}
    if chosen not in offered:
        raise BadField(MONTHS, N_("Choose how many months."))
    return offered[chosen]
