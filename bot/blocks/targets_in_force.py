"""Targets as they are in force: the answers to `/targets august` and `/targets East q3`."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    bold,
    context,
    divider,
    join,
    message,
    section,
    sections,
)
from bot.blocks.target_rounds import part_line, what_is_left
from bot.blocks.targets import agreement_row, month_amounts
from bot.blocks.wording import span
from domain.targets.agreement_views import AgreementView
from domain.targets.in_force import OwnTarget, OwnTargets, UnitTargets

EXACT = 4


def own_targets_message(writer: Writer, own: OwnTargets, asked: Sequence[AgreementView]) -> Message:
    """`asked`: what waits for an answer or has had one, about these months."""
    when = span(writer, own.span)
    heading = writer.text("Your targets, {span}", span=when)
    blocks: list[Block] = [section(bold(heading))]
    if own.targets:
        blocks += sections(_own(writer, one) for one in own.targets)
    else:
        blocks.append(section(writer.text("No target is set for you in {span}.", span=when)))
    if asked:
        blocks += [divider(), *(agreement_row(writer, one) for one in asked)]
    return message(writer, heading, blocks)


def unit_targets_message(
    writer: Writer, unit_path: str, span_key: str, found: Sequence[UnitTargets]
) -> Message:
    about = {"unit": unit_path, "span": span(writer, span_key)}
    heading = writer.text("{unit}: targets, {span}", **about)
    blocks: list[Block] = [section(bold(heading))]
    if not found:
        nothing = writer.text(
            "No target is set in {unit} for {span}.", unit=unit_path, span=span(writer, span_key)
        )
        return message(writer, heading, [*blocks, section(nothing)])
    for one in found:
        blocks += [
            divider(),
            section(*_unit(writer, one)),
            *sections(part_line(writer, p) for p in one.parts),
        ]
    blocks.append(context(writer.text("Reached: in how many months of the last year such an amount was.")))
    return message(writer, heading, blocks)


def _own(writer: Writer, one: OwnTarget) -> Mrkdwn:
    whole = writer.text(
        "{indicator}: *{amount}*", indicator=writer.label(one.indicator), amount=_number(writer, one.amount)
    )
    if len(one.by_month) == 1:
        return whole
    return join([whole, month_amounts(writer, one.by_month)], " · ")


def _unit(writer: Writer, one: UnitTargets) -> Iterator[Mrkdwn]:
    if one.amount is None:
        yield writer.text("{indicator}: none for the unit itself.", indicator=writer.label(one.indicator))
        return
    yield writer.text(
        "{indicator}: *{amount}*", indicator=writer.label(one.indicator), amount=_number(writer, one.amount)
    )
    if one.rest is not None:
        yield what_is_left(writer, one.rest)


def _number(writer: Writer, amount: Decimal) -> str:
    return writer.language.number(amount, EXACT)
