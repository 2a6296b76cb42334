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
from domain.targets.agreement_views import AgreementView, MoveView, PastMonth
from domain.targets.board import board
from domain.targets.in_force import OwnTarget, OwnTargets, UnitTargets
from domain.targets.model import How, Target, TargetAgreement
from domain.targets.proposing import Proposal, ProposedAmount, Terms
from domain.targets.round_views import PartView, RoundView
from domain.targets.rounds import open_round, publish, round_of, split
from domain.targets.rules_agreement import Move, TargetState
from domain.targets.rules_history import Attainability
from domain.targets.rules_proposal import Basis, Proposed
from domain.targets.rules_span import Span
from domain.targets.rules_tree import Owner

ROOT = CommandLine("cli:root")


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
        reached=Attainability(1, 6),
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


def begun(services: Services) -> int:
    """A round of 8000 for August, nothing of it split; its id."""
    with services.database.writing() as session:
        span = Span.parse("2026-08")
        return open_round(session, services.clock, ROOT, "sales", span, Decimal(8000)).id


def ask_for_august(services: Services) -> None:
    """8000 for August: 1000 for each rep, who have been asked."""
    begun(services)
    root, clock = ROOT, services.clock
    with services.database.writing() as session:
        opened = round_of(session, "sales", Span.parse("2026-08"))
        shown = board(session, clock, opened)
        for unit in [owner for owner in shown.tree.walk() if owner.is_unit]:
            split(session, clock, root, opened, unit.id, How.HEADCOUNT)
        publish(session, clock, root, opened)


def agreement_of(services: Services, employee_id: str) -> int:
    with services.database.reading() as session:
        person = person_by_employee_id(session, employee_id)
        asked = sa.select(TargetAgreement.id).where(TargetAgreement.person_id == person.id)
        return session.scalars(asked).one()


def target_of(services: Services, employee_id: str) -> Decimal:
    """For August, as it is in force."""
    with services.database.reading() as session:
        person = person_by_employee_id(session, employee_id)
        in_force = sa.select(Target.amount).where(
            Target.person_id == person.id, Target.period == "2026-08", Target.ended_in.is_(None)
        )
        return session.scalars(in_force).one()


def a_round(**changes: Any) -> RoundView:
    """Of Acme: 9000 for the third quarter; East has 6000, West nothing yet, one person 900."""
    parts = (
        PartView(Owner.unit(2), "East", "Acme/East", Decimal(6000), Decimal(500), None, None),
        PartView(Owner.unit(3), "West", "Acme/West", None, None, None, None),
        PartView(Owner.person(7), "Ada Okafor", "E7", Decimal(900), None, Decimal(850), Attainability(7, 12)),
    )
    shown = RoundView(
        round_id=4,
        indicator="sales",
        span="2026-Q3",
        step=Decimal(1),
        unit=Owner.unit(1),
        unit_name="Acme",
        amount=Decimal(9000),
        rest=Decimal(2100),
        parts=parts,
        units=((1, "Acme"), (2, "Acme/East")),
        sets_the_whole=True,
        unbalanced=(("Acme", Decimal(2100)), ("Acme/East", Decimal(-500))),
        without_amount=3,
    )
    return replace(shown, **changes)


def a_proposal(**changes: Any) -> Proposal:
    """For a_round's Acme, 5 % above six months: East, with Ada, who has her own, and Ben, who is new."""
    own = Proposed(Decimal(2840), Decimal(2840), Decimal(900), Basis.OWN)
    new = Proposed(Decimal(2840), Decimal("1420.50"), Decimal(900), Basis.UNIT)
    both = Proposed(Decimal(5680), Decimal("4260.50"), None, Basis.UNIT)
    rows = (
        ProposedAmount(Owner.unit(1), "Acme", "Acme", 0, both, Attainability(2, 6)),
        ProposedAmount(Owner.unit(2), "Acme/East", "Acme/East", 1, both, Attainability(2, 6)),
        ProposedAmount(Owner.person(7), "Ada Okafor", "E7", 2, own, Attainability(3, 6)),
        ProposedAmount(Owner.person(8), "Ben", "E8", 2, new, None),
    )
    shown = Proposal(4, "sales", "2026-Q3", Owner.unit(1), Terms(Decimal(5), 6), rows, 6)
    return replace(shown, **changes)


def own_targets() -> OwnTargets:
    quarter = tuple((Period.month(2026, number), Decimal(80_000)) for number in (7, 8, 9))
    june = ((Period.month(2026, 6), Decimal(3)),)
    whole = (OwnTarget("sales", Decimal(240_000), quarter), OwnTarget("new_customers", Decimal(3), june))
    return OwnTargets("2026-Q3", whole, (7,))


def targets_of_a_unit() -> tuple[UnitTargets, ...]:
    shown = a_round()
    first = UnitTargets("sales", "2026-Q3", "Acme", Decimal(9000), Decimal(2100), shown.parts)
    return (first, replace(first, indicator="new_customers", amount=None, rest=None))
