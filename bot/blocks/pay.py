"""Variable pay: a statement, each line with its arithmetic in words, and what can be done about a line."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from bot.blocks.actions import CardRef, SubjectRef
from bot.blocks.disputes import dispute_button
from bot.blocks.pay_words import EXACT, line_in_words, money, said
from bot.blocks.primitives import (
    Block,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    divider,
    modal,
    section,
    sections,
)
from bot.locale import Language
from domain.disputes.model import SubjectKind
from domain.disputes.rules import DisputeState
from domain.incentives.rules_terms import TermKind
from domain.incentives.statements import PayLine, Statement, TermView
from domain.incentives.wording import Label, why, why_withheld
from domain.periods import Period

PAY, PAY_FILE = "card.pay", "pay.file"


def pay_button(writer: Writer, card: CardRef) -> Block:
    """On the own card, once its month is locked and if its plan pays."""
    return button(writer.language.text("Pay"), PAY, str(card))


def statement_window(writer: Writer, shown: Statement) -> Block:
    return modal(writer, writer.language.text("Pay"), statement_blocks(writer, shown))


def statement_blocks(writer: Writer, shown: Statement) -> list[Block]:
    """For the person, and for HR; only the person may dispute a line."""
    blocks = [section(_title(writer, shown), *_totals(writer, shown))]
    if shown.withheld is not None:
        blocks.append(section(said(writer, why_withheld(shown.withheld))))
    elif not shown.lines:
        blocks.append(section(_nothing(writer, shown)))
    for line in shown.lines:
        subject = SubjectRef(SubjectKind.LEDGER_LINE, str(line.id))
        accessory = dispute_button(writer, subject) if shown.is_own else None
        blocks.append(section(*_line(writer, shown, line), button=accessory))
    blocks += sections(_still_to_be_taken(writer, shown))
    if shown.terms:
        blocks += [divider(), *sections([_term(writer, term) for term in shown.terms])]
    if shown.lines:
        ref = CardRef(shown.person_id, shown.period)
        blocks.append(actions(button(writer.language.text("As a file"), PAY_FILE, str(ref))))
    blocks.append(context(_standing(writer, shown)))
    return blocks


def in_plain_words(language: Language, shown: Statement) -> Iterator[str]:
    """Each line's arithmetic, for a file: nothing in it is formatting."""
    for line in shown.lines:
        yield " ".join(
            language.text(one.sentence, **{name: _plainly(language, it) for name, it in one.values.items()})
            for one in why(line, shown.period)
        )


def _plainly(language: Language, value: object) -> object:
    match value:
        case Decimal():
            return language.number(value, EXACT)
        case Label():
            return language.label(value.name)
    return value


def _title(writer: Writer, shown: Statement) -> Mrkdwn:
    if shown.is_own:
        return bold(writer.text("Your pay of {period}", period=shown.period))
    return bold(
        writer.text(
            "{person} ({employee_id}), pay of {period}",
            person=shown.name,
            employee_id=shown.employee_id,
            period=shown.period,
        )
    )


def _totals(writer: Writer, shown: Statement) -> list[Mrkdwn]:
    return [
        writer.text("Total: *{amount}*", amount=money(writer, amount, currency))
        for currency, amount in shown.totals
    ]


def _nothing(writer: Writer, shown: Statement) -> Mrkdwn:
    if not shown.is_accrued:
        return writer.text("This month is being computed: look again in a minute.")
    return writer.text("Nothing was earned this month.")


def _line(writer: Writer, shown: Statement, line: PayLine) -> list[Mrkdwn]:
    state = _state(writer, shown.disputes, line)
    return [*line_in_words(writer, line, shown.period), *([state] if state else [])]


def _state(writer: Writer, disputes: Mapping[int, str], line: PayLine) -> Mrkdwn | None:
    """How a dispute about the line stands."""
    match disputes.get(line.id):
        case DisputeState.OPEN:
            return writer.text("Disputed: an answer is due.")
        case DisputeState.ANSWERED:
            return writer.text("Disputed and answered.")
    return None


def _still_to_be_taken(writer: Writer, shown: Statement) -> list[Mrkdwn]:
    return [
        writer.text(
            "Still to be taken back for {period}: {amount}, out of pay that is not yet earned and no more.",
            period=earned,
            amount=money(writer, amount, currency),
        )
        for earned, amount, currency in shown.carried
    ]


def _term(writer: Writer, term: TermView) -> Mrkdwn:
    values = {
        "day": writer.language.date(term.from_day),
        "value": writer.language.number(term.value, EXACT),
        "rate": writer.language.percent(term.value, EXACT),
        "reason": term.because,
    }
    match term.kind:
        case TermKind.RATE:
            return writer.text("Personal rate {rate} from {day}. Reason: {reason}", **values)
        case TermKind.BASE:
            return writer.text("Personal base {value} from {day}. Reason: {reason}", **values)
    return writer.text("Fixed wage {value} from {day}. Reason: {reason}", **values)


def _standing(writer: Writer, shown: Statement) -> Mrkdwn:
    if shown.is_paid:
        return writer.text("Handed over to payroll: what comes to light later goes into a later month.")
    return writer.text("Not handed over to payroll yet.")


def on_its_way(writer: Writer, period: Period) -> Block:
    told = writer.text("The statement of {period} comes as a direct message in a moment.", period=period)
    return modal(writer, writer.language.text("Pay"), [section(told)])
