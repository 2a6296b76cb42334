"""Statements with every part there is, and a company that pays."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.disputes.rules import DisputeState
from domain.incentives.model import LineKind
from domain.incentives.payrolls import MonthOfPay
from domain.incentives.rules_law import Blocked
from domain.incentives.rules_pay import Part
from domain.incentives.rules_terms import TermKind
from domain.incentives.statements import PayLine, Statement, TermView, Withheld
from domain.periods import Period
from domain.plans.rules_incentives import PoolShare
from domain.scoring.rules_cards import CardStatus
from tests.bot.builders import JUNE
from tests.builders import SALES_PLAN
from tests.domain.pay_builders import BANDS

MAY = Period.parse("2026-05")
PAYING_PLAN = f'{SALES_PLAN}\n[incentives]\ncurrency = "CNY"\nbase = 500\n{BANDS}'

_CREDITED = {"indicator": "some sales", "credited": "1200", "own": "1000"}
_BAND = {**_CREDITED, "target": "1000", "attainment": "1.2", "amount": "200"}
_POOL = {"indicator": "team sales", "attainment": "0.9", "factor": "0.5", "amount": "300", "members": 3}
_POOL |= {"pool": 45_000, "weight": "80", "of": "240"}
_SOLD = {"measure": "owed", "value": "600"}

FACTS: tuple[tuple[Part, str, dict[str, Any]], ...] = (
    (Part.BASE, "", {"base": "500", "eligible_days": 12, "days": 30, "term_id": 3}),
    (Part.RATE, "per customer", {"measure": "newcomers", "value": "4"}),
    (Part.BAND, "2", {**_BAND, "from": "0.8", "to": "1"}),
    (Part.BAND, "3", {**_BAND, "from": "1", "to": None}),
    (Part.OWN_RATE, "", {**_CREDITED, "term_id": 3}),
    (Part.UNPAID, "", {**_CREDITED, "reason": "no_target"}),
    (Part.QUALITY, "", {"of": 1200, "factor": "1.1", "tier": "Tier S"}),
    (Part.QUALITY, "", {"of": 1200, "factor": "0.5", "indicator": "arrears", "reading": "0.05"}),
    *((Part.POOL, "", {**_POOL, "by": by}) for by in PoolShare),
    (Part.CAP, "", {"cap": "900", "of": 100_000}),
    (Part.DEDUCTION, "breaches", {"measure": "breach", "value": "2", "wanted": 400}),
    (Part.DEDUCTION, "losses", {"measure": "loss", "value": "2", "wanted": 400, "blocked": Blocked.NO_WAGE}),
    (Part.CLAWBACK, "late payers", {**_SOLD, "loss": True, "limit": "1364", "before": 0, "now": -900}),
    (Part.CLAWBACK, "refunds", {**_SOLD, "loss": True, "blocked": Blocked.NO_MINIMUM_WAGE}),
    (Part.CLAWBACK, "returns", {**_SOLD, "loss": False, "still_paid": 500}),
    (Part.CARRIED, "", {"short": 700, "before": 0}),
    (Part.TAKEN, "1", {"because": "paid twice", "loss": False}),
    (Part.BAND, "1", {"before": 800, "now": 0}),
)


def a_pay_line(number: int, part: Part, name: str, facts: dict[str, Any]) -> PayLine:
    """Of May where it settles something, else of June."""
    earned = MAY if "before" in facts else JUNE
    amount = Decimal("12.34")
    return PayLine(number, earned, LineKind.ACCRUAL, part, name, amount, "CNY", "0.02", facts)


def a_statement(**changes: Any) -> Statement:
    """Of June, with one line of each sort; the first two are disputed."""
    lines = tuple(a_pay_line(number, *one) for number, one in enumerate(FACTS, start=1))
    shown = Statement(
        person_id=7,
        employee_id="Id 7",
        name="Person 7",
        period=JUNE,
        lines=lines,
        totals=(("CNY", Decimal("246.80")), ("JPY", Decimal(12))),
        withheld=None,
        terms=tuple(a_term(kind) for kind in TermKind),
        carried=((MAY, Decimal("7.00"), "CNY"),),
        disputes={1: DisputeState.OPEN, 2: DisputeState.ANSWERED},
        is_accrued=True,
        is_paid=False,
        is_own=True,
    )
    return replace(shown, **changes)


def a_withheld_one() -> Statement:
    why = Withheld(CardStatus.INCOMPLETE, None, ("won_amount", "hushed"))
    return a_statement(lines=(), totals=(), withheld=why, carried=(), terms=(), is_own=False)


def a_term(kind: TermKind) -> TermView:
    return TermView(kind, Decimal("0.025"), date(2026, 6, 1), f"a reason for the {kind}")


def a_month_of_pay(**changes: Any) -> MonthOfPay:
    totals = (("CNY", Decimal("1234.50")), ("JPY", Decimal(3)))
    month = MonthOfPay(JUNE, 8, totals, is_paid=False, is_whole=True)
    return replace(month, **changes)
