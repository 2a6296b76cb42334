"""Agreeing on targets: the owner confirms or appeals, who is above revises, upholds or passes it up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Viewer
from domain.arrivals import Arrival
from domain.clock import Clock, today
from domain.errors import N_, BadField, BadInput, NotAllowed, NotFound
from domain.judges.ladder import above_person, above_unit
from domain.judges.rules import DAYS_TO_ANSWER, due_on, next_judge
from domain.people import service as people
from domain.people.model import Person, Role, Unit
from domain.periods import Period, PeriodKind
from domain.scoring.rules_exact import exact_sum, quotient
from domain.scoring.rules_inputs import TargetAmount
from domain.scoring.rules_targets import blended
from domain.targets import posts
from domain.targets.amounts import store_amounts
from domain.targets.board import Board, board
from domain.targets.model import Target, TargetAgreement, TargetMove, TargetRound
from domain.targets.monthly import monthly_targets
from domain.targets.rules_agreement import OPEN, Move, TargetState, after
from domain.targets.rules_history import to_step
from domain.targets.rules_tree import Owner
from domain.working_days import working_days_of

MONTHS_SHOWN = 6
LONGEST_NOTE = 1000
POLICY = "days_to_answer_targets"
"""In [policies] of company.toml: working days."""


@dataclass(frozen=True)
class PastMonth:
    month: Period
    actual: Decimal


@dataclass(frozen=True)
class AgreementView:
    """What the owner and the judge see: the same figures."""

    id: int
    state: TargetState
    owner: Owner
    owner_name: str
    indicator: str
    span: str
    amount: Decimal
    by_month: tuple[tuple[Period, Decimal], ...]
    past: tuple[PastMonth, ...]
    """The last six months that are reported in full, oldest first."""
    mean: Decimal | None
    """Of these months; to the round's step."""
    wanted: Decimal | None
    moves: tuple["MoveView", ...]
    due_on: date
    judge_name: str | None
    may: frozenset[Move]
    """What the viewer may do now."""


@dataclass(frozen=True)
class MoveView:
    move: Move
    by_name: str | None
    amount: Decimal | None
    note: str | None


def ask_owners(session: Session, clock: Clock, shown: Board) -> list[TargetAgreement]:
    """Ask everybody who has an amount in a published round to agree; those who agreed to the same are not.

    What was asked before about another amount of the same indicator and span ends. Nobody is asked for a
    unit that nobody leads.
    """
    day = _today(session, clock)
    earlier = _standing(session, shown.round)
    asked = []
    for owner, amount in sorted(shown.tree.amounts.items()):
        before = earlier.get(owner)
        if before is not None and before.amount == amount and before.state != TargetState.APPEALED:
            continue
        if before is not None:
            before.ended_at = clock.now()
        asked_id = _asked(session, owner)
        if asked_id is not None:
            asked.append(_new(shown.round, owner, asked_id, amount, _due(session, day)))
    session.add_all(asked)
    session.flush()
    posts.tell_asked(session, clock, asked)
    return asked


def view(session: Session, clock: Clock, viewer: Viewer, agreement_id: int) -> AgreementView:
    """For the owner, and for whoever leads or looks after the owner. Raises NotAllowed, NotFound."""
    agreement = _read(session, agreement_id)
    _require_sight(session, clock, viewer, agreement)
    return _view(session, clock, viewer, agreement)


def own_agreements(session: Session, viewer: Viewer) -> list[int]:
    """Ids of what the viewer was asked to agree to and has not ended, the newest first."""
    return list(
        session.scalars(
            sa.select(TargetAgreement.id)
            .where(TargetAgreement.asked_id == viewer.person_id, TargetAgreement.ended_at.is_(None))
            .order_by(TargetAgreement.id.desc())
        )
    )


def appeals_to_judge(session: Session, clock: Clock, viewer: Viewer) -> list[int]:
    """Ids of the appeals that wait for the viewer, the oldest first."""
    waiting = session.scalars(
        sa.select(TargetAgreement)
        .where(TargetAgreement.state == TargetState.APPEALED, TargetAgreement.ended_at.is_(None))
        .order_by(TargetAgreement.id)
    )
    return [one.id for one in waiting if _may_judge(session, clock, viewer, one)]


def confirm(session: Session, clock: Clock, viewer: Viewer, agreement_id: int) -> TargetAgreement:
    """The owner agrees. Raises NotAllowed, or BadInput where it is too late for that."""
    agreement = _moving(session, agreement_id, Move.CONFIRM)
    _require_owner(viewer, agreement)
    return _moved(session, clock, viewer.person_id, agreement, Move.CONFIRM)


