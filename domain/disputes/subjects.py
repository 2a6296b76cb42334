"""What can be disputed, and what stands behind it: a card line with its records, a pay line, an entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.disputes.model import Dispute, SubjectKind
from domain.errors import NotAllowed, NotFound
from domain.incentives.model import LedgerLine
from domain.incentives.statements import PayLine, pay_line
from domain.metrics.model import MeasureRecord
from domain.people.model import Person
from domain.periods import Period, PeriodKind
from domain.plain import amount_in
from domain.plans.model import PlanVersion
from domain.plans.service import parsed
from domain.recognition.file import AwardView, award_of
from domain.recognition.model import FileEntry
from domain.scoring import views
from domain.scoring.published import current_card
from domain.scoring.rules_cards import LineKind
from domain.scoring.views import CardView, LineView
from domain.viewers import viewer_of

JUDGED_BY_HR = frozenset({SubjectKind.LEDGER_LINE, SubjectKind.FILE_ENTRY})
"""Pay and the file are HR's to answer for; lines of a card are the manager's first."""


@dataclass(frozen=True)
class Subject:
    """One thing that one person can dispute."""

    kind: SubjectKind
    owner_id: int
    period: Period
    name: str
    """The card line's name; the ledger line's or the entry's id."""

    @classmethod
    def of(cls, dispute: Dispute) -> "Subject":
        return cls(SubjectKind(dispute.subject), dispute.owner_id, Period.parse(dispute.period), dispute.name)


@dataclass(frozen=True)
class PayView:
    """A line of the money ledger, and the month that it was booked in."""

    line: PayLine
    booked: Period


@dataclass(frozen=True)
class EntryView:
    """An entry of the person's file."""

    title: str
    on_day: date
    reason: str
    award: AwardView | None = None
    """What an automatic one is about, in place of title and reason."""


@dataclass(frozen=True)
class Disputed:
    """The subject as it stands now: one of the three, or none where the card or its line is gone."""

    line: LineView | None = None
    pay: PayView | None = None
    entry: EntryView | None = None


def card_line(owner_id: int, period: Period, name: str) -> Subject:
    return Subject(SubjectKind.CARD_LINE, owner_id, period, name)


def ledger_line(session: Session, owner_id: int, line_id: int) -> Subject:
    """Raises NotFound where the person has no such line."""
    found = session.get(LedgerLine, line_id)
    if found is None or found.person_id != owner_id:
        raise NotFound("This line of your statement is not there.")
    return Subject(SubjectKind.LEDGER_LINE, owner_id, Period.parse(found.earned), str(line_id))


def file_entry(session: Session, owner_id: int, entry_id: int) -> Subject:
    """Raises NotFound where the person's file has no such entry."""
    found = session.get(FileEntry, entry_id)
    if found is None or found.person_id != owner_id:
        raise NotFound("This entry is not in your file.")
    month = Period.containing(PeriodKind.MONTH, found.on_day)
    return Subject(SubjectKind.FILE_ENTRY, owner_id, month, str(entry_id))


def disputed(session: Session, clock: Clock, subject: Subject) -> Disputed:
    """As its owner sees it; whoever may see the dispute may see this."""
    match subject.kind:
        case SubjectKind.CARD_LINE:
            return Disputed(line=_line_if_there(session, clock, subject))
        case SubjectKind.LEDGER_LINE:
            pay = session.get_one(LedgerLine, int(subject.name))
            return Disputed(pay=PayView(pay_line(pay), Period.parse(pay.booked)))
        case SubjectKind.FILE_ENTRY:
            entry = session.get_one(FileEntry, int(subject.name))
            award = award_of(session, entry)
            return Disputed(entry=EntryView(entry.title, entry.on_day, entry.reason, award))


def card_of(session: Session, clock: Clock, subject: Subject) -> CardView:
    """Raises NotFound."""
    owner = viewer_of(session, clock, session.get_one(Person, subject.owner_id))
    return views.my_score(session, owner, clock, subject.period).card


def lines_to_dispute(card: CardView) -> list[LineView]:
    """All but the floor, which is arithmetic alone."""
    return [line for line in card.lines if line.kind != LineKind.FLOOR]


def require_exists(session: Session, clock: Clock, subject: Subject) -> None:
    """Raises NotFound, or NotAllowed for a line that is arithmetic alone."""
    if subject.kind is not SubjectKind.CARD_LINE:
        return
    if _line_of(card_of(session, clock, subject), subject.name).kind == LineKind.FLOOR:
        raise NotAllowed("The floor follows from the other lines: dispute the one that you find wrong.")


def records_behind(session: Session, clock: Clock, subject: Subject) -> Sequence[MeasureRecord]:
    """The owner's records that the line rests on, as they are now, the newest first; none but of a card's.

    Those before the period too, where the line looks back.
    """
    if subject.kind is not SubjectKind.CARD_LINE:
        return []
    line = _line_if_there(session, clock, subject)
    if line is None:
        return []
    measures, first = _rests_on(session, subject, line)
    return session.scalars(
        sa.select(MeasureRecord)
        .where(
            MeasureRecord.person_id == subject.owner_id,
            MeasureRecord.measure.in_(measures),
            MeasureRecord.occurred_on >= first,
            MeasureRecord.occurred_on < subject.period.end,
            MeasureRecord.ended_in.is_(None),
        )
        .order_by(MeasureRecord.occurred_on.desc(), MeasureRecord.id.desc())
    ).all()


def _rests_on(session: Session, subject: Subject, line: LineView) -> tuple[Sequence[str], date]:
    """The measures whose records the line rests on, and the first day that matters to it."""
    card = current_card(session, subject.owner_id, subject.period)
    if card is not None and line.kind == LineKind.INDICATOR:
        plan = parsed(session.get_one(PlanVersion, card.plan_version_id))
        for indicator in plan.indicators:
            if indicator.name == line.name:
                return indicator.measures, indicator.looks_back_from(subject.period)
    return line.detail["measures"], subject.period.start


class Record(Protocol):
    """What a search looks at."""

    @property
    def record_id(self) -> str: ...
    @property
    def customer_id(self) -> str | None: ...
    @property
    def occurred_on(self) -> date: ...
    @property
    def value(self) -> Decimal: ...


def is_about(record: Record, words: str) -> bool:
    """Whether a record answers a search: by its id, its customer, its day, or its value, however written."""
    value = amount_in(words)
    if value is not None and record.value == value:
        return True
    said = (record.record_id, record.customer_id or "", record.occurred_on.isoformat())
    return any(words in one.casefold() for one in said)


def _line_if_there(session: Session, clock: Clock, subject: Subject) -> LineView | None:
    """None where the newest card has it no more, or there is no card any more."""
    try:
        return _line_of(card_of(session, clock, subject), subject.name)
    except NotFound:
        return None


def _line_of(card: CardView, name: str) -> LineView:
    found = next((line for line in card.lines if line.name == name), None)
    if found is None:
        raise NotFound("This card has no line {line}.", line=name)
    return found
