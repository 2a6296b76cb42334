"""What buttons carry: an action's name, and the ids to read everything else again when it is pressed."""

from dataclasses import dataclass

from bot.blocks.primitives import Block, Writer, button
from domain.errors import N_, BadInput
from domain.periods import Period

WHY = "card.why"
HISTORY = "card.history"


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
            raise BadInput(N_("This button is out of date: type /myscore for a new one.")) from None


def card_buttons(writer: Writer, card: CardRef) -> list[Block]:
    return [
        button(writer.language.text("Why?"), WHY, str(card)),
        button(writer.language.text("History"), HISTORY, str(card)),
    ]