def appeal(
    session: Session, clock: Clock, viewer: Viewer, agreement_id: int, wanted: Decimal, reason: str
) -> TargetAgreement:
    """The owner asks for another amount; it goes to the one above. Raises NotAllowed or BadInput."""
    agreement = _moving(session, agreement_id, Move.APPEAL)
    _require_owner(viewer, agreement)
    _require_amount(session, agreement, wanted)
    _require_note(reason)
    if wanted == agreement.amount:
        raise BadField("amount", N_("That is the amount that stands already: propose another, or confirm."))
    ladder = ladder_of(session, agreement, _today(session, clock))
    agreement.wanted, agreement.judge_id = wanted, ladder[0] if ladder else None
    return _moved(session, clock, viewer.person_id, agreement, Move.APPEAL, wanted, reason)


def revise(
    session: Session, clock: Clock, viewer: Viewer, agreement_id: int, amount: Decimal, note: str
) -> TargetAgreement:
    """The judge settles on another amount: it is the target from then on. Raises NotAllowed or BadInput."""
    arrival = Arrival(session, clock, "targets", viewer.employee_id)
    agreement = _moving(session, agreement_id, Move.REVISE)
    _require_judge(session, clock, viewer, agreement)
    _require_amount(session, agreement, amount)
    _require_note(note)
    if amount == agreement.amount:
        raise BadField("amount", N_("That is the amount that stands already: to keep it, uphold it."))
    agreement.amount = amount
    moved = _moved(session, clock, viewer.person_id, agreement, Move.REVISE, amount, note)
    _store(session, clock, arrival, agreement)
    return moved


def uphold(session: Session, clock: Clock, viewer: Viewer, agreement_id: int, note: str) -> TargetAgreement:
    """The judge keeps the amount, and says why. Raises NotAllowed or BadInput."""
    agreement = _moving(session, agreement_id, Move.UPHOLD)
    _require_judge(session, clock, viewer, agreement)
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
        _require_judge(session, clock, viewer, agreement)
    if agreement.judge_id is None:
        raise BadInput("This appeal lies with HR: there is nobody above to pass it to.")
    day = _today(session, clock)
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
) -> TargetAgreement:
    """Note the move, who made it, and what stood then."""
    before = TargetState(agreement.state)
    to = after(before, move)
    if to is None:
        raise ValueError(f"{move} is no move from {before}")
    agreement.state = to
    agreement.due_on = _due(session, _today(session, clock))
    made = TargetMove(
        agreement_id=agreement.id, move=move, by_id=by_id, at=clock.now(), amount=amount, note=note
    )
    session.add(made)
    session.flush()
    actor = session.get_one(Person, by_id).employee_id if by_id else "system"
    subject = f"target_agreement:{agreement.id}"
    detail = {"from": before, "to": to, "amount": str(agreement.amount), "asked": agreement.asked_id}
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
    agreement = _read(session, agreement_id, for_update=True)
    if agreement.ended_at is not None:
        raise BadInput("This target has been replaced by a newer one: look at /targets.")
    if after(TargetState(agreement.state), move) is None:
        raise BadInput("This target has been answered already: look at /targets for how it stands.")
    return agreement


def _read(session: Session, agreement_id: int, *, for_update: bool = False) -> TargetAgreement:
    found = session.get(TargetAgreement, agreement_id, with_for_update=for_update, populate_existing=True)
    if found is None:
        raise NotFound("This target is not known any more: look at /targets.")
    return found


def _require_owner(viewer: Viewer, agreement: TargetAgreement) -> None:
    if viewer.person_id != agreement.asked_id:
        raise NotAllowed("Only the person whose target it is may answer.")


