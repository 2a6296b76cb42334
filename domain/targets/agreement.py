"""Agreeing on targets: the owner confirms or appeals, who is above revises, upholds or passes it up."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from domain import audit
from domain.access import Viewer
from domain.arrivals import Arrival
from domain.clock import Clock
from domain.errors import N_, BadField, BadInput
from domain.judges.rules import next_judge
from domain.people.model import Person
from domain.targets import posts
from domain.targets.agreement_rights import (
    company_today,
    ladder_of,
    read_agreement,
    require_judge,
    require_owner,
)
from domain.targets.asking import answer_due_on
from domain.targets.model import TargetAgreement, TargetMove, TargetRound
from domain.targets.revising import require_day, store_revision
from domain.targets.rules_agreement import Move, TargetState, after
from domain.targets.rules_span import Span

LONGEST_NOTE = 1000


def confirm(session: Session, clock: Clock, viewer: Viewer, agreement_id: int) -> TargetAgreement:
    """The owner agrees. Raises NotAllowed, or BadInput where it is too late for that."""
    agreement = _moving(session, agreement_id, Move.CONFIRM)
    require_owner(viewer, agreement)
    return _moved(session, clock, viewer.person_id, agreement, Move.CONFIRM)


def appeal(
    session: Session, clock: Clock, viewer: Viewer, agreement_id: int, wanted: Decimal, reason: str
) -> TargetAgreement:
    """The owner asks for another amount; it goes to the one above. Raises NotAllowed or BadInput."""
    agreement = _moving(session, agreement_id, Move.APPEAL)
    require_owner(viewer, agreement)
    _require_amount(session, agreement, wanted)
    _require_note(reason)
    if wanted == agreement.amount:
        raise BadField("amount", N_("That is the amount that stands already: propose another, or confirm."))
    ladder = ladder_of(session, agreement, company_today(session, clock))
    agreement.wanted, agreement.judge_id = wanted, ladder[0] if ladder else None
    return _moved(session, clock, viewer.person_id, agreement, Move.APPEAL, wanted, reason)


def revise(
    session: Session,
    clock: Clock,
    viewer: Viewer,
    agreement_id: int,
    amount: Decimal,
    note: str,
    from_day: date | None = None,
) -> TargetAgreement:
    """The judge settles on another amount, for the whole span or from a day of it on.

    Where months have been locked since the owner was asked, HR hears that it may restate their cards. Raises
    NotAllowed or BadInput.
    """
    arrival = Arrival(session, clock, "targets", viewer.employee_id)
    agreement = _moving(session, agreement_id, Move.REVISE)
    require_judge(session, clock, viewer, agreement)
    _require_amount(session, agreement, amount)
    _require_note(note)
    if amount == agreement.amount:
        raise BadField("amount", N_("That is the amount that stands already: to keep it, uphold it."))
    require_day(Span.parse(session.get_one(TargetRound, agreement.round_id).span), from_day)
    agreement.amount = amount
    moved = _moved(session, clock, viewer.person_id, agreement, Move.REVISE, amount, note, from_day)
    locked = store_revision(session, clock, arrival, agreement, from_day)
    if locked and agreement.person_id is not None:
        posts.offer_restating(session, clock, agreement, locked)
    return moved


def uphold(session: Session, clock: Clock, viewer: Viewer, agreement_id: int, note: str) -> TargetAgreement:
    """The judge keeps the amount, and says why. Raises NotAllowed or BadInput."""
    agreement = _moving(session, agreement_id, Move.UPHOLD)
    require_judge(session, clock, viewer, agreement)
    _require_note(note)
    return _moved(session, clock, viewer.person_id, agreement, Move.UPHOLD, agreement.amount, note)


def pass_up(
    session: Session, clock: Clock, viewer: Viewer | None, agreement_id: int, note: str | None = None
) -> TargetAgreement:
    """The judge leaves it to the next above; without a viewer: nobody answered in time.

    Raises NotAllowed, or BadInput where it lies with HR already: there is nobody above.
    """
    agreement = _moving(session, agreement_id, Move.ESCALATE)
    if viewer is not None:
        require_judge(session, clock, viewer, agreement)
    if agreement.judge_id is None:
        raise BadInput("This appeal lies with HR: there is nobody above to pass it to.")
    day = company_today(session, clock)
    agreement.judge_id = next_judge(ladder_of(session, agreement, day), agreement.judge_id)
    by = viewer.person_id if viewer else None
    return _moved(session, clock, by, agreement, Move.ESCALATE, None, note)


def _moved(
    session: Session,
    clock: Clock,
    by_id: int | None,
    agreement: TargetAgreement,
    move: Move,
    amount: Decimal | None = None,
    note: str | None = None,
    from_day: date | None = None,
) -> TargetAgreement:
    """Note the move, who made it, and what stood then."""
    before = TargetState(agreement.state)
    to = after(before, move)
    if to is None:
        raise ValueError(f"{move} is no move from {before}")
    agreement.state = to
    agreement.due_on = answer_due_on(session, company_today(session, clock))
    made = TargetMove(
        agreement_id=agreement.id,
        move=move,
        by_id=by_id,
        at=clock.now(),
        amount=amount,
        note=note,
        from_day=from_day,
    )
    session.add(made)
    session.flush()
    actor = session.get_one(Person, by_id).employee_id if by_id else "system"
    subject = f"target_agreement:{agreement.id}"
    detail = {"from": before, "to": to, "amount": str(agreement.amount), "asked": agreement.asked_id}
    if from_day is not None:
        detail["from_day"] = from_day.isoformat()
    audit.record(session, clock, actor, f"targets.{move}", subject, detail)
    _tell(session, clock, agreement, move, made.id)
    return agreement


def _tell(session: Session, clock: Clock, agreement: TargetAgreement, move: Move, move_id: int) -> None:
    posts.renew(session, clock, agreement, str(move_id))
    if move in (Move.APPEAL, Move.ESCALATE):
        posts.tell_judges(session, clock, agreement, move_id)
    elif move in (Move.REVISE, Move.UPHOLD):
        posts.tell_settled(session, clock, agreement, move_id)


def _moving(session: Session, agreement_id: int, move: Move) -> TargetAgreement:
    """The agreement, held for this transaction. Raises BadInput where the move comes too late."""
    agreement = read_agreement(session, agreement_id, for_update=True)
    if agreement.ended_at is not None:
        raise BadInput("This target has been replaced by a newer one: look at /targets.")
    if after(TargetState(agreement.state), move) is None:
        raise BadInput("This target has been answered already: look at /targets for how it stands.")
    return agreement


def _require_amount(session: Session, agreement: TargetAgreement, amount: Decimal) -> None:
    step = session.get_one(TargetRound, agreement.round_id).step
    if amount < 0 or amount % step:
        raise BadField(
            "amount",
            N_("{amount} cannot be a target here: it is 0 or more, in steps of {step}."),
            amount=amount,
            step=step,
        )


def _require_note(note: str) -> None:
    if not note.strip():
        raise BadField("note", N_("Give a reason: the other side reads it."))
    if len(note) > LONGEST_NOTE:
        raise BadField("note", N_("The reason is too long: {most} characters at most."), most=LONGEST_NOTE)
