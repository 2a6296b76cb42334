"""Rounds of targets: a unit's amount, what those below it have, what is left; and the forms to split it."""

from collections.abc import Iterator
from decimal import Decimal

from bot.blocks.actions import RoundRef
from bot.blocks.inputs import choice, form, labelled, long_text, number, option, short_key, short_text
from bot.blocks.primitives import (
    Block,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    divider,
    join,
    modal,
    section,
    sections,
    select,
)
from bot.blocks.wording import span
from domain.targets.round_views import PartView, RoundView, Settable
from domain.targets.rules_history import Attainability

LOOK, UNIT, BY_HAND, BY_HEADCOUNT, BY_HISTORY = (
    "target_round.look",
    "target_round.unit",
    "target_round.by_hand",
    "target_round.by_headcount",
    "target_round.by_history",
)
BY_SHARE, PROPOSE = "target_round.by_share", "target_round.propose"
PUBLISH, DROP, NEW = "target_round.publish", "target_round.drop", "target_round.new"
SPLIT_FORM, SHARE_FORM, PUBLISH_FORM, NEW_FORM = (
    "target_round.split_form",
    "target_round.share_form",
    "target_round.publish_form",
    "target_round.new_form",
)
REASON, INDICATOR, SPAN, AMOUNT, STEP, SEASON = "reason", "indicator", "span", "amount", "step", "season"
FOR_UNIT = "for_unit"
MOST_PARTS = 90
"""A window has 100 blocks; more go by file."""
EXACT = 4


def round_row(writer: Writer, view: RoundView) -> Block:
    """In a list: what it is, what is left, and the way into it."""
    look = button(writer.language.text("Open"), LOOK, str(RoundRef(view.round_id, 0)))
    return section(join([bold(round_title(writer, view)), *_what_stands(writer, view)], "\n"), button=look)


def new_round_button(writer: Writer) -> Block:
    return button(writer.language.text("Set new targets"), NEW, "new")


def round_window(writer: Writer, view: RoundView) -> Block:
    """Closed, it closes those below it: they show the round as it was before."""
    blocks = [section(bold(round_title(writer, view)), *_what_stands(writer, view))]
    blocks += sections(part_line(writer, part) for part in view.parts)
    blocks += [divider(), *_buttons(writer, view)]
    if view.sets_the_whole:
        blocks.append(context(*_whole(writer, view)))
    return {**modal(writer, writer.language.text("Split targets"), blocks), "clear_on_close": True}


def split_form(writer: Writer, view: RoundView) -> Block:
    """A number for each part; what a usual month brought stands below it."""
    blocks = [section(bold(round_title(writer, view)), *_what_stands(writer, view))]
    blocks += [_part_input(writer, part) for part in view.parts[:MOST_PARTS]]
    ref = str(RoundRef(view.round_id, view.unit.id))
    title, save = writer.language.text("Split by hand"), writer.language.text("Save")
    return form(writer, title, save, SPLIT_FORM, blocks, ref)


def share_form(writer: Writer, view: RoundView) -> Block:
    """A share for each part, of any size: the amount goes in proportion."""
    says = writer.text("Shares of any size, percent or parts: the amount goes in proportion to them.")
    blocks = [section(bold(round_title(writer, view)), *_what_stands(writer, view), says)]
    blocks += [_share_input(writer, part) for part in view.parts[:MOST_PARTS]]
    ref = str(RoundRef(view.round_id, view.unit.id))
    title, save = writer.language.text("Split by share"), writer.language.text("Split")
    return form(writer, title, save, SHARE_FORM, blocks, ref)


def part_id(part: PartView) -> str:
    return f"{part.owner.kind}.{part.owner.id}"


def publish_form(writer: Writer, view: RoundView) -> Block:
    """Asks for a reason where something is left."""
    asked = writer.text("The amounts become targets, month by month, and their owners are asked to confirm.")
    blocks = [section(bold(round_title(writer, view)), asked), section(*_whole(writer, view))]
    if not is_whole(view):
        why = writer.language.text("Why it is published as it is")
        blocks.append(labelled(REASON, why, long_text()))
    ref = str(RoundRef(view.round_id, 0))
    title, send = writer.language.text("Publish targets?"), writer.language.text("Publish")
    return form(writer, title, send, PUBLISH_FORM, blocks, ref)


def is_whole(view: RoundView) -> bool:
    """Whether every amount is split to the last step, and everybody has one."""
    return not view.unbalanced and not view.without_amount


def new_form(writer: Writer, may_be_set: Settable) -> Block:
    text = writer.language.text
    names = [option(writer.language.label(name), short_key(name)) for name in may_be_set.indicators]
    units = [option(path, str(unit_id)) for unit_id, path in may_be_set.units]
    when = text("A year, a quarter or a month: 2026, 2026-Q4, 2026-10.")
    steps = text("1000: every amount is in full thousands.")
    weights = text("A weight for each month; without it all are alike.")
    blocks = [
        section(writer.text("An amount for a whole unit, to be split down to every person.")),
        labelled(INDICATOR, text("What"), choice(names)),
        labelled(FOR_UNIT, text("For which unit"), choice(units, initial=units[0])),
        labelled(SPAN, text("For when"), short_text("2026-Q4"), hint=when),
        labelled(AMOUNT, text("How much in all"), number()),
        labelled(STEP, text("In steps of"), number("1"), optional=True, hint=steps),
        labelled(SEASON, text("Season"), short_text("1, 0.8, 1.2"), optional=True, hint=weights),
    ]
    return form(writer, text("Set new targets"), text("Begin"), NEW_FORM, blocks)


