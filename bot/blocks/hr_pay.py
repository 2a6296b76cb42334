"""Pay within /hr: the payrolls that wait, anybody's statement, personal terms."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot.blocks.inputs import choice, form, labelled, long_text, option, short_text
from bot.blocks.pay_words import money
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    join,
    message,
    modal,
    mrkdwn,
    section,
)
from domain.errors import N_, Refusal
from domain.incentives.payrolls import MonthOfPay
from domain.incentives.rules_terms import MONEY_PLACES, VALUE, TermKind
from domain.incentives.terms import BECAUSE, KIND, SINCE
from domain.periods import Period
from domain.plain import plain

HAND_OVER, STATEMENT, TERM = "hr_pay.hand_over", "hr_pay.statement", "hr_pay.term"
HAND_OVER_FORM, STATEMENT_FORM, TERM_FORM = (
    "hr_pay.hand_over_form",
    "hr_pay.statement_form",
    "hr_pay.term_form",
)
EMPLOYEE, PERIOD = "employee", "period"
KINDS = {
    TermKind.RATE: N_("One rate in place of the bands"),
    TermKind.BASE: N_("Base of a month"),
    TermKind.WAGE: N_("Fixed wage of a month"),
}
NEW = "new"
"""What forms carry that are about nothing yet."""


def pay_part(writer: Writer, months: Sequence[MonthOfPay]) -> list[Block]:
    """A part of the answer to /hr: the months of pay, the newest first."""
    blocks: list[Block] = [section(bold(writer.text("Pay")))]
    if not months:
        blocks.append(section(writer.text("No locked month has paid anything yet.")))
    for month in months:
        act = button(_act(writer, month), HAND_OVER, month.period.key) if month.is_whole else None
        blocks.append(section(_in_short(writer, month), button=act))
    if any(not month.is_whole for month in months):
        blocks.append(context(writer.text("Of the people you look after. Head HR hands a payroll over.")))
    blocks.append(
        actions(
            button(writer.language.text("Somebody's pay"), STATEMENT, NEW),
            button(writer.language.text("Personal term"), TERM, NEW),
        )
    )
    return blocks


def hand_over_form(writer: Writer, month: MonthOfPay) -> Block:
    told = writer.text("Again the file that was handed over, as a direct message to you.")
    if not month.is_paid:
        told = writer.text(
            "A file comes as a direct message to you. From then on the month is paid: what comes to light "
            "later goes into a later month."
        )
    blocks = [section(bold(writer.language.period(month.period)), _in_short(writer, month)), section(told)]
    title, submit = writer.language.text("Payroll"), _act(writer, month)
    return form(writer, title, submit, HAND_OVER_FORM, blocks, month.period.key)


def handing_over(writer: Writer, period: Period) -> Block:
    told = writer.text("The payroll of {period} is on its way to you.", period=period)
    return modal(writer, writer.language.text("Payroll"), [section(told)])


def file_refused(writer: Writer, facts: dict[str, Any]) -> Message:
    """Facts: see REFUSED_POST."""
    heading = writer.text("There is no pay file for {period}", period=Period.parse(facts["period"]))
    sentence, values = facts["said"]["sentence"], facts["said"]["values"]
    reason = writer.refusal(Refusal(sentence, **values))
    return message(writer, heading, [section(bold(heading), reason)])


def statement_form(writer: Writer) -> Block:
    text = writer.language.text
    blocks = [
        labelled(EMPLOYEE, text("Employee id"), short_text("E1042")),
        labelled(PERIOD, text("Period"), short_text("2026-06")),
    ]
    return form(writer, text("Pay"), text("Show"), STATEMENT_FORM, blocks, NEW)


def no_statement(writer: Writer, name: str, why: Refusal) -> Block:
    told = [section(bold(mrkdwn(name)), writer.refusal(why))]
    return modal(writer, writer.language.text("Pay"), told)


def term_form(writer: Writer) -> Block:
    text = writer.language.text
    options = [option(text(words), kind) for kind, words in KINDS.items()]
    blocks = [
        section(
            writer.text("It holds from the month you name on, and the person reads it on the statement.")
        ),
        labelled(EMPLOYEE, text("Employee id"), short_text("E1042")),
        labelled(KIND, text("What"), choice(options)),
        labelled(
            VALUE,
            text("Value"),
            short_text("2.5%"),
            optional=True,
            hint=text("A rate: 2.5% or 0.025. An amount: 1500. Left out, the plan holds again."),
        ),
        labelled(SINCE, text("From which month on"), short_text("2026-08")),
        labelled(BECAUSE, text("Why"), long_text(), hint=text("The person reads it, and it is kept.")),
    ]
    return form(writer, text("Personal term"), text("Record"), TERM_FORM, blocks, NEW)


def term_recorded(writer: Writer, name: str, kind: TermKind, value: Decimal | None, since: Period) -> Block:
    """With what was understood."""
    told = [
        writer.text("The term of {person} is recorded.", person=name),
        bold(join([writer.text(KINDS[kind]), _understood(writer, kind, value)], ": ")),
        writer.text("From {period} on.", period=since),
    ]
    return modal(writer, writer.language.text("Personal term"), [section(*told)])


def _understood(writer: Writer, kind: TermKind, value: Decimal | None) -> Mrkdwn:
    if value is None:
        return writer.text("as the plan has it")
    if kind is TermKind.RATE:
        return mrkdwn(f"{plain(value.scaleb(2))}% = {plain(value)}")
    return mrkdwn(writer.language.number(value, MONEY_PLACES))


def _act(writer: Writer, month: MonthOfPay) -> str:
    return writer.language.text("File again") if month.is_paid else writer.language.text("Hand over")


def _in_short(writer: Writer, month: MonthOfPay) -> Mrkdwn:
    amounts = [money(writer, amount, currency) for currency, amount in month.totals]
    parts = [
        bold(writer.language.period(month.period)),
        writer.listed(amounts) if amounts else writer.text("nothing booked"),
        writer.plural("{n} person", "{n} people", month.people),
        writer.text("handed over") if month.is_paid else writer.text("not handed over yet"),
    ]
    return join(parts, " · ")
