"""Disputes: what somebody objects to, who answers, and what is put right."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.disputes.correcting import Change, correct_record, tell_given
from domain.disputes.judging import ladder_of, may_judge
from domain.disputes.model import Dispute, DisputedRecord, SubjectKind
from domain.disputes.moves import keep_move, today_of
from domain.disputes.open_disputes import is_waiting_for_hr
from domain.disputes.rules import DisputeState, Move, after
from domain.disputes.subjects import Subject, records_behind, require_exists
from domain.errors import N_, BadField, BadInput, NotAllowed, NotFound
from domain.judges.rules import DAYS_TO_ANSWER, due_on, next_judge
from domain.metrics.model import RecordCorrection
from domain.people import service as people
from domain.working_days import working_days_of

POLICY = "days_to_answer_disputes"
"""In [policies] of company.toml: working days."""
LONGEST_NOTE = 2000
MOST_RECORDS = 50


def open_dispute(
    session: Session,
    clock: Clock,
    viewer: Viewer,
    subject: Subject,
    record_ids: Collection[int],
    reason: str,
    evidence: str = "",
) -> Dispute:
    """The owner objects, perhaps pointing at records (ids of measure records); it goes to the one above.

    Raises NotAllowed, NotFound, or BadInput where it is disputed already.
    """
    if viewer.person_id != subject.owner_id:
        raise NotAllowed("Only the person whose card it is may dispute it.")
    require_exists(session, clock, subject)
    require_text(reason, "note")
    _require_length(evidence, "evidence")
    _require_records(session, clock, subject, record_ids)
    if open_dispute_of(session, subject) is not None:
        raise BadInput("You dispute this already, and it is not answered yet: you see it on your Home tab.")
    day = today_of(session, clock)
    ladder = ladder_of(session, subject.owner_id, subject.kind, day)
    dispute = Dispute(
        owner_id=subject.owner_id,
        subject=subject.kind,
        period=subject.period.key,
        name=subject.name,
        state=DisputeState.OPEN,
        judge_id=ladder[0] if ladder else None,
        due_on=_due(session, day),
        opened_at=clock.now(),
    )
    session.add(dispute)
    session.flush()
    session.add_all(DisputedRecord(dispute_id=dispute.id, record_id=one) for one in set(record_ids))
    keep_move(session, clock, viewer.person_id, dispute, Move.DISPUTE, reason, evidence=evidence)
    return dispute


def explain(session: Session, clock: Clock, viewer: Viewer, dispute_id: int, note: str) -> Dispute:
    """The judge says why it is right as it stands. Raises NotAllowed or BadInput."""
    dispute = moving(session, dispute_id, Move.EXPLAIN)
    _require_judge(session, clock, viewer, dispute)
    require_text(note, "note")
    return _moved(session, clock, viewer.person_id, dispute, Move.EXPLAIN, note)


def correct(
    session: Session,
    clock: Clock,
    viewer: Viewer,
    dispute_id: int,
    record_id: int,
    change: Change,
    note: str,
    *,
    answers: bool = True,
) -> Dispute:
    """The judge puts a record right; `answers`: that is the answer, nothing else is to follow.

    Raises NotAllowed, or BadInput where the record or the change cannot be.
    """
    move = Move.CORRECT if answers else Move.CORRECT_PART
    one_at_a_time(session, "loads")  # before the dispute, as a restatement does
    dispute = moving(session, dispute_id, move)
    _require_judge(session, clock, viewer, dispute)
    require_text(note, "note")
    if dispute.subject != SubjectKind.CARD_LINE:
        raise BadInput(
            "Only records of a card can be corrected here: explain, and put it right in its place."
        )
    subject = Subject.of(dispute)
    correction = correct_record(session, clock, viewer, subject, record_id, change)
    _moved(session, clock, viewer.person_id, dispute, move, note, correction)
    tell_given(session, clock, subject, change, correction)
    return dispute


def pass_up(
    session: Session, clock: Clock, viewer: Viewer | None, dispute_id: int, note: str | None = None
) -> Dispute:
    """The judge leaves it to the next above; without a viewer: nobody answered in time.

    Raises NotAllowed, or BadInput where it lies with HR already.
    """
    dispute = moving(session, dispute_id, Move.ESCALATE)
    if viewer is not None:
        _require_judge(session, clock, viewer, dispute)
    if dispute.judge_id is None:
        raise BadInput("This dispute lies with HR: there is nobody above to pass it to.")
    ladder = ladder_of(session, dispute.owner_id, SubjectKind(dispute.subject), today_of(session, clock))
    dispute.judge_id = next_judge(ladder, dispute.judge_id)
    return _moved(session, clock, viewer.person_id if viewer else None, dispute, Move.ESCALATE, note)


def withdraw(session: Session, clock: Clock, viewer: Viewer, dispute_id: int) -> Dispute:
    """The owner takes it back. Raises NotAllowed or BadInput."""
    dispute = moving(session, dispute_id, Move.WITHDRAW)
    if viewer.person_id != dispute.owner_id:
        raise NotAllowed("Only the person whose dispute it is may withdraw it.")
    return _moved(session, clock, viewer.person_id, dispute, Move.WITHDRAW)


def open_dispute_of(session: Session, subject: Subject) -> Dispute | None:
    return session.scalar(
        sa.select(Dispute).where(
            Dispute.owner_id == subject.owner_id,
            Dispute.subject == subject.kind,
            Dispute.period == subject.period.key,
            Dispute.name == subject.name,
            Dispute.closed_at.is_(None),
        )
    )


def read_dispute(session: Session, dispute_id: int, *, for_update: bool = False) -> Dispute:
    found = session.get(Dispute, dispute_id, with_for_update=for_update, populate_existing=True)
    if found is None:
        raise NotFound("This dispute is not known.")
    return found


def require_text(text: str, field: str) -> None:
    """Raises BadField for a reason that is blank or too long."""
    if not text.strip():
        raise BadField(field, N_("Give a reason: the other side reads it."))
    _require_length(text, field)


def _require_length(text: str, field: str) -> None:
    if len(text) > LONGEST_NOTE:
        raise BadField(field, N_("This is too long: {most} characters at most."), most=LONGEST_NOTE)


def _require_records(session: Session, clock: Clock, subject: Subject, record_ids: Collection[int]) -> None:
    if len(record_ids) > MOST_RECORDS:
        raise BadField("records", N_("Choose {most} records at most."), most=MOST_RECORDS)
    behind = {record.id for record in records_behind(session, clock, subject)} if record_ids else set()
    if set(record_ids) - behind:
        raise BadField("records", N_("One of these records has changed meanwhile: choose again."))


def moving(
    session: Session, dispute_id: int, move: Move, refused: str = N_("This dispute is closed already.")
) -> Dispute:
    """The dispute, held for this transaction. Raises BadInput where it takes no such move as it stands."""
    dispute = read_dispute(session, dispute_id, for_update=True)
    if after(DisputeState(dispute.state), move) is None:
        raise BadInput(refused)
    return dispute


def _require_judge(session: Session, clock: Clock, viewer: Viewer, dispute: Dispute) -> None:
    if not may_judge(session, viewer, dispute, today_of(session, clock)):
        raise NotAllowed("This dispute is for somebody else to answer.")


def _moved(
    session: Session,
    clock: Clock,
    by_id: int | None,
    dispute: Dispute,
    move: Move,
    note: str | None = None,
    correction: RecordCorrection | None = None,
) -> Dispute:
    before = DisputeState(dispute.state)
    to = after(before, move)
    if to is None:
        raise ValueError(f"{move} is no move from {before}")
    dispute.state = to
    if to is not DisputeState.OPEN:
        dispute.closed_at = clock.now()
    elif move is Move.ESCALATE:
        dispute.due_on = _due(session, today_of(session, clock))
    keep_move(session, clock, by_id, dispute, move, note, correction=correction)
    if dispute.closed_at is not None and is_waiting_for_hr(session, dispute):
        dispute.due_on = _due(session, today_of(session, clock))
    return dispute


def _due(session: Session, day: date) -> date:
    company = people.company(session)
    return due_on(working_days_of(company.calendar), day, company.policies.get(POLICY, DAYS_TO_ANSWER))
