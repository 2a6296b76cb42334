"""Disputes as the read side returns them, to draw."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.disputes.model import SubjectKind
from domain.disputes.rules import DisputeState, Move
from domain.disputes.subjects import Disputed, EntryView, PayView, Subject
from domain.disputes.views import CorrectionView, DisputeView, MoveView, OpenDispute, RecordView
from domain.incentives.rules_pay import Part
from domain.incentives.statements import PayLine
from domain.recognition.file import AwardView
from domain.recognition.model import AwardKind
from tests.bot.builders import JUNE, sales_line

A_DEDUCTION = PayLine(
    id=12,
    earned=JUNE,
    kind="accrual",
    part=Part.DEDUCTION,
    name="violations",
    amount=Decimal("-300.50"),
    currency="CNY",
    rate=None,
    facts={},
)


def a_record(number: int = 7, **changes: Any) -> RecordView:
    record = RecordView(
        number, "crm", f"r{number}", "won_amount", date(2026, 6, 2), Decimal(500), f"customer {number}"
    )
    return replace(record, **changes)


def a_dispute(**changes: Any) -> DisputeView:
    """Ada disputes her sales of June and points at one record; its reader may do all there is."""
    dispute = DisputeView(
        id=4,
        subject=Subject(SubjectKind.CARD_LINE, 7, JUNE, "sales"),
        owner_name="Ada Okafor",
        state=DisputeState.OPEN,
        about=Disputed(line=sales_line()),
        pointed_at=(a_record(),),
        behind=2,
        moves=(
            MoveView(
                Move.DISPUTE, "Ada Okafor", "It was larger.", "https://crm.example.com/7\nSee there.", None
            ),
            MoveView(Move.ESCALATE, None, None, None, None),
            MoveView(Move.ESCALATE, "Maria", None, None, None),
        ),
        due_on=date(2026, 7, 14),
        judge_name="Boris",
        may=frozenset({Move.EXPLAIN, Move.CORRECT, Move.ESCALATE, Move.WITHDRAW}),
        employee_id="E7",
    )
    return replace(dispute, **changes)


def an_answer(**changes: Any) -> DisputeView:
    """Three records were put right, each in its way, then it was explained."""
    moves = (
        *a_dispute().moves,
        MoveView(Move.CORRECT_PART, "Boris", "Seen.", None, CorrectionView(a_record(), Decimal(700), None)),
        MoveView(Move.CORRECT_PART, "Boris", None, None, CorrectionView(a_record(8), Decimal(500), "Ben")),
        MoveView(Move.CORRECT, "Boris", None, None, CorrectionView(a_record(9), None, None)),
        MoveView(Move.EXPLAIN, "Boris", "So it is.", None, None),
        MoveView(Move.WITHDRAW, "Ada Okafor", None, None, None),
    )
    answered = a_dispute(state=DisputeState.ANSWERED, moves=moves, judge_name=None, may=frozenset())
    return replace(answered, **changes)


def a_lost_line(**changes: Any) -> DisputeView:
    """Its card has no such line any more."""
    return a_dispute(about=Disputed(), behind=0, **changes)


def for_hr(**changes: Any) -> DisputeView:
    """As `an_answer`, of a locked card: HR has left one, and is to restate another or to leave it."""
    moves = (
        *an_answer().moves,
        MoveView(Move.RESTATE, None, None, None, None),
        MoveView(Move.RESTATE, "Helen", None, None, None),
        MoveView(Move.KEEP, "Helen", "It is booked in July.", None, None),
    )
    return an_answer(moves=moves, may=frozenset({Move.RESTATE, Move.KEEP}), **changes)


def an_entry(**changes: Any) -> DisputeView:
    """Ada disputes a sanction."""
    entry = EntryView("A warning", date(2026, 6, 3), "Came late.")
    given = {"about": Disputed(entry=entry), "pointed_at": (), "behind": 0, **changes}
    return a_dispute(subject=Subject(SubjectKind.FILE_ENTRY, 7, JUNE, "5"), **given)


def an_awarded_one(**changes: Any) -> DisputeView:
    """Ada disputes what she was awarded."""
    entry = EntryView("best", date(2026, 6, 30), "", AwardView(AwardKind.BEST, "sales", "East", JUNE))
    return an_entry(about=Disputed(entry=entry), **changes)


def a_pay_line(**changes: Any) -> DisputeView:
    """Ada disputes a part of her pay."""
    return a_dispute(
        subject=Subject(SubjectKind.LEDGER_LINE, 7, JUNE, "12"),
        about=Disputed(pay=PayView(A_DEDUCTION, JUNE)),
        pointed_at=(),
        behind=0,
        **changes,
    )


def an_open_one(number: int = 4, **changes: Any) -> OpenDispute:
    one = OpenDispute(number, 7, f"Person {number}", SubjectKind.CARD_LINE, JUNE, "sales", date(2026, 7, 14))
    return replace(one, **changes)
