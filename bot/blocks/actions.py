"""What buttons carry: an action's name, and the ids to read everything else again when it is pressed."""

from dataclasses import dataclass

from bot.blocks.primitives import Block, Writer, button
from domain.errors import BadInput
from domain.periods import Period

WHY = "card.why"
HISTORY = "card.history"
LINES_CHART = "card.lines_chart"
RANKING_CHART = "unit.ranking_chart"
DISTRIBUTION_CHART = "unit.distribution_chart"


@dataclass(frozen=True)
class CardRef:
    """Names a card. It proves nothing: whoever presses the button is asked for the right to see the card."""

    person_id: int
    period: Period

    def __str__(self) -> str:
        return f"{self.person_id}|{self.period.key}"

    @classmethod
    def parse(cls, value: str) -> "CardRef":
        person_id, _, period = value.partition("|")
        try:
            return cls(int(person_id), Period.parse(period))
        except ValueError:
            raise out_of_date() from None


@dataclass(frozen=True)
class UnitRef:
    """Names a unit's period; as powerless as a CardRef."""

    unit_path: str
    period: Period

    def __str__(self) -> str:
        return f"{self.period.key}|{self.unit_path}"

    @classmethod
    def parse(cls, value: str) -> "UnitRef":
        period, _, unit_path = value.partition("|")
        try:
            return cls(unit_path, Period.parse(period))
        except ValueError:
            raise out_of_date() from None


def card_buttons(writer: Writer, card: CardRef) -> list[Block]:
    return [
        button(writer.language.text("Why?"), WHY, str(card)),
        button(writer.language.text("History"), HISTORY, str(card)),
        button(writer.language.text("Chart"), LINES_CHART, str(card)),
    ]


def out_of_date() -> BadInput:
    return BadInput("This button is out of date: type the command again for a new one.")
