"""A plan that HR looks at, and what a draft of it would have changed."""

from decimal import Decimal

from domain.plans.rules_file import parse_plan
from domain.previews.drafts import Outcome, PlanNow, Told
from tests.domain.scoring_builders import HEAD, MISS, OVERDUE, SALES, TIERS, VIOLATIONS
from tests.domain.test_plan_history_rules import BY_TIER, GROWTH, RETURNS

PLAN = parse_plan(HEAD + BY_TIER + OVERDUE + GROWTH + RETURNS + VIOLATIONS + TIERS + MISS)
NOW = PlanNow(3, "plan in force", "family", "2026-01", "2026-07", HEAD + SALES + TIERS + MISS)
TIER_STARTS = [("S", Decimal(110)), ("A", Decimal(95)), ("B", Decimal(70)), ("C", Decimal(0))]


def standing(score: str | None, tier: str | None, place: int | None) -> dict[str, object]:
    return {"score": score, "tier": tier, "place": place, "out_of": place and 60, "company_place": place}


def a_change(number: int, *, gone: bool = False) -> Told:
    after = standing(None, None, None) if gone else standing("71.20", f"tier {number % 3}", number + 1)
    return Told(
        "2026-06",
        f"Id {number}",
        f"Person {number}",
        f"Acme/Unit {number % 4}",
        standing("69.95", "tier before", number + 2),
        after,
    )


def an_outcome(changes: int = 60) -> Outcome:
    return Outcome(
        tiers=(("tier 1", 20, 30), ("tier 2", 40, 30)),
        cards=120,
        changes=changes + 7,
        tier_changes=changes // 2,
        told=tuple(a_change(number, gone=number == 1) for number in range(changes)),
    )
