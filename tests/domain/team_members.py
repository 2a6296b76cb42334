"""People of a team with cards, for tests of what their cards say together."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.scoring.rules_cards import CardStatus, LineKind, Miss, Reason
from domain.scoring.rules_teams import Member, MemberLine
from tests.domain.scoring_builders import plan

PLAN = plan()
"""Sales against a target, an overdue rate, violations; gates at 5 % overdue and at a violation."""


def a_member(
    employee_id: str = "E1", sales: Any = 900, target: Any = 1000, overdue: Any = 1, **changes: Any
) -> Member:
    """Somebody with a complete card: 90 % of the target, 1 % overdue, no violations, 85 points, tier B."""
    person_id = int(employee_id[1:])
    member = Member(
        person_id=person_id,
        employee_id=employee_id,
        name=f"Name of {employee_id}",
        unit_id=1,
        unit_name="West",
        plan=PLAN,
        status=CardStatus.COMPLETE,
        score=Decimal("85.00"),
        tier="B",
        rank=person_id,
        out_of=9,
        miss=Miss.MISS,
        unranked_because=None,
        missing=(),
        eligible_days=30,
        unjudged_because=None,
        on_leave=False,
        employed=True,
        lines=lines(sales, target, overdue),
    )
    return replace(member, **changes)


def running(employee_id: str = "E1", sales: Any = 900, **changes: Any) -> Member:
    """The same while the period runs: no tier, no miss."""
    so_far: dict[str, Any] = {"status": CardStatus.RUNNING, "tier": None, "miss": None}
    return a_member(employee_id, sales, **{**so_far, **changes})


def incomplete(employee_id: str, **changes: Any) -> Member:
    """Nobody reported what was won."""
    unknown: dict[str, Any] = {
        "status": CardStatus.INCOMPLETE,
        "score": None,
        "tier": None,
        "rank": None,
        "miss": Miss.EXEMPT,
        "unranked_because": Reason.NOT_COVERED,
        "missing": ("won_amount",),
    }
    return a_member(employee_id, sales=None, **{**unknown, **changes})


def lines(
    sales: Any, target: Any, overdue: Any, violations: Any = 0, balance: Any = 100_000
) -> tuple[MemberLine, ...]:
    """`overdue`, in percent of a balance of 100 000; its points are made up below 5 %."""
    return (
        MemberLine(LineKind.INDICATOR, "sales", _decimal(sales), _decimal(target), Decimal(80)),
        MemberLine(
            LineKind.INDICATOR,
            "overdue_rate",
            Decimal(1000) * Decimal(overdue),
            Decimal(balance),
            Decimal(110) if Decimal(overdue) < 2 else Decimal(63),
        ),
        MemberLine(LineKind.DEDUCTION, "violations", _decimal(violations), None, Decimal(5)),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
