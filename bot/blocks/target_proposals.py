"""What history proposes as targets: the terms to ask for, and what comes of them before anything is set."""

from collections.abc import Iterator
from decimal import Decimal

from bot.blocks.actions import ProposalRef, RoundRef
from bot.blocks.inputs import choice, form, labelled, number, option
from bot.blocks.primitives import (
    Block,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    join,
    modal,
    section,
    sections,
)
from bot.blocks.target_rounds import reached_in, round_title, usual_month
from bot.blocks.wording import span
from domain.targets.proposing import Proposal, ProposedAmount
from domain.targets.round_views import RoundView
from domain.targets.rules_proposal import Basis

PROPOSE_FORM, TAKE = "target_round.propose_form", "target_round.take"
GROWTH, MONTHS = "growth", "months"
GROWTH_PLACES = 4
"""All that can be typed: what is read here is what is computed by."""
MONTHS_OFFERED = (3, 6, 12)
USUALLY = 6
MOST_ROWS = 80
"""A window has 100 blocks; of more people the units right below are shown."""
EXACT = 4


def propose_form(writer: Writer, view: RoundView) -> Block:
    text = writer.language.text
    asked = writer.text(
        "What a full month brought each person on average, with a growth, from the bottom up. Nothing is set "
        "before you have looked."
    )
    months = [option(_months(writer, number), str(number)) for number in MONTHS_OFFERED]
    usually = months[MONTHS_OFFERED.index(USUALLY)]
    blocks = [
        section(bold(round_title(writer, view)), asked),
        labelled(GROWTH, text("Growth in percent"), number(initial=Decimal(0))),
        labelled(MONTHS, text("Usual month"), choice(months, initial=usually)),
    ]
    ref = str(RoundRef(view.round_id, view.unit.id))
    return form(writer, text("Propose from history"), text("Show"), PROPOSE_FORM, blocks, ref)


def proposal_window(writer: Writer, shown: Proposal) -> Block:
    rows = shown.rows if len(shown.rows) <= MOST_ROWS else tuple(row for row in shown.rows if row.depth < 2)
    terms = shown.terms
    ref = str(ProposalRef(shown.round_id, shown.unit.id, terms.growth, terms.months))
    title = writer.text(
        "{owner}: {indicator}, {span}",
        owner=shown.whole.name,
        indicator=writer.label(shown.indicator),
        span=span(writer, shown.span),
    )
    blocks = [
        section(bold(title), *_terms(writer, shown)),
        *sections(_row(writer, row) for row in rows),
        actions(button(writer.language.text("Take this"), TAKE, ref, style="primary")),
        context(writer.text("It takes the place of the amounts that are there; each can be changed after.")),
    ]
    return modal(writer, writer.language.text("Propose from history"), blocks)


def _terms(writer: Writer, shown: Proposal) -> Iterator[Mrkdwn]:
    yield writer.plural(
        "Usual month of the last {n} month, and {growth}.",
        "Usual month of the last {n} months, and {growth}.",
        shown.months,
        growth=writer.language.percent(shown.terms.growth / 100, GROWTH_PLACES),
    )
    whole = shown.whole.proposed
    yield writer.text("In all: *{amount}*.", amount=_number(writer, whole.amount))
    if whole.due != whole.amount:
        yield writer.text("Ramp and days of work leave {due} of it.", due=_number(writer, whole.due))


def _row(writer: Writer, row: ProposedAmount) -> Mrkdwn:
    name = bold(row.name) if row.owner.is_unit else writer.text("{name} ({id})", name=row.name, id=row.called)
    facts = [bold(_number(writer, row.proposed.amount)), *_reasons(writer, row)]
    return join([name, join(facts, " · ")], " ")


def _reasons(writer: Writer, row: ProposedAmount) -> Iterator[Mrkdwn]:
    found = row.proposed
    if found.basis is Basis.NONE:
        yield writer.text("no history to go by")
    elif found.usual is not None:
        yield usual_month(writer, found.usual)
        if found.basis is Basis.UNIT:
            yield writer.text("the mean of the others: too little history")
    if found.due != found.amount:
        yield writer.text("{due} after ramp and days of work", due=_number(writer, found.due))
    if row.reached is not None:
        yield reached_in(writer, row.reached)


def _months(writer: Writer, count: int) -> str:
    return writer.language.plural("Of the last {n} month", "Of the last {n} months", count)


def _number(writer: Writer, amount: Decimal) -> str:
    return writer.language.number(amount, EXACT)
