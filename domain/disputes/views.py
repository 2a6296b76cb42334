"""What the owner and the judge of a dispute see: the same, with the records."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.disputes.judging import may_decide, may_judge, require_sight
from domain.disputes.model import Dispute, DisputedRecord, DisputeMove, SubjectKind
from domain.disputes.moves import today_of
from domain.disputes.open_disputes import is_waiting_for_hr, waits_for_hr
from domain.disputes.rules import CORRECTIONS, OF_HR, DisputeState, Move, moves_of_judge
from domain.disputes.service import read_dispute
from domain.disputes.subjects import Disputed, Subject, disputed, records_behind
from domain.errors import NotFound
from domain.metrics.model import MeasureRecord, RecordCorrection
from domain.people.model import Person, Role
from domain.periods import Period
from domain.scoring.views import CardView, ScoreView


@dataclass(frozen=True)
class RecordView:
    """A measure record; `id` is its row's."""

    id: int
    source: str
    record_id: str
    measure: str
    occurred_on: date
    value: Decimal
    customer_id: str | None

    @classmethod
    def of(cls, row: MeasureRecord) -> "RecordView":
        return cls(
            row.id, row.source, row.record_id, row.measure, row.occurred_on, row.value, row.customer_id
        )


@dataclass(frozen=True)
class CorrectionView:
    before: RecordView
    new_value: Decimal | None
    """None: the record is withdrawn."""
    given_to: str | None
    """The name of the person whose record it is now, where that is another one."""


@dataclass(frozen=True)
class MoveView:
    move: Move
    by_name: str | None
    note: str | None
    evidence: str | None
    correction: CorrectionView | None


@dataclass(frozen=True)
class DisputeView:
    id: int
    subject: Subject
    owner_name: str
    state: DisputeState
    about: Disputed
    pointed_at: tuple[RecordView, ...]
    """The records that the owner named, as they were then."""
    behind: int
    """How many records the line counts now."""
    moves: tuple[MoveView, ...]
    due_on: date
    judge_name: str | None
    """None: HR."""
    may: frozenset[Move]
    """What the viewer may do now."""
    employee_id: str = ""
    """The owner's."""


@dataclass(frozen=True)
class OpenDispute:
    """In a list, or as a mark on a card."""

    id: int
    owner_id: int
    owner_name: str
    kind: SubjectKind
    period: Period
    name: str
    due_on: date
    judge_name: str | None = None
    """None: HR."""
    is_answered: bool = False
    """HR is to restate the locked card, or to leave it."""


def view(session: Session, clock: Clock, viewer: Viewer, dispute_id: int) -> DisputeView:
    """Raises NotAllowed or NotFound."""
    dispute, day = read_dispute(session, dispute_id), today_of(session, clock)
    require_sight(session, viewer, dispute, day)
    subject = Subject.of(dispute)
    moves = session.scalars(
        sa.select(DisputeMove).where(DisputeMove.dispute_id == dispute.id).order_by(DisputeMove.id)
    ).all()
    names = _names(session, [dispute.owner_id, dispute.judge_id, *(made.by_id for made in moves)])
    corrections = _corrections(session, [made.correction_id for made in moves])
    about = disputed(session, clock, subject)
    return DisputeView(
        id=dispute.id,
        subject=subject,
        owner_name=names[dispute.owner_id],
        state=DisputeState(dispute.state),
        about=about,
        pointed_at=_pointed_at(session, dispute),
        behind=len(records_behind(session, clock, subject)),
        moves=tuple(
            MoveView(
                Move(made.move),
                names.get(made.by_id),
                made.note,
                made.evidence,
                corrections.get(made.correction_id),
            )
            for made in moves
        ),
        due_on=dispute.due_on,
        judge_name=names.get(dispute.judge_id),
        may=_may(session, viewer, dispute, day) - (CORRECTIONS if about == Disputed() else set()),
        employee_id=session.get_one(Person, dispute.owner_id).employee_id,
    )


def records(
    session: Session, clock: Clock, viewer: Viewer, dispute_id: int
) -> tuple[DisputeView, list[RecordView]]:
    """All records that the disputed line counts now, those that were pointed at first.

    Raises NotAllowed or NotFound.
    """
    seen = view(session, clock, viewer, dispute_id)
    pointed_at = {(one.source, one.record_id) for one in seen.pointed_at}
    behind = [RecordView.of(row) for row in records_behind(session, clock, seen.subject)]
    return seen, sorted(behind, key=lambda one: (one.source, one.record_id) not in pointed_at)


def own_open(session: Session, viewer: Viewer) -> list[OpenDispute]:
    """What the viewer disputes and is not answered yet, the newest first."""
    mine = sa.select(Dispute).where(Dispute.owner_id == viewer.person_id, Dispute.closed_at.is_(None))
    return in_short(session, session.scalars(mine.order_by(Dispute.id.desc())).all())


def everybodys_open(session: Session) -> list[OpenDispute]:
    """For the command line, the most urgent first."""
    open_ones = sa.select(Dispute).where(Dispute.closed_at.is_(None)).order_by(Dispute.due_on, Dispute.id)
    return in_short(session, session.scalars(open_ones).all())


