"""A move of a dispute: kept, sealed, and told to those concerned."""

from datetime import date

from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock, today
from domain.disputes import posts
from domain.disputes.judging import judges_of
from domain.disputes.model import Dispute, DisputeMove, SubjectKind
from domain.disputes.open_disputes import is_waiting_for_hr
from domain.disputes.posts import News
from domain.disputes.rules import ENDS, Move
from domain.jobs import add_job
from domain.judges.ladder import hr_of_person
from domain.metrics.model import RecordCorrection
from domain.people import service as people
from domain.people.model import Person

ALERTS_JOB = "alerts_in_dispute"
"""Follows the beginning and the end of a dispute about a card: the person's alerts are held, or go on.

Args: `person_id`.
"""


def today_of(session: Session, clock: Clock) -> date:
    return today(clock, people.company(session).time_zone)


def keep_move(
    session: Session,
    clock: Clock,
    by_id: int | None,
    dispute: Dispute,
    move: Move,
    note: str | None,
    *,
    evidence: str = "",
    correction: RecordCorrection | None = None,
) -> None:
    """Keep the move, seal it, and tell those concerned."""
    made = DisputeMove(
        dispute_id=dispute.id,
        move=move,
        by_id=by_id,
        at=clock.now(),
        note=note,
        evidence=evidence or None,
        correction_id=correction.id if correction else None,
    )
    session.add(made)
    session.flush()
    actor = session.get_one(Person, by_id).employee_id if by_id else "system"
    detail = {
        "owner": dispute.owner_id,
        "subject": f"{dispute.subject}:{dispute.period}:{dispute.name}",
        "state": dispute.state,
        "judge": dispute.judge_id,
        "correction": made.correction_id,
    }
    audit.record(session, clock, actor, f"disputes.{move}", f"dispute:{dispute.id}", detail)
    _tell(session, clock, dispute, move, f"move:{made.id}")
    if dispute.subject == SubjectKind.CARD_LINE and (move is Move.DISPUTE or dispute.closed_at is not None):
        args = {"person_id": dispute.owner_id}
        add_job(session, clock, ALERTS_JOB, f"dispute:{dispute.id}:{made.id}", args)


def _tell(session: Session, clock: Clock, dispute: Dispute, move: Move, what: str) -> None:
    posts.renew(session, clock, dispute, what)
    judges = judges_of(session, dispute, today_of(session, clock))
    match move:
        case Move.DISPUTE:
            posts.tell(session, clock, dispute, judges, News.OPENED, what)
        case Move.ESCALATE:
            posts.tell(session, clock, dispute, judges, News.OPENED, what)
            posts.tell(session, clock, dispute, [dispute.owner_id], News.PASSED_UP, what)
        case Move.EXPLAIN | Move.CORRECT:
            posts.tell(session, clock, dispute, [dispute.owner_id], News.ANSWERED, what)
        case Move.WITHDRAW:
            posts.tell(session, clock, dispute, judges, News.WITHDRAWN, what)
        case Move.KEEP:
            posts.tell(session, clock, dispute, [dispute.owner_id], News.KEPT, what)
    if move in ENDS and is_waiting_for_hr(session, dispute):
        hr = hr_of_person(session, dispute.owner_id, today_of(session, clock))
        posts.tell(session, clock, dispute, hr, News.CORRECTED, f"{what}:card")
