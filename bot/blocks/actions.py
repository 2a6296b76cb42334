"""What buttons carry: an action's name, and the ids to read everything else again when it is pressed."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.blocks.primitives import Block, Writer, button
from domain.disputes.model import SubjectKind
from domain.errors import BadInput
from domain.periods import Period
from domain.scoring.what_if import Ending
from domain.watch.model import AlertState

WHY = "card.why"
HISTORY = "card.history"
LINES_CHART = "card.lines_chart"
WHAT_IF = "card.what_if"
WHAT_IF_AGAIN = "card.what_if_again"
TRY_OWN = "card.try_own"
SHARE = "card.share"
WITHDRAW = "card.withdraw"
ENDING_CHOICE = "what_if.ending"
TIER_CHOICE = "what_if.tier"
RANKING_CHART = "unit.ranking_chart"
DISTRIBUTION_CHART = "unit.distribution_chart"
RANKING_PAGE = "ranking.page"
OPEN_CARD = "card.open"
TEAM_OPEN = "team.open"
TEAM_UNIT = "team.unit"
TEAM_EARLIER = "team.earlier"
TEAM_LATER = "team.later"
TEAM_PEOPLE = "team.people"
TEAM_PEOPLE_PAGE = "team.people_page"
TEAM_RISKS = "team.risks"
TEAM_RISKS_PAGE = "team.risks_page"
TEAM_CHARTS = "team.charts"
ALERTS_PAGE = "alerts.page"

DELIVERY_NOTE = "delivery_note"
"""The block above a message that says why it came here: of the message's place, whatever comes into it."""

_NUMBER = re.compile(r"[0-9]{1,18}")
_GROWTH = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,4})?")


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
        return cls(_number(person_id), _period(period))


@dataclass(frozen=True)
class WhatIfRef:
    """Names a question about a card; as powerless as a CardRef."""

    card: CardRef
    ending: Ending
    tier_level: int

    def __str__(self) -> str:
        return f"{self.tier_level}|{self.ending}|{self.card}"

    @classmethod
    def parse(cls, value: str) -> "WhatIfRef":
        level, _, rest = value.partition("|")
        ending, _, card = rest.partition("|")
        if ending not in set(Ending):
            raise out_of_date()
        return cls(CardRef.parse(card), Ending(ending), _number(level))


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
        return cls(unit_path, _period(period))


@dataclass(frozen=True)
class TeamRef:
    """Names a team's period, by the unit's id (0: the viewer's own reports); as powerless as a CardRef.

    Without a period it is the one that /team shows by itself.
    """

    unit_id: int
    period: Period | None

    def __str__(self) -> str:
        return f"{self.unit_id}|{self.period.key if self.period else ''}"

    @classmethod
    def parse(cls, value: str) -> "TeamRef":
        unit_id, bar, period = value.partition("|")
        if not bar:
            raise out_of_date()
        return cls(_number(unit_id), _period(period) if period else None)


@dataclass(frozen=True)
class TargetRef:
    """Names what somebody is asked to agree to; as powerless as a CardRef."""

    agreement_id: int

    def __str__(self) -> str:
        return str(self.agreement_id)

    @classmethod
    def parse(cls, value: str) -> "TargetRef":
        return cls(_number(value))


@dataclass(frozen=True)
class RoundRef:
    """Names a unit of a round of targets (0: the topmost one that the viewer splits); as powerless."""

    round_id: int
    unit_id: int

    def __str__(self) -> str:
        return f"{self.round_id}|{self.unit_id}"

    @classmethod
    def parse(cls, value: str) -> "RoundRef":
        round_id, _, unit_id = value.partition("|")
        return cls(_number(round_id), _number(unit_id))


@dataclass(frozen=True)
class ProposalRef:
    """Names a proposal for a unit of a round of targets: as powerless."""

    round_id: int
    unit_id: int
    growth: Decimal
    months: int

    def __str__(self) -> str:
        return f"{self.round_id}|{self.unit_id}|{self.growth:f}|{self.months}"

    @classmethod
    def parse(cls, value: str) -> "ProposalRef":
        round_id, unit_id, growth, months = [*value.split("|"), "", "", ""][:4]
        if not _GROWTH.fullmatch(growth):
            raise out_of_date()
        return cls(_number(round_id), _number(unit_id), Decimal(growth), _number(months))


@dataclass(frozen=True)
class DisputeRef:
    """Names a dispute; as powerless as a CardRef."""

    dispute_id: int

    def __str__(self) -> str:
        return str(self.dispute_id)

    @classmethod
    def parse(cls, value: str) -> "DisputeRef":
        return cls(_number(value))


@dataclass(frozen=True)
class FileRef:
    """Names a person, whose file it is, or an entry of one; as powerless as a CardRef."""

    id: int

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def parse(cls, value: str) -> "FileRef":
        return cls(_number(value))


@dataclass(frozen=True)
class SubjectRef:
    """Names what whoever presses it may dispute, if it is theirs: a line of a card, of pay, of the file."""

    kind: SubjectKind
    name: str
    """What stands for the card line's name (`short_key`); an id."""
    period: Period | None = None
    """The card's."""

    def __str__(self) -> str:
        return f"{self.kind}|{self.period.key if self.period else ''}|{self.name}"

    @classmethod
    def parse(cls, value: str) -> "SubjectRef":
        kind, _, rest = value.partition("|")
        period, _, name = rest.partition("|")
        if kind not in set(SubjectKind) or not name:
            raise out_of_date()
        if kind == SubjectKind.CARD_LINE:
            return cls(SubjectKind.CARD_LINE, name, _period(period))
        return cls(SubjectKind(kind), str(_number(name)))


@dataclass(frozen=True)
class AlertsRef:
    """Names a unit's alerts of a month in one state; as powerless as a CardRef."""

    unit_path: str
    month: Period
    state: AlertState

    def __str__(self) -> str:
        return f"{self.month.key}|{self.state}|{self.unit_path}"

    @classmethod
    def parse(cls, value: str) -> "AlertsRef":
        month, _, rest = value.partition("|")
        state, _, unit_path = rest.partition("|")
        if state not in set(AlertState):
            raise out_of_date()
        return cls(unit_path, _period(month), AlertState(state))


def period_of(value: str) -> Period:
    """Of a button that names a period alone. Raises BadInput."""
    return _period(value)


def card_buttons(writer: Writer, card: CardRef) -> list[Block]:
    return [
        button(writer.language.text("Why?"), WHY, str(card)),
        button(writer.language.text("What if?"), WHAT_IF, str(card)),
        button(writer.language.text("History"), HISTORY, str(card)),
        button(writer.language.text("Chart"), LINES_CHART, str(card)),
    ]


def share_button(writer: Writer, card: CardRef) -> Block:
    """For the card's owner."""
    return button(writer.language.text("Share"), SHARE, str(card))


def out_of_date() -> BadInput:
    return BadInput("This button is out of date: type the command again for a new one.")


def id_of(chosen: str | None) -> int | None:
    """What an option of a list carries; None for what is no id of ours."""
    return int(chosen) if chosen is not None and _NUMBER.fullmatch(chosen) else None


def _number(digits: str) -> int:
    if not _NUMBER.fullmatch(digits):
        raise out_of_date()
    return int(digits)


def _period(key: str) -> Period:
    try:
        return Period.parse(key)
    except ValueError:
        raise out_of_date() from None
