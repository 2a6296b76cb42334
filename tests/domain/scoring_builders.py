"""Plans, windows and people for tests of the scoring engine."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from domain.metrics.rules import Coverage
from domain.periods import Period
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import Card, Line
from domain.scoring.rules_inputs import (
    DaySpan,
    Employment,
    PersonInput,
    TargetAmount,
    Window,
    scoring_window,
)

MARCH = Period.parse("2026-03")
LONG_AGO, FAR_AHEAD = date(2020, 1, 1), date(2100, 1, 1)
ALL_COVERED = Coverage.of([("*", LONG_AGO, FAR_AHEAD)])

HEAD = """
name = "test"
job_family = "sales"
from = "2020-01"
"""
TIERS = """
[[tiers]]
name = "S"
from = 110
[[tiers]]
name = "A"
from = 95
[[tiers]]
name = "B"
from = 70
[[tiers]]
name = "C"
from = 0
"""
MISS = """
[miss]
indicator = "sales"
below = 1.0
"""
SALES = """
[[indicators]]
name = "sales"
measure = "won_amount"
weight = 40
curve = [[0.5, 0], [0.8, 60], [1.0, 100], [1.2, 120]]
"""
OVERDUE = """
[[indicators]]
name = "overdue_rate"
ratio = ["overdue_amount", "loan_balance"]
weight = 20
curve = [[0.00, 120], [0.02, 100], [0.05, 60], [0.10, 0]]
"""
VIOLATIONS = """
[[deductions]]
name = "violations"
measure = "violations"
points = 5
cap = 20
"""
GATES = """
[[gates]]
ratio = ["overdue_amount", "loan_balance"]
above = 0.05
cap = "B"
[[gates]]
measure = "violations"
at_least = 1
cap = "A"
"""
HEALTHY_LOANS = {"overdue_amount": 10, "loan_balance": 1000}
"""Values: 1 % overdue."""


def plan(*parts: str, head: str = "") -> Plan:
    """A plan of these parts, tiers S A B C and a miss below the target of "sales"."""
    return parse_plan(HEAD + head + "".join(parts or (SALES, OVERDUE, VIOLATIONS, GATES)) + TIERS + MISS)


def line_plan(curve: str = "[[0, 0], [1, 100], [2, 200]]", head: str = "") -> Plan:
    """One indicator, "sales", whose points are 100 × its reading."""
    indicator = f'[[indicators]]\nname = "sales"\nmeasure = "won_amount"\nweight = 1\ncurve = {curve}\n'
    return plan(indicator, head=head)


def ended(period: Period | str, of: Plan | None = None, coverage: Coverage = ALL_COVERED) -> Window:
    """The window of a period that is over."""
    period = Period.parse(period) if isinstance(period, str) else period
    return scoring_window(of or plan(), period, coverage, period.end)


def target(amount: str | int, period: Period | str = MARCH, since: date | None = None) -> TargetAmount:
    period = Period.parse(period) if isinstance(period, str) else period
    return TargetAmount(period, Decimal(amount), since)


def person(
    values: Mapping[str, str | int] | None = None,
    targets: Iterable[TargetAmount] = (),
    hired_on: date = LONG_AGO,
    left_on: date | None = None,
    leaves: Iterable[DaySpan] = (),
) -> PersonInput:
    """Somebody with targets for "sales"; hired long ago, unless told otherwise."""
    return PersonInput(
        "E1",
        Employment(hired_on, left_on),
        tuple(leaves),
        {"sales": tuple(targets)},
        {measure: Decimal(value) for measure, value in (values or {}).items()},
    )


def score(of: Plan, who: PersonInput, period: Period | str = MARCH) -> Card:
    """The card of a person for a period that is over and wholly covered."""
    return score_person(of, ended(period, of), who)


def line(card: Card, name: str) -> Line:
    return next(line for line in card.lines if line.name == name)


def target_of(card: Card) -> Decimal | None:
    """Of "sales"."""
    found = line(card, "sales").target
    return found.amount if found else None