def _require_judge(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> None:
    if not _may_judge(session, clock, viewer, agreement):
        raise NotAllowed("This appeal is for somebody else to answer.")


def _may_judge(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> bool:
    """The judge named, while in office, else HR that looks after the owner; never who appeals."""
    if viewer.person_id == agreement.asked_id or not viewer.employed:
        return False
    if agreement.judge_id is not None:
        return viewer.person_id == agreement.judge_id
    day = _today(session, clock)
    return viewer.role is Role.HR and _oversees(session, viewer, agreement, day)


def _require_sight(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> None:
    if viewer.person_id in (agreement.asked_id, agreement.judge_id):
        return
    if not _oversees(session, viewer, agreement, _today(session, clock)):
        raise NotAllowed("You may not see this target: ask the person, their manager or HR.")


def _oversees(session: Session, viewer: Viewer, agreement: TargetAgreement, day: date) -> bool:
    month = Period.containing(PeriodKind.MONTH, day)
    if agreement.person_id is not None:
        return access.may_see_card(session, viewer, agreement.person_id, month)
    return agreement.unit_id in access.overseen_units(session, viewer, month)


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


def ladder_of(session: Session, agreement: TargetAgreement, day: date) -> tuple[int, ...]:
    """Who is above the owner, nearest first, in office."""
    if agreement.unit_id is not None:
        return above_unit(session, agreement.asked_id, agreement.unit_id, day)
    return above_person(session, agreement.asked_id, day)


def _asked(session: Session, owner: Owner) -> int | None:
    return session.get_one(Unit, owner.id).manager_id if owner.is_unit else owner.id


def _new(round_: TargetRound, owner: Owner, asked_id: int, amount: Decimal, due: date) -> TargetAgreement:
    return TargetAgreement(
        round_id=round_.id,
        unit_id=owner.id if owner.is_unit else None,
        person_id=None if owner.is_unit else owner.id,
        asked_id=asked_id,
        amount=amount,
        state=TargetState.PROPOSED,
        due_on=due,
    )


def _standing(session: Session, round_: TargetRound) -> dict[Owner, TargetAgreement]:
    """What owners have been asked for the same indicator and span, and has not ended."""
    rows = session.scalars(
        sa.select(TargetAgreement)
        .join(TargetRound, TargetRound.id == TargetAgreement.round_id)
        .where(
            TargetRound.indicator == round_.indicator,
            TargetRound.span == round_.span,
            TargetAgreement.ended_at.is_(None),
        )
    )
    return {_owner(row): row for row in rows}


def _owner(agreement: TargetAgreement) -> Owner:
    if agreement.unit_id is not None:
        return Owner.unit(agreement.unit_id)
    return Owner.person(agreement.person_id or 0)


def _store(session: Session, clock: Clock, arrival: Arrival, agreement: TargetAgreement) -> None:
    """The owner's months anew; those above keep theirs, and the difference shows in the tree."""
    round_ = session.get_one(TargetRound, agreement.round_id)
    shown = board(session, clock, round_)
    owner = _owner(agreement)
    revised = monthly_targets(session, shown.with_only(owner, agreement.amount), TargetState.REVISED)
    store_amounts(arrival, revised)


def _view(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> AgreementView:
    round_ = session.get_one(TargetRound, agreement.round_id)
    shown = board(session, clock, round_)
    owner = _owner(agreement)
    past = tuple(_past(shown, owner))[-MONTHS_SHOWN:]
    moves = session.scalars(
        sa.select(TargetMove).where(TargetMove.agreement_id == agreement.id).order_by(TargetMove.id)
    ).all()
    names = _names(session, [agreement.judge_id, *(move.by_id for move in moves)])
    return AgreementView(
        id=agreement.id,
        state=TargetState(agreement.state),
        owner=owner,
        owner_name=shown.names[owner],
        indicator=round_.indicator,
        span=round_.span,
        amount=agreement.amount,
        by_month=_by_month(session, shown, owner),
        past=past,
        mean=_mean(past, round_.step),
        wanted=agreement.wanted,
        moves=tuple(MoveView(Move(m.move), names.get(m.by_id), m.amount, m.note) for m in moves),
        due_on=agreement.due_on,
        judge_name=names.get(agreement.judge_id),
        may=_may(session, clock, viewer, agreement),
    )


def _may(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> frozenset[Move]:
    if agreement.ended_at is not None or agreement.state not in OPEN:
        return frozenset()
    if agreement.state == TargetState.PROPOSED:
        own = viewer.person_id == agreement.asked_id
        return frozenset({Move.CONFIRM, Move.APPEAL}) if own else frozenset()
    if not _may_judge(session, clock, viewer, agreement):
        return frozenset()
    moves = {Move.REVISE, Move.UPHOLD}
    return frozenset(moves | {Move.ESCALATE}) if agreement.judge_id is not None else frozenset(moves)


def _past(shown: Board, owner: Owner) -> Iterable[PastMonth]:
    """Of a person, or of all those below a unit together."""
    totals: dict[Period, Decimal] = {}
    for one in shown.tree.walk_from(owner):
        for done in shown.history.get(one.id, ()) if not one.is_unit else ():
            totals[done.month] = totals.get(done.month, Decimal(0)) + done.actual
    return (PastMonth(month, totals[month]) for month in sorted(totals))


def _by_month(session: Session, shown: Board, owner: Owner) -> tuple[tuple[Period, Decimal], ...]:
    """The months as they are in force."""
    rows = session.scalars(
        sa.select(Target).where(
            Target.unit_id == owner.id if owner.is_unit else Target.person_id == owner.id,
            Target.indicator == shown.round.indicator,
            Target.period.in_([month.key for month in shown.span.months]),
            Target.ended_in.is_(None),
        )
    )
    found: dict[Period, list[TargetAmount]] = defaultdict(list)
    for row in rows:
        month = Period.parse(row.period)
        found[month].append(TargetAmount(month, row.amount, row.from_day))
    return tuple((month, blended(month, found[month])) for month in sorted(found))


def _mean(past: Sequence[PastMonth], step: Decimal) -> Decimal | None:
    if not past:
        return None
    whole = exact_sum(one.actual for one in past)
    return to_step(quotient(whole, Decimal(len(past))), step)


def _names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {one for one in ids if one is not None}
    return {one.id: one.name for one in session.scalars(sa.select(Person).where(Person.id.in_(wanted)))}


def _due(session: Session, day: date) -> date:
    company = people.company(session)
    return due_on(working_days_of(company.calendar), day, company.policies.get(POLICY, DAYS_TO_ANSWER))


def _today(session: Session, clock: Clock) -> date:
    return today(clock, people.company(session).time_zone)
