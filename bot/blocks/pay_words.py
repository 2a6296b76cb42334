"""A line of pay in words: what it is called, what it comes to, and what it was computed from."""

from decimal import Decimal

from babel.numbers import format_currency

from bot.blocks.primitives import Mrkdwn, Writer, bold, join, mrkdwn
from domain.incentives.statements import PayLine
from domain.incentives.wording import Label, Said, name_of_part, why
from domain.periods import Period

EXACT = 6
"""Rates and amounts in words; what is longer is in the file."""


def line_in_words(writer: Writer, line: PayLine, booked: Period) -> list[Mrkdwn]:
    """`booked`: the month whose statement it stands on."""
    name = writer.text(name_of_part(line))
    if line.name and not line.name.isdigit():
        name = join([name, writer.label(line.name)], " ")
    if line.earned != booked:
        name = writer.text("{name}, for {period}", name=name, period=line.earned)
    head = join([bold(name), mrkdwn(money(writer, line.amount, line.currency))], " ")
    words = [said(writer, one) for one in why(line, booked)]
    return [head, *([join(words, " ")] if words else [])]


def money(writer: Writer, amount: Decimal, currency: str) -> str:
    """With the currency's own digits: CN¥1,234.50."""
    return str(format_currency(amount, currency, locale=writer.language.locale))


def said(writer: Writer, sentence: Said) -> Mrkdwn:
    """A sentence about a line, in the reader's language."""
    return writer.text(
        sentence.sentence, **{name: _shown(writer, one) for name, one in sentence.values.items()}
    )


def _shown(writer: Writer, value: object) -> object:
    match value:
        case Decimal():
            return writer.language.number(value, EXACT)
        case Label():
            return writer.label(value.name)
        case list():
            return writer.listed([_as_text(writer, one) for one in value])
    return value


def _as_text(writer: Writer, value: object) -> str:
    return writer.label(value.name) if isinstance(value, Label) else str(value)