def newest_of(session: Session, subject: Subject) -> int:
    """The id of the owner's last dispute of it, whatever became of it. Raises NotFound."""
    found = session.scalar(
        sa.select(Dispute.id)
        .where(
            Dispute.owner_id == subject.owner_id,
            Dispute.subject == subject.kind,
            Dispute.period == subject.period.key,
            Dispute.name == subject.name,
        )
        .order_by(Dispute.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound("This dispute is not known.")
    return found


def disputes_to_answer(session: Session, clock: Clock, viewer: Viewer) -> list[OpenDispute]:
    """What waits for the viewer, the most urgent first; for HR also the cards that it may restate."""
    day = today_of(session, clock)
    is_open, mine = Dispute.closed_at.is_(None), Dispute.judge_id == viewer.person_id
    asked = sa.and_(is_open, mine)
    if viewer.role is Role.HR:
        of_hr = sa.and_(is_open, Dispute.judge_id.is_(None))
        asked = sa.or_(asked, of_hr, sa.and_(~is_open, waits_for_hr()))
    waiting = session.scalars(sa.select(Dispute).where(asked).order_by(Dispute.due_on, Dispute.id)).all()
    return in_short(session, [one for one in waiting if _may(session, viewer, one, day) - {Move.WITHDRAW}])


def open_of_card(session: Session, owner_id: int, period: Period) -> dict[str, OpenDispute]:
    """The open disputes about a card, by the line's name."""
    rows = session.scalars(
        sa.select(Dispute).where(
            Dispute.owner_id == owner_id,
            Dispute.period == period.key,
            Dispute.subject == SubjectKind.CARD_LINE,
            Dispute.closed_at.is_(None),
        )
    ).all()
    return {one.name: one for one in in_short(session, rows)}


_DUE = sa.select(*Dispute.__table__.c["period", "name", "due_on"]).where(
    Dispute.owner_id == sa.bindparam("owner_id"),
    Dispute.subject == SubjectKind.CARD_LINE.value,
    Dispute.closed_at.is_(None),
)
"""Put together once: /myscore asks it each time."""


def with_marks(session: Session, card: CardView) -> CardView:
    """The card with the due days of the answers to its disputed lines; for its owner alone."""
    return _marked(card, _due_days(session, card))


def marked(session: Session, view: ScoreView) -> ScoreView:
    """As `with_marks`, of both cards."""
    due = _due_days(session, view.card)
    closed = None if view.last_closed is None else _marked(view.last_closed, due)
    return ScoreView(_marked(view.card, due), closed)


def _due_days(session: Session, card: CardView) -> dict[tuple[str, str], date]:
    """By period and line, of all that the card's owner disputes, where that is the viewer."""
    if not card.is_own:
        return {}
    rows = session.execute(_DUE, {"owner_id": card.person.id})
    return {(period, name): due_on for period, name, due_on in rows}


def _marked(card: CardView, due: Mapping[tuple[str, str], date]) -> CardView:
    days = {line.name: due.get((card.period.key, line.name)) for line in card.lines} if due else {}
    found = {name: day for name, day in days.items() if day is not None}
    return replace(card, disputed=found) if found else card


def in_short(session: Session, disputes: Collection[Dispute]) -> list[OpenDispute]:
    names = _names(session, [person_id for one in disputes for person_id in (one.owner_id, one.judge_id)])
    return [
        OpenDispute(
            one.id,
            one.owner_id,
            names[one.owner_id],
            SubjectKind(one.subject),
            Period.parse(one.period),
            one.name,
            one.due_on,
            names.get(one.judge_id),
            one.closed_at is not None,
        )
        for one in disputes
    ]


def _may(session: Session, viewer: Viewer, dispute: Dispute, day: date) -> frozenset[Move]:
    if dispute.closed_at is not None:
        decides = may_decide(session, viewer, dispute, day) and is_waiting_for_hr(session, dispute)
        return OF_HR if decides else frozenset()
    if viewer.person_id == dispute.owner_id:
        return frozenset({Move.WITHDRAW})
    if not may_judge(session, viewer, dispute, day):
        return frozenset()
    return moves_of_judge(
        has_records=dispute.subject == SubjectKind.CARD_LINE, is_hr_last=dispute.judge_id is None
    )


def _pointed_at(session: Session, dispute: Dispute) -> tuple[RecordView, ...]:
    rows = session.scalars(
        sa.select(MeasureRecord)
        .join(DisputedRecord, DisputedRecord.record_id == MeasureRecord.id)
        .where(DisputedRecord.dispute_id == dispute.id)
        .order_by(MeasureRecord.occurred_on, MeasureRecord.id)
    )
    return tuple(RecordView.of(row) for row in rows)


def _corrections(session: Session, ids: Iterable[int | None]) -> dict[int | None, CorrectionView]:
    found = session.scalars(
        sa.select(RecordCorrection).where(RecordCorrection.id.in_([one for one in ids if one is not None]))
    ).all()
    row_ids = {row_id for one in found for row_id in (one.before_id, one.after_id) if row_id is not None}
    rows = {
        row.id: row for row in session.scalars(sa.select(MeasureRecord).where(MeasureRecord.id.in_(row_ids)))
    }
    names = _names(session, [row.person_id for row in rows.values()])
    seen: dict[int | None, CorrectionView] = {}
    for one in found:
        before, after = rows[one.before_id], rows.get(one.after_id or 0)
        moved = after is not None and after.person_id != before.person_id
        seen[one.id] = CorrectionView(
            RecordView.of(before),
            None if after is None else after.value,
            names[after.person_id] if after is not None and moved else None,
        )
    return seen


def _names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {one for one in ids if one is not None}
    return {one.id: one.name for one in session.scalars(sa.select(Person).where(Person.id.in_(wanted)))}
