"""A target that is being agreed, as its owner and who judges see it: with the same figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.people.model import Person
from domain.periods import Period
from domain.scoring.rules_exact import exact_sum, quotient
from domain.targets.agreement_rights import may_judge, owner_of, read_agreement, require_sight
from domain.targets.board import Board, board_of_owner, months_in_force
from domain.targets.looking_back import reached_with
from domain.targets.model import TargetAgreement, TargetMove, TargetRound
from domain.targets.rules_agreement import OPEN, Move, TargetState
from domain.targets.rules_history import Attainability, to_step
from domain.targets.rules_span import Span
from domain.targets.rules_tree import Owner

MONTHS_SHOWN = 6


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
    reached: Attainability | None
    """Of the amount that stands, over the last year."""
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
    from_day: date | None = None
    """Of a revision that holds from then on only."""


def view(session: Session, clock: Clock, viewer: Viewer, agreement_id: int) -> AgreementView:
    """For the owner, and for whoever leads or looks after the owner. Raises NotAllowed, NotFound."""
    agreement = read_agreement(session, agreement_id)
    require_sight(session, clock, viewer, agreement)
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


def own_spans(session: Session, viewer: Viewer) -> list[tuple[int, Span]]:
    """As `own_agreements`, each with what it is about."""
    asked = own_agreements(session, viewer)
    about = session.execute(
        sa.select(TargetAgreement.id, TargetRound.span)
        .join(TargetRound, TargetRound.id == TargetAgreement.round_id)
        .where(TargetAgreement.id.in_(asked))
        .order_by(TargetAgreement.id.desc())
    )
    return [(one, Span.parse(span)) for one, span in about]


def appeals_to_judge(session: Session, clock: Clock, viewer: Viewer) -> list[int]:
    """Ids of the appeals that wait for the viewer, the oldest first."""
    waiting = session.scalars(
        sa.select(TargetAgreement)
        .where(TargetAgreement.state == TargetState.APPEALED, TargetAgreement.ended_at.is_(None))
        .order_by(TargetAgreement.id)
    )
    return [one.id for one in waiting if may_judge(session, clock, viewer, one)]


def _view(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> AgreementView:
    round_ = session.get_one(TargetRound, agreement.round_id)
    owner = owner_of(agreement)
    shown = board_of_owner(session, clock, round_, owner, agreement.amount)
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
        reached=reached_with(shown, owner, agreement.amount),
        wanted=agreement.wanted,
        moves=tuple(MoveView(Move(m.move), names.get(m.by_id), m.amount, m.note, m.from_day) for m in moves),
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
    if not may_judge(session, clock, viewer, agreement):
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
    found = months_in_force(session, shown.round.indicator, shown.span.months, owner)
    return tuple(found.get(owner, {}).items())


def _mean(past: Sequence[PastMonth], step: Decimal) -> Decimal | None:
    if not past:
        return None
    whole = exact_sum(one.actual for one in past)
    return to_step(quotient(whole, Decimal(len(past))), step)


def _names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {one for one in ids if one is not None}
    return {one.id: one.name for one in session.scalars(sa.select(Person).where(Person.id.in_(wanted)))}