def published(writer: Writer, changed: int) -> Block:
    """Closes the windows below it as well."""
    told = writer.plural(
        "Published: {n} monthly target has changed. Its owner is asked to confirm.",
        "Published: {n} monthly targets have changed. Their owners are asked to confirm.",
        changed,
    )
    return {**modal(writer, writer.language.text("Published"), [section(told)]), "clear_on_close": True}


def dropped(writer: Writer) -> Block:
    told = writer.text("Dropped: no target has changed.")
    return {**modal(writer, writer.language.text("Dropped"), [section(told)]), "clear_on_close": True}


def round_title(writer: Writer, view: RoundView) -> Mrkdwn:
    return writer.text(
        "{owner}: {indicator}, {span}",
        owner=view.unit_name,
        indicator=writer.label(view.indicator),
        span=span(writer, view.span),
    )


def _what_stands(writer: Writer, view: RoundView) -> Iterator[Mrkdwn]:
    if view.amount is None:
        yield writer.text("No amount has been given to this unit yet.")
    elif view.rest is None:
        yield writer.text("Amount: *{amount}*.", amount=_number(writer, view.amount))
    else:
        yield writer.text(
            "Amount: *{amount}*. {rest}",
            amount=_number(writer, view.amount),
            rest=what_is_left(writer, view.rest),
        )


def what_is_left(writer: Writer, rest: Decimal) -> Mrkdwn:
    if not rest:
        return writer.text("All of it is split.")
    if rest < 0:
        return writer.text("*{amount} too much* is split.", amount=_number(writer, -rest))
    return writer.text("*{amount} left* to split.", amount=_number(writer, rest))


def part_line(writer: Writer, part: PartView) -> Mrkdwn:
    name = (
        bold(part.name)
        if part.owner.is_unit
        else writer.text("{name} ({id})", name=part.name, id=part.called)
    )
    amount = writer.text("no amount yet") if part.amount is None else bold(_number(writer, part.amount))
    facts = [amount]
    if part.rest:
        facts.append(what_is_left(writer, part.rest))
    return join([name, join([*facts, *_looking_back(writer, part)], " · ")], " ")


def _called(part: PartView) -> str:
    return part.name if part.owner.is_unit else f"{part.name} ({part.called})"


def _looking_back(writer: Writer, part: PartView) -> Iterator[Mrkdwn]:
    if part.usual_month is not None:
        yield usual_month(writer, part.usual_month)
    if part.reached is not None:
        yield reached_in(writer, part.reached)


def usual_month(writer: Writer, amount: Decimal) -> Mrkdwn:
    return writer.text("usual month {amount}", amount=_number(writer, amount))


def reached_in(writer: Writer, found: Attainability) -> Mrkdwn:
    return writer.text("reached in {reached} of {months} months", reached=found.reached, months=found.of)


def _part_input(writer: Writer, part: PartView) -> Block:
    looking_back = join(_looking_back(writer, part), " · ")
    return labelled(
        part_id(part), _called(part), number(initial=part.amount), optional=True, hint=str(looking_back)
    )


def _share_input(writer: Writer, part: PartView) -> Block:
    """What it has now stands below it."""
    now = [] if part.amount is None else [writer.text("now {amount}", amount=_number(writer, part.amount))]
    hint = join([*now, *_looking_back(writer, part)], " · ")
    return labelled(part_id(part), _called(part), number(), optional=True, hint=str(hint))


def _buttons(writer: Writer, view: RoundView) -> list[Block]:
    ref, text = str(RoundRef(view.round_id, view.unit.id)), writer.language.text
    blocks = []
    if len(view.units) > 1:
        units = [(path, str(RoundRef(view.round_id, unit_id))) for unit_id, path in view.units]
        blocks.append(actions(select(text("Another unit"), UNIT, units)))
    ways = []
    if view.amount is not None:
        ways += [
            button(text("Split by headcount"), BY_HEADCOUNT, ref),
            button(text("Split by history"), BY_HISTORY, ref),
        ]
    if len(view.parts) <= MOST_PARTS:
        if view.amount is not None:
            ways.append(button(text("Split by share"), BY_SHARE, ref))
        ways.append(button(text("Split by hand"), BY_HAND, ref))
    ways.append(button(text("Propose from history"), PROPOSE, ref))
    if view.sets_the_whole:
        ways.append(button(text("Publish"), PUBLISH, ref, style="primary"))
        ways.append(button(text("Drop"), DROP, ref, style="danger"))
    return [*blocks, actions(*ways)]


def _whole(writer: Writer, view: RoundView) -> Iterator[Mrkdwn]:
    if is_whole(view):
        yield writer.text("The whole tree is split to the last step.")
    for name, left in view.unbalanced[:5]:
        yield writer.text("{unit}: {left}", unit=name, left=what_is_left(writer, left))
    if view.without_amount:
        yield writer.plural("{n} has no amount yet.", "{n} have no amount yet.", view.without_amount)


def _number(writer: Writer, amount: Decimal) -> str:
    return writer.language.number(amount, EXACT)
