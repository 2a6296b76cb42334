"""A case that the law allows, to be spoilt one fact at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from domain.exits.rules_facts import (
    Assessment,
    CaseFacts,
    Delivery,
    Exam,
    Ground,
    Notice,
    Opinion,
    Peers,
    Policy,
    Reason,
    Tasks,
    Training,
    Union,
    Wages,
)
from domain.exits.rules_findings import Act, Finding
from domain.plans.rules import Bound, Comparison

NOTICE_ON = date(2026, 11, 2)
LAST_DAY = date(2026, 12, 2)

FIRST = Assessment(
    start=date(2026, 1, 1),
    end=date(2026, 6, 30),
    result=Fraction(66, 100),
    required=Bound(Comparison.AT_LEAST, Decimal("0.7")),
    judged_on=date(2026, 7, 6),
    judged_by="H1",
)
SECOND = Assessment(
    start=date(2026, 7, 1),
    end=date(2026, 9, 30),
    result=Fraction(64, 100),
    required=Bound(Comparison.AT_LEAST, Decimal("0.9")),
    judged_on=date(2026, 10, 9),
    judged_by="M1",
)
TRAINING = Training(
    name="Winning new customers",
    start=date(2026, 7, 8),
    end=date(2026, 8, 14),
    team_meeting=False,
    by_employer=True,
    aimed_at=frozenset({"new_customers"}),
    sessions=6,
    attended=6,
    material="Workbook, 2nd edition",
    exams=(Exam(date(2026, 8, 21), Decimal(71), passed=True),),
)
POLICY = Policy("Assessment", "3", date(2025, 10, 8), date(2025, 11, 3), date(2025, 11, 10))
WAGES = Wages(
    months={f"{year}-{month:02}": Decimal(8000) for year in (2025, 2026) for month in range(1, 13)},
    minimum=Decimal(2500),
    city_average=Decimal(12000),
)
LAWFUL = CaseFacts(
    ground=Ground.INCOMPETENCE,
    reasons=frozenset({Reason.STANDARD_NOT_MET}),
    reason_in_words="64 % of the agreed target over the plan's three months, against 90 %.",
    service_start=date(2021, 5, 1),
    effective_on=LAST_DAY,
    first=FIRST,
    help=TRAINING,
    second=SECOND,
    gap=frozenset({"sales", "new_customers"}),
    raised=(),
    peers=Peers(all=44, met=40),
    probation_until=date(2021, 7, 31),
    policy=POLICY,
    checked_on={
        Act.DECISION: date(2026, 10, 12),
        Act.NOTICE: NOTICE_ON,
        Act.EFFECTIVE: LAST_DAY,
    },
    retirement_on=date(2050, 1, 1),
    union=Union(
        exists=True,
        told_on=date(2026, 10, 14),
        opinion=Opinion.OBJECTS,
        answered_on=date(2026, 10, 20),
    ),
    notice=Notice(NOTICE_ON, Delivery.SIGNED, proof="receipt 17"),
    wages=WAGES,
    deductions=(),
    other_exits=(),
    headcount=50,
    decided_by="H1",
    tasks=Tasks(
        certificate_on=LAST_DAY,
        files_and_insurance_on=date(2026, 12, 10),
        severance_on=LAST_DAY,
        neutral_notice=True,
    ),
)
"""Every fact is there and in order."""

DAYS: Mapping[Act, date] = {
    Act.DECISION: date(2026, 10, 12),
    Act.NOTICE: NOTICE_ON,
    Act.EFFECTIVE: LAST_DAY,
    Act.CLOSING: date(2026, 12, 15),
}
"""When each act is done."""


def case(**changes: Any) -> CaseFacts:
    """The lawful case with some facts changed."""
    return replace(LAWFUL, **changes)


def by_rule(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.rule: finding for finding in findings}
