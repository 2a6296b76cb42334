"""Targets between people: to draw, and asked for in the company's database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from domain.access import CommandLine
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.services import Services
from domain.targets.agreement import AgreementView, MoveView, PastMonth
from domain.targets.board import board
from domain.targets.model import How, TargetAgreement
from domain.targets.rounds import open_round, publish, split
from domain.targets.rules_agreement import Move, TargetState
from domain.targets.rules_span import Span
from domain.targets.rules_tree import Owner


def a_target(**changes: Any) -> AgreementView:
    """80 000 asked of Ada for the third quarter, where six months had a mean of 70 000."""
    quarter = [Period.month(2026, number) for number in (7, 8, 9)]
    asked = AgreementView(
        id=7,
        state=TargetState.PROPOSED,
        owner=Owner.person(7),
        owner_name="Ada Okafor",
        indicator="sales",
        span="2026-Q3",
        amount=Decimal(240_000),
        by_month=tuple((month, Decimal(80_000)) for month in quarter),
        past=tuple(
            PastMonth(Period.month(2026, number), Decimal(1000 * won))
            for number, won in enumerate((60, 70, 65, 75, 70, 80), start=1)
        ),
        mean=Decimal(70_000),
        wanted=None,
        moves=(),
        due_on=date(2026, 7, 14),
        judge_name=None,
        may=frozenset({Move.CONFIRM, Move.APPEAL}),
    )
    return replace(asked, **changes)


def an_appeal(**changes: Any) -> AgreementView:
    """Ada proposes 210 000; it was passed up once, and waits for somebody who may do all there is."""
    appealed = a_target(
        state=TargetState.APPEALED,
        wanted=Decimal(210_000),
        moves=(
            MoveView(Move.APPEAL, "Ada Okafor", Decimal(210_000), "The mean is lower."),
            MoveView(Move.ESCALATE, None, None, None),
            MoveView(Move.ESCALATE, "Maria", None, None),
        ),
        may=frozenset({Move.REVISE, Move.UPHOLD, Move.ESCALATE}),
    )
    return replace(appealed, **changes)


def ask_for_august(services: Services) -> None:
    """8000 for August: 1000 for each rep, who have been asked."""
    root, clock = CommandLine("cli:root"), services.clock
    with services.database.writing() as session:
        opened = open_round(session, clock, root, "sales", Span.parse("2026-08"), Decimal(8000))
        shown = board(session, clock, opened)
        for unit in [owner for owner in shown.tree.walk() if owner.is_unit]:
            split(session, clock, root, opened, unit.id, How.HEADCOUNT)
        publish(session, clock, root, opened)


def agreement_of(services: Services, employee_id: str) -> int:
    with services.database.reading() as session:
        person = person_by_employee_id(session, employee_id)
        asked = sa.select(TargetAgreement.id).where(TargetAgreement.person_id == person.id)
        return session.scalars(asked).one()
